import * as z from 'zod/mini';
import { errorCode, list, orNull } from './fields.ts';

const attempt = z.object({ op: z.enum(['add', 'remove', 'update']), startedAt: z.number() });

const backoff = z.object({
  since: z.number(),
  until: z.number(),
  counter: z.enum(['waitedMs', 'refusedMs']),
});

const owedDeadLetter = z.object({
  kind: z.literal('dead-letter'),
  id: z.string(),
  revision: z.number(),
  code: z.union([errorCode, z.enum(['callback-refused', 'callback-unavailable'])]),
  reason: z.string(),
  firstFailureAt: z.number(),
  lastFailureAt: z.number(),
});

const owedOutcome = z.object({
  kind: z.literal('outcome'),
  id: z.string(),
  about: z.enum(['hosting', 'certificate']),
  type: z.enum(['domain.settled', 'domain.failed']),
  state: z.string(),
  reason: orNull(z.string()),
  message: orNull(z.string()),
  fix: orNull(z.string()),
  inReplyTo: orNull(z.string()),
  at: z.number(),
  toMultisite: z._default(z.boolean(), true),
});

/** The fields that every kind of work has. */
export const schedule = {
  revision: z.number(),
  dueAt: orNull(z.number()),
  sendAt: orNull(z.number()),
  attempts: z.number(),
  waitedMs: z.number(),
  refusedMs: z.number(),
  backoff: orNull(backoff),
  firstFailureAt: orNull(z.number()),
  owner: orNull(z.string()),
  leaseUntil: orNull(z.number()),
  attempt: orNull(attempt),
  ambiguousUntil: orNull(z.number()),
  crashes: z.number(),
  toSend: list(z.discriminatedUnion('kind', [owedDeadLetter, owedOutcome])),
};
