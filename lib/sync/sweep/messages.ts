import { nameOf, type WorkKind } from '../ledger/keys.ts';
import type { DelayedMessage, DueWork } from '../ledger/ports.ts';
import { MINUTE_MS } from '../ledger/time.ts';
import { toDelaySeconds } from '../ledger/work/message-delay.ts';

/** The next sweep comes in a minute: work due before it gets its message now, delayed. */
export const AHEAD_MS = MINUTE_MS;

/** Certificates of a network that are due within this time share a message. Those due sooner are not delayed for it. */
const BATCH_SECONDS = 15;

/** The message that brings this work to a worker when it is due. */
export function messageFor(work: DueWork, kind: WorkKind, now: number): DelayedMessage {
  const { network, item, dueAt } = work;
  const seconds = toDelaySeconds((dueAt ?? now) - now);
  switch (kind) {
    case 'domain':
      return { message: { network, domain: nameOf(kind, item) }, delaySeconds: seconds };
    case 'outcome':
      return { message: { network, outcome: nameOf(kind, item) }, delaySeconds: seconds };
    case 'network':
      return { message: { network }, delaySeconds: seconds };
    case 'certificate': {
      // A message this long before its pass is for an owed dead letter.
      if (dueAt !== null && dueAt > now + AHEAD_MS) return { message: { network }, delaySeconds: 0 };
      const shared = Math.ceil(seconds / BATCH_SECONDS) * BATCH_SECONDS;
      return { message: { network }, delaySeconds: seconds < BATCH_SECONDS ? seconds : shared };
    }
  }
}

/** Equal for messages that say the same. */
export function messageName({ message, delaySeconds }: DelayedMessage): string {
  const { network, domain = '', outcome = '' } = message;
  return `${network}/${domain}/${outcome}/${delaySeconds}`;
}
