import { type CertificateItem, networkKey } from '../sync/items.ts';
import type { Ledger } from '../sync/ports.ts';
import { workOf } from './app-lease.ts';
import { lately } from './limits.ts';
import type { CertificateServices } from './services.ts';

const PAGE = 250;

/** What tells of the orders for a name: its own, and what it was while the whole application was ordered for. */
export type WishOnRecord = Pick<CertificateItem, 'domain' | 'orders' | 'history'>;

async function* pagesOf(ledger: Ledger, network: string): AsyncGenerator<readonly CertificateItem[]> {
  let cursor: string | undefined;
  do {
    const page = await ledger.page('certificate', network, cursor, PAGE);
    yield page.items;
    cursor = page.cursor;
  } while (cursor !== undefined);
}

/**
 * Wishes of the network that orders of the last week may count against, closed ones too. Reads them all, so only for
 * who is about to order; keeps of them what counts, for there may be many thousands.
 */
export const wishesOnRecord = async (
  network: string,
  { ledger, clock }: Pick<CertificateServices, 'ledger' | 'clock'>,
): Promise<ReadonlyMap<string, WishOnRecord>> => {
  const now = clock.now();
  const stored = await ledger.read(networkKey(network));
  const together = lately(workOf(stored?.item).orders, now).length > 0;
  const found = new Map<string, WishOnRecord>();
  for await (const wishes of pagesOf(ledger, network)) {
    for (const { domain, orders: all, history } of wishes) {
      const orders = lately(all, now);
      if (together || orders.length > 0)
        found.set(domain, { domain, orders, history: together ? history : [] });
    }
  }
  return found;
};
