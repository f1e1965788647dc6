import * as z from 'zod/mini';
import { parsedWith } from '../parsed-with.ts';
import { type DomainEvent, domainAt } from './event.ts';
import { idSchema, must, parseJson, shaped } from './shape.ts';
import { freshInstant, parseTimestamp } from './timestamp.ts';

/** An event of Ultimate Multisite's own webhook: a test of the connection, or a domain that a customer added. */
export type BuiltInEvent =
  | { readonly kind: 'test' }
  | { readonly kind: 'added'; readonly id: string; readonly event: DomainEvent };

/** "Send Test Event" posts a mock with `domain_id` 0. Its other fields differ between versions. */
const testSchema = z.object({ domain_id: z.union([z.literal(0), z.string().check(z.regex(/^0+$/))]) });

const dateSchema = parsedWith(z.string({ error: must('Must be a string') }), (text, refuse) => {
  // MySQL's form, always in UTC.
  const atMs = /^\S+ \S+$/.test(text) ? parseTimestamp(`${text.replace(' ', 'T')}Z`) : undefined;
  return atMs ?? refuse('Must be a time in UTC, as in 2026-11-21 05:00:00');
});

// The rest of the payload (names, mail and street addresses) is dropped here, unread.
export const builtInSchema = z.object(
  {
    domain_id: idSchema,
    domain_domain: z.string({ error: must('Must be a string') }),
    domain_date_created: dateSchema,
    domain_site_id: z.nullish(idSchema),
    site_id: z.nullish(idSchema),
  },
  { error: 'Must be an object' },
);

/**
 * Parses the payload of the built-in `domain_created` webhook. The event has the mapping's own time and id, so a replay
 * never revives a domain that was removed later. Throws `BadEvent`.
 */
export function parseBuiltIn(body: Uint8Array, nowMs: number): BuiltInEvent {
  const json = parseJson(body);
  if (testSchema.safeParse(json).success) return { kind: 'test' };

  const payload = shaped(json, builtInSchema);
  const domain = domainAt('domain_domain', payload.domain_domain);
  return {
    kind: 'added',
    id: `wu-${payload.domain_id}`,
    event: {
      timestamp: freshInstant(payload.domain_date_created, nowMs, 'domain_date_created'),
      domain,
      www: null,
      native: false,
      siteId: payload.domain_site_id ?? payload.site_id ?? null,
      domainId: payload.domain_id,
      reason: 'manual',
    },
  };
}
