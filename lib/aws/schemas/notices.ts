import * as z from 'zod/mini';
import { exactly } from '../../exactly.ts';
import type { StoredItems } from '../../sync/ledger/keys.ts';
import { list, orNull } from './fields.ts';

const notice = z.object({
  code: z.string(),
  domain: orNull(z.string()),
  message: z.string(),
  fix: orNull(z.string()),
  command: orNull(z.string()),
  at: z.number(),
});

export const notices = exactly<StoredItems['notices']>()(
  z.object({
    network: z.string(),
    waiting: list(notice),
    more: z.number(),
    told: list(z.object({ name: z.string(), at: z.number() })),
    lasting: list(notice),
    mailedAt: orNull(z.number()),
    sendAt: orNull(z.number()),
  }),
);
