import { Unavailable, UnreadableItem } from '../../errors.ts';
import type { DomainItem } from '../ledger/items/domain-item.ts';
import { isHeld } from '../ledger/items/lease.ts';
import type { RateLimitItem } from '../ledger/items/shared-items.ts';
import { rateLimitKey } from '../ledger/keys.ts';
import type { Clock, Ledger, Queue } from '../ledger/ports.ts';
import { CLOCKS_AGREE_MS, MINUTE_MS } from '../ledger/time.ts';
import { LONGEST_DELAY_SECONDS, toDelaySeconds } from '../ledger/work/message-delay.ts';
import { MOST_RETURNS, timeOf } from '../network/limits/line.ts';
import { LONGEST_WAIT_MS } from '../network/limits/slots.ts';

interface LineServices {
  readonly ledger: Pick<Ledger, 'read'>;
  readonly queue: Pick<Queue, 'send'>;
  readonly clock: Pick<Clock, 'now'>;
}

/** Longer, and the pass records it: the sweep sends a message of its own a little later. */
const UNRECORDED_MS = MINUTE_MS;

/**
 * Whether a domain sends itself the message for its place. The sweep, once a minute, would come too late for it. It takes over in
 * the end, so that messages do not follow from one another for ever: AWS stops functions whose messages do.
 */
export function comesByMessage(returns: number, waitMs: number): boolean {
  return returns < MOST_RETURNS && waitMs <= LONGEST_DELAY_SECONDS * 1_000;
}

/** Sends the message that brings a domain back to its place. */
export async function sendBack(
  { network, domain }: Pick<DomainItem, 'network' | 'domain'>,
  { until, returns }: { readonly until: number; readonly returns: number },
  { queue, clock }: Omit<LineServices, 'ledger'>,
): Promise<void> {
  const delaySeconds = toDelaySeconds(until - clock.now());
  await queue.send([{ message: { network, domain, returns: returns + 1 }, delaySeconds }]);
}

async function rateLimitOf(
  fingerprint: string,
  ledger: Pick<Ledger, 'read'>,
): Promise<RateLimitItem | undefined> {
  try {
    return (await ledger.read(rateLimitKey(fingerprint)))?.item;
  } catch (error) {
    // The pass itself meets it where it needs it.
    if (error instanceof Unavailable || error instanceof UnreadableItem) return undefined;
    throw error;
  }
}

/**
 * Sends a domain back whose line has moved since it was given its place, without a pass. False: its pass may begin, also where
 * that will find that it has to wait.
 */
export async function waitsInLine(
  item: DomainItem | undefined,
  returns: number,
  s: LineServices,
): Promise<boolean> {
  const now = s.clock.now();
  if (item === undefined || item.place === null || item.dueAt === null || isHeld(item, now)) return false;
  if (item.dueAt > now + CLOCKS_AGREE_MS) return false;
  const until = timeOf(item.place, await rateLimitOf(item.place.fingerprint, s.ledger), item.network);
  const soon = until <= now + LONGEST_WAIT_MS || until > item.dueAt + UNRECORDED_MS;
  if (soon || !comesByMessage(returns, until - now)) return false;
  await sendBack(item, { until, returns }, s);
  return true;
}
