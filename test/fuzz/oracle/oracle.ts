import { MIMEType } from 'node:util';
import type { APIGatewayProxyEventV2 } from 'aws-lambda';
import { Webhook } from 'standardwebhooks';
import { isKnown } from '../holdings.ts';
import { networks, now } from '../networks.ts';
import type { Confirmation } from './effect.ts';
import { type Reading, readBuiltIn, readSigned } from './event.ts';
import { isNormalName, readName } from './host.ts';

/** The statuses that are right for a call, and what it says if it is let in. */
export interface Verdict {
  readonly statuses: readonly number[];
  readonly confirmation?: Confirmation;
}

function just(...statuses: number[]): Verdict {
  return { statuses };
}

function bytesOf({ body = '', isBase64Encoded }: APIGatewayProxyEventV2) {
  return isBase64Encoded ? Buffer.from(body, 'base64') : Buffer.from(body);
}

function isJson({ headers }: APIGatewayProxyEventV2): boolean {
  try {
    return new MIMEType(headers['content-type'] ?? '').essence === 'application/json';
  } catch {
    return false;
  }
}

const signedHeaders = ['id', 'timestamp', 'signature'] as const;

/** Svix's names count where no other one is there. */
function signedHeader(
  headers: APIGatewayProxyEventV2['headers'],
  part: (typeof signedHeaders)[number],
): string {
  const isStandard = signedHeaders.some((name) => headers[`webhook-${name}`] !== undefined);
  return headers[`${isStandard ? 'webhook' : 'svix'}-${part}`] ?? '';
}

/** As the public package signs: over text, and with the time as a number. */
function isSigned({ headers }: APIGatewayProxyEventV2, body: Buffer, secrets: readonly string[]): boolean {
  const id = signedHeader(headers, 'id');
  const time = signedHeader(headers, 'timestamp');
  const at = new Date(Number(time) * 1_000);
  const isWellFormed = String(Number(time)) === time;
  if (!isWellFormed || Number.isNaN(at.getTime()) || Math.abs(Math.floor(now / 1_000) - Number(time)) > 300)
    return false;
  const offered = signedHeader(headers, 'signature').split(' ');
  return secrets.some((secret) => offered.includes(new Webhook(secret).sign(id, at, body.toString())));
}

/** A network's own name, its `www.`, and the name it is the `www.` of. */
function isOwn(name: string, protectedDomains: readonly string[]): boolean {
  return protectedDomains.some((own) => [own, `www.${own}`].includes(name) || own === `www.${name}`);
}

function afterReading(
  reading: Reading,
  request: Confirmation['request'],
  webhookId: string,
  protectedDomains: readonly string[],
): Verdict {
  if (reading.kind === 'refused') return just(400);
  if (reading.kind === 'test') return just(200);
  const name = readName(reading.name);
  if (name === 'refused') return just(400);
  const version = { timestamp: new Date(reading.at).toISOString(), id: reading.id ?? webhookId };
  const confirmation = { name: typeof name === 'object' ? name.normal : undefined, request, version };
  if (name === 'either') return { statuses: [202, 400, 422], confirmation };
  return isOwn(name.normal, protectedDomains) ? just(422) : { statuses: [202], confirmation };
}

const signedRoutes: Readonly<
  Record<string, { readonly type: string; readonly request: Confirmation['request'] }>
> = {
  'POST /{network}/domain-added': { type: 'domain.added', request: 'present' },
  'POST /{network}/domain-removed': { type: 'domain.removed', request: 'absent' },
  'POST /{network}/ssl-retry': { type: 'domain.ssl_retry', request: 'certificate' },
};

function judgeKnock(event: APIGatewayProxyEventV2): Verdict {
  const body = bytesOf(event);
  if (body.length > 16_384) return just(413);
  if (!isJson(event) || 'content-encoding' in event.headers) return just(415);
  const { network = '', token = '' } = event.pathParameters ?? {};
  const settings = networks.get(network);
  const signed = signedRoutes[event.routeKey];
  if (signed === undefined) {
    if (settings?.hookTokens.includes(token) !== true) return just(401);
    return afterReading(readBuiltIn(body), 'present', '', settings.protectedDomains);
  }
  if (settings === undefined) return just(401);
  // The package signs text only; bytes that are none are no JSON either, so either refusal is right.
  if (!Buffer.from(body.toString()).equals(body)) return just(400, 401);
  if (!isSigned(event, body, settings.relaySecrets)) return just(401);
  const webhookId = signedHeader(event.headers, 'id');
  if (!/^[!-~]+$/.test(webhookId) || webhookId.length > 256) return just(400);
  return afterReading(readSigned(body, signed.type), signed.request, webhookId, settings.protectedDomains);
}

function mayBeCursor(cursor: string): boolean {
  const text = Buffer.from(cursor, 'base64url').toString();
  const name = text.slice(2);
  return text.startsWith('1:') && isNormalName(name) && Buffer.from(text).toString('base64url') === cursor;
}

function isGoodQuery({ queryStringParameters = {}, pathParameters }: APIGatewayProxyEventV2): boolean {
  const { live, limit, state, cursor } = queryStringParameters;
  if (pathParameters?.domain !== undefined) return live === undefined || ['0', '1'].includes(live);
  return (
    (state === undefined || ['open', 'failed', 'waiting-dns'].includes(state)) &&
    (limit === undefined || (/^[0-9]{1,3}$/.test(limit) && Number(limit) >= 1 && Number(limit) <= 100)) &&
    (cursor === undefined || mayBeCursor(cursor))
  );
}

function judgeAsk(event: APIGatewayProxyEventV2): Verdict {
  const { network = '', domain } = event.pathParameters ?? {};
  // Every caller is told that no network can have this name.
  if (event.routeKey.endsWith('/connection') && !/^[a-z0-9-]{1,32}$/.test(network)) return just(200);
  const [scheme = '', token = '', ...more] = (event.headers.authorization ?? '')
    .split(' ')
    .filter((part) => part !== '');
  const isReader = scheme.toLowerCase() === 'bearer' && more.length === 0;
  if (!isReader || networks.get(network)?.readTokens.includes(token) !== true) return just(401);
  if (event.routeKey.endsWith('/connection')) return just(200);
  if (domain === undefined) return just(isGoodQuery(event) ? 200 : 400);
  const name = readName(domain);
  if (name === 'refused' && !domain.includes('%')) return just(404);
  // A name that need be decoded once more, or that Unicode decides about.
  if (typeof name !== 'object') return isGoodQuery(event) ? just(200, 404) : just(400, 404);
  if (!isGoodQuery(event)) return just(400);
  return isKnown(network, name.normal) ? just(200) : just(404);
}

/** The right answer, by docs/reference/api.md alone. */
export function judge(event: APIGatewayProxyEventV2): Verdict {
  return event.routeKey.startsWith('POST') ? judgeKnock(event) : judgeAsk(event);
}

/** Whether an accepted name may be one of that network's. */
export function mayAccept(network: string, name: string): boolean {
  return isNormalName(name) && !isOwn(name, networks.get(network)?.protectedDomains ?? [name]);
}
