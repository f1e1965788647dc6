import type { CertificateItem } from '../../sync/ledger/items/certificate-item.ts';
import type { Ledger } from '../../sync/ledger/ports.ts';
import type { CheckResult } from '../checks/check-certificate.ts';
import type { CertificateResult } from '../outcome/result.ts';
import type { AppOrders } from './app-orders.ts';
import { amendAppOrder, type OrderError, toOrderError } from './application.ts';
import { amendCountedOrder } from './counts.ts';
import { failedOrderFix, noteSuspects } from './failed-order.ts';

interface OrderNotes {
  readonly ledger: Ledger;
  readonly orders: AppOrders;
}

/**
 * Returns the names most likely at fault: of an order of the whole application. For one that is not the last, only this
 * request's name is known.
 */
async function noteFailure(
  { network, domain, orders }: CertificateItem,
  at: number,
  error: OrderError | null,
  s: OrderNotes,
): Promise<readonly string[]> {
  const { ordered, orders: ofApp, suspects: kept } = s.orders.work;
  // Kept before the failure is noted: another request of the order may be checked at this moment, and then reads them.
  const isLast = ofApp.at(-1)?.at === at && ordered.length > 0;
  const suspects = isLast ? await noteSuspects(ordered, network, s) : kept;
  const forApp = await s.orders.update(amendAppOrder(at, 'failed', error));
  const set = forApp?.set ?? orders.find((order) => order.at === at)?.set;
  if (set === undefined) return [];
  const names = [domain, ...(forApp?.names ?? [])];
  await amendCountedOrder({ network, at, set, names }, 'failed', s.ledger);
  return forApp === undefined ? [] : suspects;
}

/** Records what the check of one request shows about the order it waited for: a certificate, or a failure. Returns the result, with the fix of a failure. */
export async function noteOrder(
  item: CertificateItem,
  { result, failedOrderAt }: CheckResult & { kind: 'ended' },
  s: OrderNotes,
): Promise<CertificateResult> {
  const { orderedAt } = item;
  const error = result.kind === 'failing' ? toOrderError(result.error) : null;
  const suspects = failedOrderAt === null ? [] : await noteFailure(item, failedOrderAt, error, s);
  if (result.kind === 'valid' && orderedAt !== null) s.orders.isIssued(orderedAt);
  return result.kind === 'failing' ? { ...result, fix: failedOrderFix(item.domain, suspects) } : result;
}
