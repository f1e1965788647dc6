import type { JsonSchema } from './annotated.ts';
import { domainOutcomeExample, pauseOutcomeExample } from './examples.ts';
import { schemaRef } from './replies.ts';

interface OutcomeWebhook {
  readonly id: string;
  readonly summary: string;
  readonly schema: string;
  readonly example: object;
}

function outcome({ id, summary, schema, example }: OutcomeWebhook): JsonSchema {
  return {
    post: {
      operationId: id,
      tags: ['outcomes'],
      summary,
      security: [{ webhookSignature: [] }],
      parameters: ['webhookId', 'webhookTimestamp'].map((name) => ({
        $ref: `#/components/parameters/${name}`,
      })),
      requestBody: {
        required: true,
        content: {
          'application/json': { schema: schemaRef(schema), examples: { example: { value: example } } },
        },
      },
      responses: {
        '2XX': {
          description: 'The receiver has it. It is delivered at least once, always with the same webhook-id',
        },
        408: {
          description: 'Sent again with a growing delay, for 15 hours. The same for no answer within 10 s',
        },
        429: { description: 'Sent again, not before Retry-After' },
        '4XX': { description: 'Final: it is not sent again, and becomes a dead letter' },
        '5XX': { description: 'Sent again, not before Retry-After' },
      },
    },
  };
}

/** What the relay posts, signed as events are. Redirects are not followed. */
export const webhooks: Readonly<Record<string, JsonSchema>> = {
  'domain.settled': outcome({
    id: 'onDomainSettled',
    summary: 'A domain or its certificate settled, or an ssl_retry is answered',
    schema: 'DomainOutcome',
    example: domainOutcomeExample,
  }),
  'domain.failed': outcome({
    id: 'onDomainFailed',
    summary: 'The relay gave a domain or its certificate up',
    schema: 'DomainOutcome',
    example: { ...domainOutcomeExample, type: 'domain.failed' },
  }),
  'network.paused': outcome({
    id: 'onNetworkPaused',
    summary: 'The relay stopped the work of a network',
    schema: 'PauseOutcome',
    example: pauseOutcomeExample,
  }),
  'network.resumed': outcome({
    id: 'onNetworkResumed',
    summary: 'The work of a network goes on',
    schema: 'PauseOutcome',
    example: { ...pauseOutcomeExample, type: 'network.resumed' },
  }),
};
