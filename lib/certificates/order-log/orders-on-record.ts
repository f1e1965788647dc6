import { allItems } from '../../sync/ledger/all-items.ts';
import type { CertificateItem, CertificateOrder } from '../../sync/ledger/certificate-item.ts';
import type { CertificateServices } from '../services.ts';
import { lately } from './limits.ts';

/** What tells of the orders for a name: its own, and what it was while the whole application was ordered for. */
export type RequestOnRecord = Pick<CertificateItem, 'domain' | 'orders' | 'history'>;

/**
 * Requests of the network that orders of the last week may count against, closed ones too. Reads them all, so only for
 * who is about to order; keeps of them what counts, for there may be many thousands. `appOrders`: for the whole
 * application.
 */
export async function requestsOnRecord(
  network: string,
  appOrders: readonly CertificateOrder[],
  { ledger, clock }: Pick<CertificateServices, 'ledger' | 'clock'>,
): Promise<ReadonlyMap<string, RequestOnRecord>> {
  const now = clock.now();
  const together = lately(appOrders, now).length > 0;
  const found = new Map<string, RequestOnRecord>();
  for await (const { domain, orders: all, history } of allItems(ledger, 'certificate', network)) {
    const orders = lately(all, now);
    if (together || orders.length > 0)
      found.set(domain, { domain, orders, history: together ? history : [] });
  }
  return found;
}
