import * as z from 'zod/mini';
import { exactly } from '../../exactly.ts';
import type { StoredItems } from '../../sync/ledger/keys.ts';
import { errorCode, falseByDefault, list, names, order, orNull, pauseMoment } from './fields.ts';
import { readingState } from './listing.ts';

const writesOfMinute = z.object({ minute: z.number(), count: z.number() });

const certificateWorkFields = {
  owner: orNull(z.string()),
  leaseUntil: orNull(z.number()),
  orders: list(order),
  ordered: list(z.string()),
  suspects: z._default(list(z.string()), []),
};

export const certificateWork = exactly<StoredItems['certificateWork']>()(
  z.object({
    ...certificateWorkFields,
    app: orNull(z.object({ serverId: z.string(), appId: z.string() })),
    messageAt: orNull(z.number()),
  }),
);

/**
 * The sweep finds certificates by their network, and networks in the index, which holds only items with a `sendAt`. So a network
 * without work is stored with the last moment that a `Date` can be.
 */
const NO_MESSAGE_AT = 8_640_000_000_000_000;

const sendAt = z.codec(z._default(z.nullable(z.number()), null), z.nullable(z.number()), {
  decode: (at) => (at === NO_MESSAGE_AT ? null : at),
  encode: (at) => at ?? NO_MESSAGE_AT,
});

export const network = exactly<StoredItems['network']>()(
  z.object({
    network: z.string(),
    pause: orNull(
      z.object({
        code: errorCode,
        message: z.string(),
        since: z.string(),
        probeAt: z.number(),
        told: z.exactOptional(z.object({ code: errorCode, message: z.string(), at: z.number() })),
      }),
    ),
    resumedIn: orNull(z.string()),
    suspicion: orNull(z.object({ code: errorCode, domain: z.string() })),
    limitedSince: orNull(z.number()),
    readsFirst: z.boolean(),
    refusesDuplicates: falseByDefault,
    singleRowsAt: orNull(z.number()),
    claim: orNull(
      z.object({ serverId: z.string(), appId: z.string(), renewedAt: z.number(), readAt: z.number() }),
    ),
    removals: list(writesOfMinute),
    additions: z._default(list(writesOfMinute), []),
    requeue: orNull(
      z.object({
        reason: z.enum(['resumed', 'moved']),
        cursor: z.nullable(z.string()),
        movedAt: z.exactOptional(z.number()),
      }),
    ),
    requeueSkipped: z._default(list(z.string()), []),
    comparison: orNull(z.object({ dueAt: z.number(), begunAt: orNull(z.number()) })),
    drift: orNull(
      z.object({ at: z.string(), missing: names, unwanted: names, unknown: names, dryRun: z.boolean() }),
    ),
    lister: orNull(z.object({ owner: z.string(), until: z.number(), readyAt: orNull(z.number()) })),
    listing: orNull(z.object({ begunAt: z.number(), doneAt: orNull(z.number()) })),
    server: orNull(z.object({ serverId: z.string(), address: z.string(), readAt: z.number() })),
    certificates: orNull(z.object(certificateWorkFields)),
    certificatesAt: orNull(z.number()),
    silence: orNull(z.object({ since: orNull(z.number()), asks: z.number(), askAt: z.number() })),
    tooManyNames: orNull(
      z.object({ names: z.number(), countedAt: z.number(), serverId: z.string(), appId: z.string() }),
    ),
    toSend: z._default(list(pauseMoment), []),
    momentAt: z.exactOptional(z.number()),
    revision: z.number(),
    dueAt: orNull(z.number()),
    sendAt,
    owner: orNull(z.string()),
    leaseUntil: orNull(z.number()),
  }),
);

export const comparison = exactly<StoredItems['comparison']>()(
  z.object({
    begunAt: z.number(),
    serverId: z.string(),
    appId: z.string(),
    nextPage: orNull(z.number()),
    reading: orNull(readingState),
    rows: z.number(),
    total: orNull(z.number()),
    steady: z.boolean(),
    served: z.string(),
    unwanted: names,
    unknown: names,
    expiresAt: orNull(z.number()),
  }),
);
