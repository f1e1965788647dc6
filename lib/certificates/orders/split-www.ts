import { withholdWww } from '../../sync/ledger/domains/withheld-www.ts';
import { WWW } from '../../sync/ledger/domains/www.ts';
import type { CertificateOrder } from '../../sync/ledger/items/certificate-item.ts';
import { domainKey } from '../../sync/ledger/keys.ts';
import type { Access } from '../../sync/ledger/runcloud-ports.ts';
import { updateItem } from '../../sync/ledger/updates/update.ts';
import { isProtected } from '../../sync/network/listing/protected-names.ts';
import type { Ready } from '../checks/check-certificate.ts';
import { setOf } from '../order-log/limits.ts';
import type { CertificateResult } from '../outcome/result.ts';
import type { CertificateServices } from '../services.ts';

/** One failure may pass by itself. A third order for both would leave too few of the week's for the domain alone. */
const FAILED_TOGETHER = 2;

/**
 * Splits the order for a domain and its `www.` where it has failed twice though DNS shows no reason: the next one is for the
 * domain alone. RunCloud orders for a whole row, so sync-domain first serves the domain without its `www.`, but never without a
 * protected one. Undefined: the order may be made as it is.
 */
export async function splitWww(
  { item, names, shown }: Pick<Ready, 'item' | 'names' | 'shown'>,
  orders: readonly CertificateOrder[],
  { protectedDomains }: Pick<Access, 'protectedDomains'>,
  s: Pick<CertificateServices, 'ledger' | 'clock' | 'delays'>,
): Promise<CertificateResult | undefined> {
  const set = setOf(names);
  // An ssl_retry is a new try: what failed before may be fixed.
  const triedSince = item.version === null ? 0 : Date.parse(item.version.timestamp);
  const failed = orders.filter((order) => order.failed && order.set === set && order.at > triedSince).length;
  // A certificate that is served covers both until it ends.
  if (names.length === 1 || shown !== null || failed < FAILED_TOGETHER) return undefined;
  if (isProtected(WWW + item.domain, protectedDomains)) return undefined;
  const now = s.clock.now();
  const at = await updateItem(s.ledger, domainKey(item.network, item.domain), withholdWww(now));
  const { oldestMs, openHostingMs } = s.delays;
  if (at === null || now >= at + oldestMs) return undefined;
  const until = Math.min(at + oldestMs, now + openHostingMs);
  return { kind: 'waiting', until, reason: null, fix: null };
}
