import { networkKey } from '../../../lib/sync/ledger/keys.ts';
import type { CallGuard, Hosting } from '../../../lib/sync/ledger/runcloud-ports.ts';
import { longListing } from '../../../lib/sync/network/listing/long-listing.ts';
import { assertTimeLeft } from '../../../lib/sync/network/time-left.ts';
import { memoryLedger } from '../../doubles/ledger.ts';
import { manualClock } from '../../doubles/manual-clock.ts';
import { APP, MINUTE, NETWORK, NOW, row, SECOND } from './items.ts';

/** A list of this many pages, each of which takes a second or `pageMs`. `onPage` is called before each call, with its number. */
export function listWorld({
  pages = 30,
  pageMs = SECOND,
  rowsPerPage = 1,
  onPage,
}: {
  pages?: number;
  rowsPerPage?: number;
  pageMs?: number;
  onPage?: (asked: number) => Promise<void>;
} = {}) {
  const ledger = memoryLedger();
  const clock = manualClock(NOW);
  const passing: CallGuard = { before: async () => {}, after: async () => {} };
  let asked = 0;
  const hostingOf = (guard: CallGuard): Pick<Hosting, 'page'> => ({
    page: async (page) => {
      if (asked === 0) await onPage?.(1);
      await guard.before();
      asked += 1;
      await clock.advance(pageMs);
      await guard.after({ status: 200, limit: undefined, remaining: undefined, retryAfterMs: undefined });
      if (asked <= pages) await onPage?.(asked + 1);
      const domains = Array.from({ length: rowsPerPage }, (_, n) => {
        const id = (page - 1) * rowsPerPage + n + 1;
        return row({ id, name: `shop-${id}.example` });
      });
      const total = pages * rowsPerPage;
      return { domains, unreadable: 0, total, lastPage: pages, more: page < pages };
    },
  });
  const lister = (owner: string, withinMs = 5 * MINUTE, random = 0.5) => {
    const reader = { network: NETWORK, app: APP, owner, deadlineAt: clock.now() + withinMs };
    const timely = { ...passing, before: async () => assertTimeLeft(reader, clock.now()) };
    const services = { ledger, clock, random: () => random };
    return longListing(reader, hostingOf(timely), services);
  };
  return {
    ledger,
    clock,
    lister,
    asked: () => asked,
    turn: async () => (await ledger.read(networkKey(NETWORK)))?.item.lister ?? null,
  };
}
