import * as z from 'zod';
import { type Check, checkNames } from '../../lib/connection/check.ts';
import { exactly } from '../../lib/exactly.ts';

export const check = exactly<Check>()(
  z.object({
    name: z.enum(checkNames),
    state: z.enum(['ok', 'warning', 'failed', 'not-answered', 'skipped']),
    detail: z.string(),
    fix: z.string().nullable(),
  }),
);

export const connection = z.object({
  network: z.string(),
  ok: z.boolean().describe('True if nothing stops the work of the relay; warnings do not stop it'),
  checks: z.array(check),
});
