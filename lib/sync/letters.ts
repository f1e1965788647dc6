import { type Change, change } from './change.ts';
import { withEntry } from './history.ts';
import { type DomainItem, domainKey } from './items.ts';
import type { Ledger, Queue } from './ports.ts';
import { freshCounts, makeDue } from './schedule.ts';

/** Sends what a failed try owes to the outside, then notes that it was sent. A crash between the two sends twice. */
export const sendOwed = async (
  item: DomainItem,
  services: { readonly ledger: Ledger; readonly queue: Queue },
): Promise<void> => {
  const { network, domain } = item;
  for (const owed of item.toSend) {
    const hint = { network, domain, letter: owed.revision };
    await services.queue.sendLetter({ ...owed, hint });
  }
  const sent = new Set(item.toSend.map(({ id }) => id));
  await change(services.ledger, domainKey(network, domain), (current) => cleared(current, sent));
};

const cleared = (item: DomainItem | undefined, sent: ReadonlySet<string>): Change<DomainItem, undefined> => {
  if (item === undefined) return { result: undefined };
  const toSend = item.toSend.filter(({ id }) => !sent.has(id));
  const sendAt = item.dueAt === null && toSend.length === 0 ? null : item.sendAt;
  return { write: { ...item, toSend, sendAt }, result: undefined };
};

/**
 * A dead letter that somebody moved back is one more try of the failure it tells of: it reopens the domain if that
 * very failure still stands. Any other letter is an old story and does nothing.
 */
export const reopened = (
  item: DomainItem | undefined,
  letter: number,
  at: { readonly now: number; readonly doorMarginMs: number },
): Change<DomainItem, boolean> => {
  if (item === undefined || item.state !== 'failed' || item.revision !== letter || item.dueAt !== null) {
    return { result: false };
  }
  const write: DomainItem = {
    ...item,
    ...freshCounts,
    state: item.wanted === 'present' ? 'pending' : 'removing',
    reason: null,
    since: new Date(at.now).toISOString(),
    history: withEntry(item.history, at.now, 'reopened', 'dead letter moved back'),
    ...makeDue(item, at.now, at.now + at.doorMarginMs),
  };
  return { write, result: true };
};
