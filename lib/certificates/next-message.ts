import { Unavailable } from '../errors.ts';
import type { CertificateItem } from '../sync/ledger/items/certificate-item.ts';
import { certificateKey } from '../sync/ledger/keys.ts';
import type { DueWork } from '../sync/ledger/ports.ts';
import { ifUsable } from '../sync/ledger/unreadable.ts';
import { updateItem } from '../sync/ledger/updates/update.ts';
import { LONGEST_DELAY_SECONDS, toDelaySeconds } from '../sync/ledger/work/message-delay.ts';
import { MOST_RETURNS } from '../sync/network/limits/line.ts';
import type { CertificateDelays } from './delays.ts';
import type { CertificateServices } from './services.ts';

type Margin = Pick<CertificateDelays, 'messageMarginMs'>;

/**
 * Whether a pass may send the message of the next one itself: not for ever, because AWS stops a function whose messages lead back
 * to it. Then the sweep sends the next one.
 */
export function maySendNext(returns: number): boolean {
  return returns < MOST_RETURNS;
}

/** The next pass comes by a message of this one, and the sweep acts only where that is lost. A longer wait is the sweep's. */
export function byMessage(item: CertificateItem, now: number, { messageMarginMs }: Margin): CertificateItem {
  const { dueAt, sendAt } = item;
  // What is owed, or due again at once, has the sweep's message.
  const waits = dueAt !== null && sendAt === dueAt && dueAt > now;
  if (!waits || dueAt > now + LONGEST_DELAY_SECONDS * 1_000) return item;
  return { ...item, sendAt: dueAt + messageMarginMs };
}

/** It waits for the message of a pass. */
export function waitsForMessage(
  { dueAt, sendAt }: Pick<DueWork, 'dueAt'> & { readonly sendAt: number | null },
  { messageMarginMs }: Margin,
): boolean {
  return dueAt !== null && sendAt === dueAt + messageMarginMs;
}

/** A request of the network that waits for the message of a pass. */
export interface Waiting {
  readonly network: string;
  readonly domain: string;
  readonly dueAt: number;
}

export function firstOf(waiting: readonly Waiting[]): Waiting | undefined {
  const [first, ...others] = waiting;
  if (first === undefined) return undefined;
  return others.reduce((one, other) => (other.dueAt < one.dueAt ? other : one), first);
}

/** Has the sweep send a message by then. One message starts a pass over all due requests. */
export function sendMessageBy(
  { network, domain }: Pick<CertificateItem, 'network' | 'domain'>,
  at: number,
  { ledger }: Pick<CertificateServices, 'ledger'>,
): Promise<undefined> {
  return updateItem(ledger, certificateKey(network, domain), (item) =>
    item === undefined || item.dueAt === null || (item.sendAt ?? 0) <= at
      ? { result: undefined }
      : { write: { ...item, sendAt: at }, result: undefined },
  );
}

/** Sends the message of the next pass. Where the queue does not take it, the sweep sends one once the first request is due. */
export async function sendNext(
  next: Waiting,
  { at, returns }: { readonly at: number; readonly returns: number },
  s: CertificateServices,
): Promise<void> {
  const { network, dueAt } = next;
  try {
    const delaySeconds = toDelaySeconds(at - s.clock.now());
    const refused = await s.queue.send([{ message: { network, returns: returns + 1 }, delaySeconds }]);
    if (refused.length === 0) return;
  } catch (error) {
    if (!(error instanceof Unavailable)) throw error;
    s.reportDeferred({ network }, error);
  }
  // Its own message of the sweep comes a little later, should this fail too.
  await ifUsable(() => sendMessageBy(next, dueAt, s));
}
