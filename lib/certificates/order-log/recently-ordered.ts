import { registeredDomain } from '../../dns/registered-domain.ts';
import type { CertificateItem } from '../../sync/ledger/items/certificate-item.ts';
import type { CertificateWork } from '../../sync/ledger/items/certificate-work-item.ts';
import { domainOrdersKey } from '../../sync/ledger/keys.ts';
import type { CertificateServices } from '../services.ts';
import { runningOrder } from './application.ts';
import { fingerprintOfName } from './counts.ts';
import { lately } from './limits.ts';

/**
 * True if a certificate for this name was ordered in the last week, even if its request was closed since: the domain was
 * removed and came back. The ordering step handles an order that still runs.
 */
export async function wasOrdered(
  item: CertificateItem,
  work: Pick<CertificateWork, 'orders' | 'ordered'>,
  { ledger, clock, delays }: Pick<CertificateServices, 'ledger' | 'clock' | 'delays'>,
): Promise<boolean> {
  const now = clock.now();
  if (lately(item.orders, now).some(({ failed }) => !failed)) return true;
  if (runningOrder(work, now, delays.unconfirmedMs) !== undefined) return false;
  const last = lately(work.orders, now).findLast(({ failed }) => !failed);
  if (last === undefined) return false;
  const key = domainOrdersKey(item.network, registeredDomain(item.domain));
  const counted = (await ledger.read(key))?.item.orders ?? [];
  const name = fingerprintOfName(item.domain);
  return counted.some(({ at, set, names }) => at === last.at && set === last.set && names.includes(name));
}
