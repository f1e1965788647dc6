import * as z from 'zod';
import { builtInSchema } from '../../lib/webhook/built-in.ts';
import { domainEventSchema, type EventType, retryEventSchema } from '../../lib/webhook/event.ts';
import { annotated, type JsonSchema, type Notes } from '../annotated.ts';

function inputOf(schema: z.core.$ZodType): JsonSchema {
  const { $schema, ...input } = z.toJSONSchema(schema, { io: 'input' });
  // Unknown fields are ignored.
  return { ...input, additionalProperties: true };
}

const ids: Notes = {
  'data.siteId': { description: 'For reference only: a number, or its digits in a string' },
  'data.domainId': { description: 'For reference only: a number, or its digits in a string' },
};

function signedEvent(type: EventType, schema: z.core.$ZodType, notes: Notes): JsonSchema {
  return annotated(inputOf(schema), {
    type: { const: type, description: 'Must match the path' },
    timestamp: {
      format: 'date-time',
      description:
        'When it happened in the multisite, with milliseconds. It orders the updates of a domain. At most five minutes ahead and thirty days old',
      examples: ['2026-11-21T05:00:00.123Z'],
    },
    'data.domain': {
      description:
        'A public host name. It is normalised: trimmed, lower case, without a trailing dot, as punycode',
      examples: ['shop.acme-bikes.com'],
    },
    'data.www': {
      description: 'Also serve www. whenever that name resolves. Default: only for a registrable domain',
    },
    'data.native': {
      description: 'A subdomain of the network itself, which a wildcard of the web application may cover',
    },
    ...ids,
    ...notes,
  });
}

const ignoredReason = { 'data.reason': { description: 'Ignored' } };

export const eventSchemas = {
  DomainAdded: signedEvent('domain.added', domainEventSchema, ignoredReason),
  DomainRemoved: signedEvent('domain.removed', domainEventSchema, ignoredReason),
  SslRetry: signedEvent('domain.ssl_retry', retryEventSchema, {
    'data.reason': {
      description:
        'dns_ready: the multisite has confirmed that the name reaches it. ssl_failed: a visitor met no valid certificate. Default: manual',
    },
  }),
  BuiltInTest: {
    type: 'object',
    properties: { domain_id: { const: 0 } },
    required: ['domain_id'],
    description: 'Send Test Event: its other fields differ between versions of Ultimate Multisite',
  },
  BuiltInDomainCreated: annotated(inputOf(builtInSchema), {
    domain_id: { description: 'The id of the mapping: the id of the update is wu-<domain_id>' },
    domain_domain: { description: 'A public host name', examples: ['shop.acme-bikes.com'] },
    domain_date_created: {
      description: 'The time of the update, in UTC',
      examples: ['2026-11-21 05:00:00'],
    },
  }),
} satisfies Readonly<Record<string, JsonSchema>>;
