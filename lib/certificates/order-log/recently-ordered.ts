import type { CertificateItem } from '../../sync/ledger/certificate-item.ts';
import { networkKey } from '../../sync/ledger/keys.ts';
import type { CertificateServices } from '../services.ts';
import { runningOrder, workOf } from './application.ts';
import { lately } from './limits.ts';
import { isCoveredBy } from './recent.ts';

/**
 * Whether a certificate for this name was ordered lately, though the request for it has been closed since: its domain was
 * removed and came back. What runs is left to those who order: they wait for it.
 */
export async function wasOrdered(
  item: CertificateItem,
  { ledger, clock, delays }: Pick<CertificateServices, 'ledger' | 'clock' | 'delays'>,
): Promise<boolean> {
  const now = clock.now();
  if (lately(item.orders, now).some(({ failed }) => !failed)) return true;
  const work = workOf((await ledger.read(networkKey(item.network)))?.item);
  if (runningOrder(work, now, delays.unconfirmedMs) !== undefined) return false;
  const last = lately(work.orders, now).findLast(({ failed }) => !failed);
  return last !== undefined && isCoveredBy(item, last);
}
