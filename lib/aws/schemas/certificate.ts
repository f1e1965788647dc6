import * as z from 'zod/mini';
import { exactly } from '../../exactly.ts';
import type { StoredItems } from '../../sync/ledger/keys.ts';
import { history, lastError, list, order, orNull, told, version } from './fields.ts';
import { schedule } from './schedule.ts';

export const certificate = exactly<StoredItems['certificate']>()(
  z.object({
    ...schedule,
    network: z.string(),
    domain: z.string(),
    wanted: z.boolean(),
    version: orNull(version),
    dnsReadyAt: orNull(z.number()),
    pointedHereAt: orNull(z.number()),
    askedAt: orNull(z.number()),
    state: z.enum(['none', 'pending', 'waiting-dns', 'requested', 'valid', 'failed']),
    reason: orNull(z.string()),
    since: z.string(),
    fix: orNull(z.string()),
    notBefore: orNull(z.string()),
    notAfter: orNull(z.string()),
    via: orNull(z.literal('edge')),
    readySince: orNull(z.number()),
    orderedAt: orNull(z.number()),
    orderSaid: orNull(z.string()),
    orders: z._default(list(order), []),
    deadLetteredRevision: orNull(z.number()),
    wwwAskedAt: orNull(z.number()),
    told: orNull(told),
    lastError: orNull(lastError),
    history,
    expiresAt: orNull(z.number()),
  }),
);
