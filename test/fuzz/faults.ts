import type { APIGatewayProxyEventV2 } from 'aws-lambda';
import { z } from 'zod';
import { marker, networks } from './networks.ts';
import { judge, mayAccept } from './oracle.ts';
import type { Answered } from './world.ts';

const acceptedSchema = z.object({ network: z.string(), domain: z.string() });
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

/** The one thing a stranger hears, whatever was wrong. */
const unauthorized = JSON.stringify({
  type: 'unauthorized',
  title: 'Unauthorized',
  status: 401,
  detail: 'The network is unknown, or the signature or token is missing, stale or wrong',
});

/** Of an event, and of a read, which may ask for a whole page and look at RunCloud too. */
const mostSteps = { POST: 10, GET: 60 };
const mostBytes = 16_384;

/** What nobody may find in an answer or a log line: the secrets, and what this call brought along. */
const unspeakable = ({ headers, pathParameters }: APIGatewayProxyEventV2): string[] =>
  [
    marker,
    ...[...networks.values()].flatMap(({ relaySecrets, hookTokens, readTokens }) => [
      ...relaySecrets.map((secret) => secret.slice('whsec_'.length)),
      ...hookTokens,
      ...readTokens,
    ]),
    headers['webhook-signature'] ?? '',
    headers.authorization ?? '',
    pathParameters?.token ?? '',
  ].filter((text) => text.length >= 12);

const parsed = (text: string | undefined): unknown => {
  try {
    return JSON.parse(text ?? '');
  } catch {
    return undefined;
  }
};

const bodyFaults = (status: number, { body = '', headers = {} }: Answered['reply']): string[] => {
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
};

/** At 202 exactly one name of that network is in the ledger and on the queue, else nothing is. */
const acceptanceFaults = (
  event: APIGatewayProxyEventV2,
  expected: string | undefined,
  answered: Answered,
): string[] => {
  const { reply, stored, hinted } = answered;
  if (reply.statusCode !== 202) {
    return stored.length + hinted.length === 0 ? [] : [`does something at ${reply.statusCode}`];
  }
  const network = event.pathParameters?.network ?? '';
  const said = acceptedSchema.safeParse(parsed(reply.body)).data;
  const touched: { readonly network: string; readonly domain?: string | undefined }[] = [
    ...stored,
    ...hinted.map(({ hint }) => hint),
    ...(said === undefined ? [] : [said]),
  ];
  const isRight = ({ network: of, domain = '' }: (typeof touched)[number]) =>
    of === network && domain === (expected ?? said?.domain) && mayAccept(of, domain);
  const strange = touched.filter((one) => !isRight(one));
  if (said === undefined) return ['accepts without saying what'];
  return strange.length === 0
    ? []
    : [`accepts ${JSON.stringify(strange)}, not ${expected ?? 'a name of the network'}`];
};

/** What is wrong with an answer; none: it is as the contract says. */
export const faultsOf = (event: APIGatewayProxyEventV2, answered: Answered): string[] => {
  const { reply, lines, steps } = answered;
  const allowed = event.routeKey.startsWith('POST') ? mostSteps.POST : mostSteps.GET;
  const verdict = judge(event);
  const status = reply.statusCode ?? 0;
  const all = [reply.body ?? '', ...Object.values(reply.headers ?? {}).map(String), ...lines];
  return [
    ...(verdict.statuses.includes(status) ? [] : [`answers ${status}, not ${verdict.statuses.join(' or ')}`]),
    ...bodyFaults(status, reply),
    ...acceptanceFaults(event, verdict.name, answered),
    ...(unspeakable(event).some((text) => all.some((said) => said.includes(text)))
      ? ['says what nobody may read']
      : []),
    ...(Object.values(reply.headers ?? {}).some((value) => /[\r\n]/.test(String(value)))
      ? ['splits a header']
      : []),
    ...(lines.some((line) => line.includes('\n')) ? ['breaks a log line'] : []),
    ...((reply.body ?? '').length > mostBytes ? ['answers at great length'] : []),
    ...(steps > allowed ? [`takes ${steps} steps`] : []),
  ];
};
