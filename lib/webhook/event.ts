import * as z from 'zod/mini';
import { parsedWith } from '../parsed-with.ts';
import type { CertificateRetry } from '../sync/ledger/desired-state.ts';
import { BadEvent } from './bad-event.ts';
import { normalizeDomain } from './domain-name.ts';
import { idSchema, must, parseJson, shaped } from './shape.ts';
import { freshInstant, parseTimestamp } from './timestamp.ts';

export type EventType = 'domain.added' | 'domain.removed' | 'domain.ssl_retry';

/** An event with its names normalised, its defaults filled in and its time in UTC. */
export interface DomainEvent extends Omit<CertificateRetry, 'network' | 'version' | 'www'> {
  /** Null: the event does not say. */
  readonly www: boolean | null;
  /** RFC 3339, UTC, three digits of milliseconds. */
  readonly timestamp: string;
}

const flag = z.nullish(z.boolean({ error: 'Must be true or false' }));

const timestampSchema = parsedWith(
  z.string({ error: must('Must be a string') }),
  (text, refuse) =>
    parseTimestamp(text) ?? refuse('Must be an RFC 3339 time, as in 2026-11-21T05:00:00.123Z'),
);

type Reason = CertificateRetry['reason'];

const retryReasonSchema = z.nullish(
  z.enum(['dns_ready', 'ssl_failed', 'manual'], { error: 'Must be dns_ready, ssl_failed or manual' }),
);

function eventSchema(reason: z.ZodMiniType<Reason | null | undefined>) {
  return z.object(
    {
      type: z.string({ error: must('Must be a string') }),
      timestamp: timestampSchema,
      data: z.object(
        {
          domain: z.string({ error: must('Must be a string') }),
          siteId: z.nullish(idSchema),
          domainId: z.nullish(idSchema),
          www: flag,
          native: flag,
          reason,
        },
        { error: must('Must be an object') },
      ),
    },
    { error: 'Must be an object' },
  );
}

export const retryEventSchema = eventSchema(retryReasonSchema);
// For other events `reason` is an unknown field, so a bad value is ignored.
export const domainEventSchema = eventSchema(z.catch(retryReasonSchema, null));

/** The normal form of the name in the field `path`. Throws `BadEvent`. */
export function domainAt(path: string, raw: string): string {
  const name = normalizeDomain(raw);
  if (!name.ok) throw new BadEvent('bad-domain', [{ path, message: name.message }]);
  return name.domain;
}

/** Parses an event of the expected type from bytes whose signature is verified. Throws `BadEvent`. */
export function parseEvent(body: Uint8Array, expected: EventType, nowMs: number): DomainEvent {
  const schema = expected === 'domain.ssl_retry' ? retryEventSchema : domainEventSchema;
  const { type, timestamp, data } = shaped(parseJson(body), schema);
  if (type !== expected) {
    throw new BadEvent('wrong-type', [{ path: 'type', message: `Must be ${expected} on this path` }]);
  }
  const domain = domainAt('data.domain', data.domain);
  return {
    timestamp: freshInstant(timestamp, nowMs, 'timestamp'),
    domain,
    www: data.www ?? null,
    native: data.native ?? false,
    siteId: data.siteId ?? null,
    domainId: data.domainId ?? null,
    reason: data.reason ?? 'manual',
  };
}
