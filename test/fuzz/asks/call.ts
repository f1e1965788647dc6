import type { APIGatewayProxyEventV2 } from 'aws-lambda';
import { apiEvent } from '../../support/api/api-event.ts';
import { joined, pathParametersIn } from '../../support/api/http-api.ts';

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

function handedOver(body: Buffer, delivery: Delivery) {
  const isText = delivery === 'text' || delivery === 'text-called-base64';
  return {
    body: isText ? body.toString('utf8') : body.toString('base64'),
    isBase64Encoded: delivery === 'base64' || delivery === 'text-called-base64',
  };
}

/** The event that an HTTP API makes of it for Lambda; undefined: no route fits, and no function is called. */
export function delivered(call: FuzzCall, delivery: Delivery): APIGatewayProxyEventV2 | undefined {
  const { method, target, headers } = call;
  const [path = '', ...query] = target.split('?');
  for (const routeKey of routes) {
    const pathParameters = pathParametersIn(routeKey, `${method} ${path}`);
    if (pathParameters === undefined) continue;
    const event = apiEvent({
      routeKey,
      path,
      pathParameters,
      query: joined(new URLSearchParams(query.join('?'))),
      headers: joined(
        headers.map(([name, value]) => [name.toLowerCase(), value.replace(/^[ \t]+|[ \t]+$/g, '')] as const),
      ),
    });
    return method === 'GET' ? event : { ...event, ...handedOver(call.body, delivery) };
  }
  return undefined;
}
