import { z } from 'zod';
import type { Gate, GateCall } from './gate.ts';

const eventSchema = z.object({
  type: z.string(),
  timestamp: z.iso.datetime(),
  data: z.looseObject({ domain: z.string() }),
});

export type SentEvent = z.infer<typeof eventSchema> & {
  readonly id: string;
  readonly route: string;
  readonly status: number | undefined;
};

function toEvent(call: GateCall): SentEvent {
  return {
    ...eventSchema.parse(JSON.parse(call.body)),
    id: z.string().parse(call.headers['webhook-id']),
    route: call.path,
    status: call.status,
  };
}

/** The events about a domain that reached the relay's address, in order; every try of each. */
export function sentAbout(gate: Gate, domain: string): SentEvent[] {
  return (
    gate.calls
      // A test of the connection posts an event without content.
      .filter(({ method, body }) => method === 'POST' && body !== '{}')
      .map(toEvent)
      .filter(({ data }) => data.domain === domain)
  );
}
