import * as z from 'zod/mini';
import { networkNameSchema } from './network-name.ts';
import type { DelayedMessage, WorkMessage } from './sync/ledger/ports.ts';
import { LONGEST_DELAY_SECONDS } from './sync/ledger/work/message-delay.ts';

function text(longest: number) {
  return z.string().check(z.minLength(1), z.maxLength(longest));
}

/** The body of a queue message. */
export const workMessageSchema: z.ZodMiniType<WorkMessage> = z.object({
  network: networkNameSchema,
  domain: z.exactOptional(text(253)),
  outcome: z.exactOptional(text(256)),
  returns: z.exactOptional(z.int().check(z.nonnegative())),
  deadLetter: z.exactOptional(z.int().check(z.nonnegative())),
});

/** A longer delay belongs in the ledger; a caller that asks a queue for it has a bug. */
export function assertDelays(messages: readonly DelayedMessage[]): void {
  for (const { delaySeconds } of messages) {
    if (!Number.isInteger(delaySeconds) || delaySeconds < 0 || delaySeconds > LONGEST_DELAY_SECONDS) {
      throw new RangeError(
        `A message cannot wait ${delaySeconds} s: whole seconds from 0 to ${LONGEST_DELAY_SECONDS}`,
      );
    }
  }
}
