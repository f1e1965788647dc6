import * as z from 'zod/mini';
import { exactly } from '../exactly.ts';
import type { Kind, StoredItems } from '../sync/ledger/keys.ts';
import { certificate } from './schemas/certificate.ts';
import { domain } from './schemas/domain.ts';
import { callsOfMonth, list, orNull } from './schemas/fields.ts';
import { listing } from './schemas/listing.ts';
import { certificateWork, comparison, network } from './schemas/network.ts';
import { notices } from './schemas/notices.ts';
import { outcome } from './schemas/outcome.ts';

const domainOrders = exactly<StoredItems['domainOrders']>()(
  z.object({
    orders: list(z.object({ at: z.number(), set: z.string(), names: list(z.string()), failed: z.boolean() })),
    expiresAt: z.number(),
  }),
);

const appOrders = exactly<StoredItems['appOrders']>()(
  z.object({ times: list(z.number()), expiresAt: z.number() }),
);

/** Here the table's key `network` holds the application, so the owner is stored under another name. */
const claim = exactly<StoredItems['claim']>()(
  z.codec(
    z.object({ claimedBy: z.string(), renewedAt: z.number() }),
    z.object({ network: z.string(), renewedAt: z.number() }),
    {
      decode: ({ claimedBy, renewedAt }) => ({ network: claimedBy, renewedAt }),
      encode: ({ network: claimedBy, renewedAt }) => ({ claimedBy, renewedAt }),
    },
  ),
);

const rateLimit = exactly<StoredItems['rateLimit']>()(
  z.object({
    nextFreeAt: z.number(),
    limitPerMinute: z.number(),
    lines: z._default(
      list(z.object({ network: z.string(), calls: z.number(), endsAt: z.number(), movedMs: z.number() })),
      [],
    ),
    calls: orNull(callsOfMonth),
    expiresAt: orNull(z.number()),
  }),
);

const sweep = exactly<StoredItems['sweep']>()(
  z.object({ owner: orNull(z.string()), leaseUntil: z.number(), nextNetwork: orNull(z.string()) }),
);

const identity = exactly<StoredItems['identity']>()(z.object({ tableId: z.string() }));

export type StoredSchema<K extends Kind> = z.ZodMiniType<StoredItems[K], Record<string, unknown>>;

/** The schema of each kind of item: decodes on read, encodes on write. */
export const itemSchemas: { readonly [K in Kind]: StoredSchema<K> } = {
  domain,
  certificate,
  network,
  certificateWork,
  comparison,
  listing,
  domainOrders,
  appOrders,
  claim,
  rateLimit,
  outcome,
  notices,
  sweep,
  identity,
};
