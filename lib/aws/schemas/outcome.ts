import * as z from 'zod/mini';
import { exactly } from '../../exactly.ts';
import type { StoredItems } from '../../sync/ledger/keys.ts';
import { orNull, pauseMoment } from './fields.ts';
import { schedule } from './schedule.ts';

export const outcome = exactly<StoredItems['outcome']>()(
  z.object({
    ...schedule,
    network: z.string(),
    id: z.string(),
    state: z.enum(['open', 'done', 'failed']),
    content: z.union([
      z.object({
        type: z.enum(['domain.settled', 'domain.failed']),
        at: z.number(),
        domain: z.string(),
        inReplyTo: orNull(z.string()),
      }),
      pauseMoment,
    ]),
    expiresAt: orNull(z.number()),
  }),
);
