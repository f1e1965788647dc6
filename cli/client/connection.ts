import { z } from 'zod';
import type { Io } from '../io.ts';
import type { Relay } from '../target/relay.ts';
import { readRelay } from './reads.ts';

const connectionSchema = z.looseObject({
  ok: z.boolean(),
  checks: z.array(
    z.object({
      name: z.string(),
      state: z.enum(['ok', 'warning', 'failed', 'not-answered', 'skipped']),
      detail: z.string(),
      fix: z.string().nullable(),
    }),
  ),
});

/** The relay's own checks of a network, up to RunCloud. */
export async function readConnection(relay: Relay, io: Pick<Io, 'signal' | 'sleep' | 'now'>) {
  return (await readRelay(relay, '/connection', connectionSchema, io)).parsed;
}
