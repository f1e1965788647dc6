import { listStates } from '../lib/sync/status/list-domains.ts';
import type { JsonSchema } from './annotated.ts';
import { problemReplies } from './replies.ts';
import { eventSchemas } from './schemas/events.ts';
import { namedSchemas } from './schemas/named.ts';

interface Parameter {
  readonly name: string;
  readonly in: 'path' | 'query' | 'header';
  readonly description: string;
  readonly schema: JsonSchema;
  readonly example?: string | number;
  readonly examples?: Readonly<Record<string, { readonly value: string; readonly summary: string }>>;
}

function parameter({ in: place, ...rest }: Parameter): JsonSchema {
  return { in: place, required: place === 'path', ...rest };
}

const parameters = {
  network: parameter({
    name: 'network',
    in: 'path',
    description: 'The name of the network: its secret has the same name',
    schema: { type: 'string', pattern: '^[a-z0-9-]{1,32}$' },
    example: 'default',
  }),
  domain: parameter({
    name: 'domain',
    in: 'path',
    description: 'A host name; it is normalised as in an event',
    schema: { type: 'string' },
    examples: {
      known: { value: 'shop.acme-bikes.com', summary: 'A domain that an event named' },
      unknown: {
        value: 'never-named.acme-bikes.com',
        summary: 'A domain that no event named: the answer is 404',
      },
    },
  }),
  hookToken: parameter({
    name: 'token',
    in: 'path',
    description: 'A RELAY_HOOK_TOKEN of the network',
    schema: { type: 'string', minLength: 32 },
    example: 'hook-token-of-32-characters-0123',
  }),
  webhookId: {
    ...parameter({
      name: 'webhook-id',
      in: 'header',
      description:
        'Names the event: a retry has the same id. `svix-id` counts where the `webhook-` headers are absent',
      schema: { type: 'string', pattern: '^[!-~]{1,256}$' },
      example: 'evt-57',
    }),
    required: true,
  },
  webhookTimestamp: {
    ...parameter({
      name: 'webhook-timestamp',
      in: 'header',
      description: 'Seconds since the epoch when this try is sent, right within five minutes',
      schema: { type: 'string', pattern: '^[1-9][0-9]{0,11}$' },
      example: '1795237200',
    }),
    required: true,
  },
  state: parameter({
    name: 'state',
    in: 'query',
    description: 'Only the domains in this state. `open`: any scheduled work except `waiting-dns`',
    schema: { type: 'string', enum: [...listStates] },
  }),
  limit: parameter({
    name: 'limit',
    in: 'query',
    description: 'How many domains a page has at most',
    schema: { type: 'integer', minimum: 1, maximum: 100, default: 50 },
  }),
  cursor: parameter({
    name: 'cursor',
    in: 'query',
    description: 'The `cursor` of the page before, as it came',
    schema: { type: 'string' },
  }),
  live: parameter({
    name: 'live',
    in: 'query',
    description: '1: also ask DNS, TLS and RunCloud now',
    schema: { type: 'string', enum: ['0', '1'] },
  }),
};

const securitySchemes = {
  webhookSignature: {
    type: 'apiKey',
    in: 'header',
    name: 'webhook-signature',
    description:
      'Standard Webhooks: `v1,` and the base64 of HMAC-SHA256 over `id.timestamp.body` with the key in RELAY_SECRET (`whsec_…`). Several signatures are separated by blanks',
  },
  readToken: { type: 'http', scheme: 'bearer', description: 'A RELAY_READ_TOKEN of the network' },
};

export const componentsOfDocument: JsonSchema = {
  schemas: { ...eventSchemas, ...namedSchemas() },
  parameters,
  headers: {
    RetryAfter: {
      description: 'Seconds until the same is worth sending again; the gateway leaves it out',
      schema: { type: 'integer', minimum: 1 },
    },
  },
  responses: problemReplies,
  securitySchemes,
};
