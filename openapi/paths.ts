import type { JsonSchema } from './annotated.ts';
import {
  acceptedExample,
  connectionExample,
  domainPageExample,
  domainStatusExample,
  sampleEvent,
} from './examples.ts';
import { jsonReply, problems, readReply, schemaRef } from './replies.ts';

const networkParameter = { $ref: '#/components/parameters/network' };

function body(schema: JsonSchema, examples: Readonly<Record<string, string>>): JsonSchema {
  const values = Object.entries(examples).map(([name, file]) => [name, { value: sampleEvent(file) }]);
  return {
    required: true,
    content: { 'application/json': { schema, examples: Object.fromEntries(values) } },
  };
}

const acceptedReply = jsonReply(
  'The ledger has recorded the event, or knew it already, or knows a newer update',
  'Accepted',
  acceptedExample,
);

interface SignedEvent {
  readonly id: string;
  readonly summary: string;
  readonly schema: string;
  readonly examples: Readonly<Record<string, string>>;
}

function signedEvent({ id, summary, schema, examples }: SignedEvent): JsonSchema {
  return {
    post: {
      operationId: id,
      tags: ['events'],
      summary,
      security: [{ webhookSignature: [] }],
      parameters: [
        networkParameter,
        ...['webhookId', 'webhookTimestamp'].map((name) => ({ $ref: `#/components/parameters/${name}` })),
      ],
      requestBody: body(schemaRef(schema), examples),
      responses: { 202: acceptedReply, ...problems(400, 401, 413, 415, 422, 429, 500, 503) },
    },
  };
}

function read(
  id: string,
  summary: string,
  reply: JsonSchema,
  statuses: readonly number[],
  parameters: readonly JsonSchema[],
) {
  return {
    get: {
      operationId: id,
      tags: ['reads'],
      summary,
      security: [{ readToken: [] }],
      parameters: [networkParameter, ...parameters],
      responses: { 200: reply, ...problems(...statuses, 429, 500, 503) },
    },
  };
}

const hook: JsonSchema = {
  post: {
    operationId: 'builtInDomainCreated',
    tags: ['events'],
    summary: 'The built-in webhook of Ultimate Multisite says that a customer added a domain',
    description:
      'It cannot sign, so the path holds a token (RELAY_HOOK_TOKEN). Further fields are dropped unread.',
    security: [{}],
    parameters: [networkParameter, { $ref: '#/components/parameters/hookToken' }],
    requestBody: body(
      { anyOf: [schemaRef('BuiltInDomainCreated'), schemaRef('BuiltInTest')] },
      { created: '08-built-in-domain-created', test: '09-built-in-test' },
    ),
    responses: {
      200: {
        description: 'The answer to a test event, in one sentence. Nothing is changed',
        content: { 'text/plain': { schema: { type: 'string' } } },
      },
      202: acceptedReply,
      ...problems(400, 401, 413, 415, 422, 429, 500, 503),
    },
  },
};

/** Every route, as in serverless.yml. */
export const paths: Readonly<Record<string, JsonSchema>> = {
  '/{network}/domain-added': signedEvent({
    id: 'domainAdded',
    summary: 'A domain is wanted',
    schema: 'DomainAdded',
    examples: { subdomain: '01-domain-added', apex: '02-domain-added-twice', unicode: '03-domain-added-idn' },
  }),
  '/{network}/domain-removed': signedEvent({
    id: 'domainRemoved',
    summary: 'A domain is no longer wanted',
    schema: 'DomainRemoved',
    examples: { removed: '05-domain-removed' },
  }),
  '/{network}/ssl-retry': signedEvent({
    id: 'sslRetry',
    summary: 'A domain needs its certificate now',
    schema: 'SslRetry',
    examples: { retry: '07-ssl-retry' },
  }),
  '/{network}/hooks/{token}/domain-created': hook,
  '/{network}/domains': read(
    'listDomains',
    'The domains of a network, page by page',
    readReply('A page of domains, ordered by name', 'DomainPage', domainPageExample),
    [400, 401],
    ['state', 'limit', 'cursor'].map((name) => ({ $ref: `#/components/parameters/${name}` })),
  ),
  '/{network}/domains/{domain}': read(
    'readDomain',
    'Where a domain stands, why, and what to do about it',
    readReply('What the relay knows of the domain', 'DomainStatus', domainStatusExample),
    [400, 401, 404],
    ['domain', 'live'].map((name) => ({ $ref: `#/components/parameters/${name}` })),
  ),
  '/{network}/connection': read(
    'checkConnection',
    'Checks the secret, the token, the rights, the ids and the SSL mode of a network',
    readReply('Each check with its result; a failure is told here too', 'Connection', connectionExample),
    [401],
    [],
  ),
};
