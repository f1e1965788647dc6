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

const toEvent = (call: GateCall): SentEvent => ({
  ...eventSchema.parse(JSON.parse(call.body)),
  id: z.string().parse(call.headers['webhook-id']),
  route: call.path,
  status: call.status,
});

/** The events about a domain that reached the relay's address, in order; every try of each. */
export const sentAbout = (gate: Gate, domain: string): SentEvent[] =>
  gate.calls
    // A test of the connection posts an event without content.
    .filter(({ method, body }) => method === 'POST' && body !== '{}')
    .map(toEvent)
    .filter(({ data }) => data.domain === domain);
