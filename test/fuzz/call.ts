import type { APIGatewayProxyEventV2 } from 'aws-lambda';
import { doorEvent } from '../support/door-event.ts';

/** A request as its sender wrote it: nothing in it has been made regular. */
export interface FuzzCall {
  readonly method: 'POST' | 'GET';
  /** Path and query. */
  readonly target: string;
  readonly headers: readonly (readonly [name: string, value: string])[];
  readonly body: Buffer;
}

/**
 * How the gateway hands a body over. It takes some for text and others for bytes; the last two are a gateway that says
 * the one and does the other.
 */
export const deliveries = ['base64', 'text', 'text-called-base64', 'base64-called-text'] as const;
export type Delivery = (typeof deliveries)[number];

export const routes = [
  'POST /{network}/domain-added',
  'POST /{network}/domain-removed',
  'POST /{network}/ssl-retry',
  'POST /{network}/hooks/{token}/domain-created',
  'GET /{network}/domains/{domain}',
  'GET /{network}/domains',
  'GET /{network}/connection',
] as const;
export type Route = (typeof routes)[number];

const matchOf = (route: Route, method: string, path: string): Record<string, string> | undefined =>
  new RegExp(`^${route.replace(/\{(\w+)\}/g, '(?<$1>[^/]+)')}$`).exec(`${method} ${path}`)?.groups;

const decoded = (part: string): string => {
  try {
    return decodeURIComponent(part);
  } catch {
    return part;
  }
};

/** HTTP API joins what is repeated with commas. */
const joined = (pairs: Iterable<readonly [string, string]>): Record<string, string> => {
  const all = new Map<string, string>();
  for (const [name, value] of pairs) {
    const before = all.get(name);
    all.set(name, before === undefined ? value : `${before},${value}`);
  }
  return Object.fromEntries(all);
};

const handedOver = (body: Buffer, delivery: Delivery) => {
  const isText = delivery === 'text' || delivery === 'text-called-base64';
  return {
    body: isText ? body.toString('utf8') : body.toString('base64'),
    isBase64Encoded: delivery === 'base64' || delivery === 'text-called-base64',
  };
};

/** The event that an HTTP API makes of it for Lambda; undefined: no route fits, and no function is called. */
export const delivered = (call: FuzzCall, delivery: Delivery): APIGatewayProxyEventV2 | undefined => {
  const { method, target, headers } = call;
  const [path = '', ...query] = target.split('?');
  for (const routeKey of routes) {
    const groups = matchOf(routeKey, method, path);
    if (groups === undefined) continue;
    const event = doorEvent({
      routeKey,
      path,
      pathParameters: Object.fromEntries(Object.entries(groups).map(([name, part]) => [name, decoded(part)])),
      query: joined(new URLSearchParams(query.join('?'))),
      headers: joined(
        headers.map(([name, value]) => [name.toLowerCase(), value.replace(/^[ \t]+|[ \t]+$/g, '')] as const),
      ),
    });
    return method === 'GET' ? event : { ...event, ...handedOver(call.body, delivery) };
  }
  return undefined;
};
