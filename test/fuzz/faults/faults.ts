import type { APIGatewayProxyEventV2 } from 'aws-lambda';
import { z } from 'zod';
import { marker, networks } from '../networks.ts';
import { judge } from '../oracle/oracle.ts';
import type { Answered } from '../world.ts';
import { effectFaults } from './effect-faults.ts';
import { parsed } from './parsed.ts';

const problemSchema = z.strictObject({
  type: z.enum([
    'not-json',
    'bad-shape',
    'wrong-type',
    'bad-domain',
    'too-new',
    'too-old',
    'bad-query',
    'unauthorized',
    'not-found',
    'too-large',
    'unsupported-media-type',
    'protected-domain',
  ]),
  title: z.string(),
  status: z.number(),
  detail: z.string(),
  issues: z.array(z.strictObject({ path: z.string(), message: z.string() })).optional(),
});

/** The one answer a stranger gets, whatever was wrong. */
const unauthorized = JSON.stringify({
  type: 'unauthorized',
  title: 'Unauthorized',
  status: 401,
  detail: 'The network is unknown, or the signature or token is missing, stale or wrong',
});

/** Of an event, and of a read, which may ask for a whole page and read RunCloud too. */
const mostSteps = { POST: 10, GET: 60 };
const mostBytes = 16_384;

/** What no answer, log line or item of the ledger may contain: the secrets, and what this call brought along. */
function unspeakable({ headers, pathParameters }: APIGatewayProxyEventV2): string[] {
  return [
    marker,
    ...[...networks.values()].flatMap(({ relaySecrets, hookTokens, readTokens }) => [
      ...relaySecrets.map((secret) => secret.slice('whsec_'.length)),
      ...hookTokens,
      ...readTokens,
    ]),
    headers['webhook-signature'] ?? '',
    headers['svix-signature'] ?? '',
    headers.authorization ?? '',
    pathParameters?.token ?? '',
  ].filter((text) => text.length >= 12);
}

function bodyFaults(status: number, { body = '', headers = {} }: Answered['reply']): string[] {
  if (status < 400) return [];
  const problem = problemSchema.safeParse(parsed(body));
  const type = headers['Content-Type'];
  return [
    ...(problem.success && problem.data.status === status
      ? []
      : [`answers ${status} with another kind of body`]),
    ...(type === 'application/problem+json' ? [] : [`answers ${status} as ${type}`]),
    ...(status !== 401 || body === unauthorized ? [] : ['tells strangers apart']),
  ];
}

/** What is wrong with an answer; none: it is as the contract says. */
export function faultsOf(event: APIGatewayProxyEventV2, answered: Answered): string[] {
  const { reply, lines, steps, after } = answered;
  const allowed = event.routeKey.startsWith('POST') ? mostSteps.POST : mostSteps.GET;
  const verdict = judge(event);
  const status = reply.statusCode ?? 0;
  const all = [
    reply.body ?? '',
    ...Object.values(reply.headers ?? {}).map(String),
    ...lines,
    JSON.stringify(after),
  ];
  return [
    ...(verdict.statuses.includes(status) ? [] : [`answers ${status}, not ${verdict.statuses.join(' or ')}`]),
    ...bodyFaults(status, reply),
    ...effectFaults(event, verdict.confirmation, answered),
    ...(unspeakable(event).some((text) => all.some((said) => said.includes(text)))
      ? ['says what no caller may read']
      : []),
    ...(Object.values(reply.headers ?? {}).some((value) => /[\r\n]/.test(String(value)))
      ? ['splits a header']
      : []),
    ...(lines.some((line) => line.includes('\n')) ? ['breaks a log line'] : []),
    ...((reply.body ?? '').length > mostBytes ? ['answers at great length'] : []),
    ...(steps > allowed ? [`takes ${steps} steps`] : []),
  ];
}
