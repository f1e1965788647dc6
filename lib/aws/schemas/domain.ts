import * as z from 'zod/mini';
import { exactly } from '../../exactly.ts';
import type { StoredItems } from '../../sync/ledger/keys.ts';
import { falseByDefault, history, lastError, orNull, told, version } from './fields.ts';
import { schedule } from './schedule.ts';

const parkingReason = z.enum([
  'dns-none',
  'dns-mismatch',
  'dns-ipv6',
  'dns-caa',
  'dns-unanswered',
  'name-unsupported',
]);

const parking = orNull(z.object({ reason: parkingReason, at: z.number() }));

const grace = z.object({
  until: z.number(),
  before: orNull(
    z.object({
      reason: orNull(z.string()),
      since: z.string(),
      www: z.boolean(),
      native: z.boolean(),
      parking,
    }),
  ),
});

const place = z.object({
  fingerprint: z.string(),
  at: z.number(),
  movedMs: z.number(),
});

export const domain = exactly<StoredItems['domain']>()(
  z.object({
    ...schedule,
    network: z.string(),
    domain: z.string(),
    wanted: z.enum(['present', 'absent']),
    version,
    announced: falseByDefault,
    www: z.boolean(),
    native: z.boolean(),
    siteId: orNull(z.number()),
    domainId: orNull(z.number()),
    runcloudId: orNull(z.object({ id: z.number(), serverId: z.string(), appId: z.string() })),
    addedId: orNull(z.number()),
    parking,
    wwwServed: orNull(z.boolean()),
    wwwWithheld: orNull(z.object({ at: z.number(), over: z.boolean() })),
    grace: orNull(grace),
    place: orNull(place),
    answered: z.boolean(),
    recordedAt: orNull(z.number()),
    wroteAt: orNull(z.number()),
    settledAt: orNull(z.object({ serverId: z.string(), appId: z.string(), at: z.number() })),
    askedAt: orNull(z.number()),
    state: z.enum(['pending', 'present', 'parked', 'removing', 'absent', 'failed', 'paused']),
    reason: orNull(z.string()),
    since: z.string(),
    told: orNull(told),
    lastError: orNull(lastError),
    history,
    expiresAt: orNull(z.number()),
  }),
);
