import type { APIGatewayProxyEventV2 } from 'aws-lambda';
import { signatureHeaders } from '../../support/api/sign.ts';
import { networks, now } from '../networks.ts';
import type { Plant } from './plant.ts';

type See = (event: APIGatewayProxyEventV2) => APIGatewayProxyEventV2;

/** An API handler that does not see a call as it was sent, and lets in what it should not. */
function seeing(see: See): Plant['planted'] {
  return (api) => (event, services) => api(see(event), services);
}

type Headers = APIGatewayProxyEventV2['headers'];

function withHeaders(updateItem: (headers: Headers, event: APIGatewayProxyEventV2) => Headers): See {
  return (event) => ({ ...event, headers: updateItem(event.headers, event) });
}

function changed(headers: Headers, part: string, updateItem: (value: string) => string): Headers {
  return Object.fromEntries(
    Object.entries(headers).map(([name, value = '']) => [
      name,
      name.startsWith(part) ? updateItem(value) : value,
    ]),
  );
}

function inBase64(
  { body = '', isBase64Encoded }: APIGatewayProxyEventV2,
  updateItem: (bytes: Buffer) => Buffer,
) {
  return {
    body: updateItem(Buffer.from(body, isBase64Encoded ? 'base64' : 'utf8')).toString('base64'),
    isBase64Encoded: true,
  };
}

/** Faults in what an API handler sees. */
export const blindPlants: readonly Plant[] = [
  {
    name: 'an API handler that takes whatever is signed at all',
    breaks: /^answers 202, not 401/,
    planted: seeing(
      withHeaders((headers, { body = '', isBase64Encoded, pathParameters }) => {
        const [secret = ''] = networks.get(pathParameters?.network ?? '')?.relaySecrets ?? [];
        if (secret === '' || headers['webhook-signature'] === undefined) return headers;
        const text = Buffer.from(body, isBase64Encoded ? 'base64' : 'utf8').toString();
        return { ...headers, ...signatureHeaders(text, { secrets: [secret], id: 'msg_1', nowMs: now }) };
      }),
    ),
  },
  {
    name: 'an API handler that reads the last of repeated headers',
    breaks: /^answers 202, not 401/,
    planted: seeing(
      withHeaders((headers) => changed(headers, 'webhook-id', (value) => value.split(',').at(-1) ?? '')),
    ),
  },
  {
    name: 'an API handler that accepts an encoding of the content',
    breaks: /^answers \d+, not 415/,
    planted: seeing(withHeaders(({ 'content-encoding': _, ...headers }) => headers)),
  },
  {
    name: 'an API handler that takes any content type with JSON in it',
    breaks: /^answers \d+, not 415/,
    planted: seeing(
      withHeaders((headers) =>
        changed(headers, 'content-type', (value) => (value.includes('json') ? 'application/json' : value)),
      ),
    ),
  },
  {
    name: 'an API handler that reads no further than it may',
    breaks: /^answers \d+, not 413/,
    planted: seeing((event) => ({ ...event, ...inBase64(event, (bytes) => bytes.subarray(0, 16_384)) })),
  },
  {
    name: 'an API handler that ignores the flag of base64',
    breaks: /^answers (202|40[01]), not /,
    planted: seeing((event) => ({ ...event, isBase64Encoded: (event.body ?? '').startsWith('ey') })),
  },
  {
    name: 'a read that takes a token of any network',
    breaks: /^answers 200, not 401/,
    planted: seeing(
      withHeaders((headers, { pathParameters }) => {
        const [own = ''] = networks.get(pathParameters?.network ?? '')?.readTokens ?? [];
        return changed(headers, 'authorization', (value) =>
          value.includes('network-other') ? `Bearer ${own}` : value,
        );
      }),
    ),
  },
];
