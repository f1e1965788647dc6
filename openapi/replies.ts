import { problemTexts } from '../functions/http/problem.ts';
import type { JsonSchema } from './annotated.ts';
import { problemTypesOf } from './schemas/replies.ts';

type Replies = Readonly<Record<string, JsonSchema>>;

export function schemaRef(name: string): JsonSchema {
  return { $ref: `#/components/schemas/${name}` };
}

function json(name: string, examples?: Replies): JsonSchema {
  return { 'application/json': { schema: schemaRef(name), ...(examples && { examples }) } };
}

export function jsonReply(description: string, name: string, example: unknown): JsonSchema {
  return { description, content: json(name, { example: { value: example } }) };
}

/** A read is true only now, and only for its caller. */
export function readReply(description: string, name: string, example: unknown): JsonSchema {
  return {
    ...jsonReply(description, name, example),
    headers: { 'Cache-Control': { required: true, schema: { const: 'no-store' } } },
  };
}

/** What a caller does after each status that is no success. */
const descriptions: Readonly<Record<number, string>> = {
  400: 'The call is wrong: correct the fields that `issues` names, then send it again',
  401: 'The network is unknown, or the signature or token is missing, stale or wrong. The text is the same for all',
  404: 'The relay does not know this domain, or there is no such route',
  413: 'The body has more than 16 KiB',
  415: 'The body is not declared as application/json, or it has a Content-Encoding',
  422: 'The domain is protected: it belongs to the network itself',
  500: 'A bug of the relay; its log tells more',
  503: 'The ledger, a queue or the secret is out of reach. Nothing is confirmed; send the same again after Retry-After',
};

function problemReply(status: number): JsonSchema {
  const examples = problemTypesOf(status).map((type) => {
    const { title, detail } = problemTexts[type];
    const issues = status === 400 ? { issues: [{ path: 'data.domain', message: 'Is missing' }] } : {};
    return [type, { value: { type, title, status, detail, ...issues } }];
  });
  // The gateway answers with messages of its own.
  const fromGateway = [404, 500, 503].includes(status) ? json('GatewayMessage') : {};
  return {
    description: descriptions[status],
    content: {
      'application/problem+json': { schema: schemaRef('Problem'), examples: Object.fromEntries(examples) },
      ...fromGateway,
    },
    ...(status === 503 && { headers: { 'Retry-After': { $ref: '#/components/headers/RetryAfter' } } }),
  };
}

/** The problems that the document names once, as `#/components/responses/<status>`. */
export const problemReplies: Replies = {
  ...Object.fromEntries(Object.keys(descriptions).map((status) => [status, problemReply(Number(status))])),
  429: {
    description:
      'Too many calls of this route at once: the gateway turns some away. Send the same again later',
    content: json('GatewayMessage'),
  },
};

/** References to the problems with these statuses. */
export function problems(...statuses: readonly number[]): Replies {
  return Object.fromEntries(statuses.map((status) => [status, { $ref: `#/components/responses/${status}` }]));
}
