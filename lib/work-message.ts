import * as z from 'zod';
import { networkNameSchema } from './network-name.ts';
import { LONGEST_DELAY_SECONDS } from './sync/ledger/message-delay.ts';
import type { DelayedMessage, WorkMessage } from './sync/ledger/ports.ts';

/** The body of a queue message. */
export const workMessageSchema: z.ZodType<WorkMessage> = z.object({
  network: networkNameSchema,
  domain: z.string().min(1).max(253).exactOptional(),
  outcome: z.string().min(1).max(256).exactOptional(),
  deadLetter: z.int().nonnegative().exactOptional(),
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
