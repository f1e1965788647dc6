import type { CertificateItem } from '../../sync/ledger/items/certificate-item.ts';
import { networkKey } from '../../sync/ledger/keys.ts';
import type { Ledger } from '../../sync/ledger/ports.ts';
import { updateItem } from '../../sync/ledger/updates/update.ts';
import type { CheckResult } from '../checks/check-certificate.ts';
import type { CertificateResult } from '../outcome/result.ts';
import { amendAppOrder, issuedAppOrder, type OrderError, toOrderError, workOf } from './application.ts';
import { amendCountedOrder } from './counts.ts';
import { failedOrderFix, noteSuspects } from './failed-order.ts';

/**
 * Returns the names most likely at fault: of an order of the whole application. For one that is not the last, only this
 * request's name is known.
 */
async function noteFailure(
  { network, domain, orders }: CertificateItem,
  at: number,
  error: OrderError | null,
  ledger: Ledger,
): Promise<readonly string[]> {
  const key = networkKey(network);
  const { ordered, orders: ofApp, suspects: kept } = workOf((await ledger.read(key))?.item);
  // Kept before the failure is noted: another request of the order may be checked at this moment, and then reads them.
  const isLast = ofApp.at(-1)?.at === at && ordered.length > 0;
  const suspects = isLast ? await noteSuspects(ordered, network, ledger) : kept;
  const forApp = await updateItem(ledger, key, amendAppOrder(at, 'failed', error));
  const set = forApp?.set ?? orders.find((order) => order.at === at)?.set;
  if (set === undefined) return [];
  const names = [domain, ...(forApp?.names ?? [])];
  await amendCountedOrder({ network, at, set, names }, 'failed', ledger);
  return forApp === undefined ? [] : suspects;
}

/** The orders, by their time, whose certificate a pass has seen. Its requests are checked ten at a time, and one write is for all of them. */
export type SeenIssued = Map<number, Promise<undefined>>;

/** Records what the check of one request shows about the order it waited for: a certificate, or a failure. Returns the result, with the fix of a failure. */
export async function noteOrder(
  item: CertificateItem,
  { result, failedOrderAt }: CheckResult & { kind: 'ended' },
  ledger: Ledger,
  issued: SeenIssued,
): Promise<CertificateResult> {
  const { network, orderedAt } = item;
  const error = result.kind === 'failing' ? toOrderError(result.error) : null;
  const suspects = failedOrderAt === null ? [] : await noteFailure(item, failedOrderAt, error, ledger);
  if (result.kind === 'valid' && orderedAt !== null) {
    const noted = issued.get(orderedAt) ?? updateItem(ledger, networkKey(network), issuedAppOrder(orderedAt));
    issued.set(orderedAt, noted);
    await noted;
  }
  return result.kind === 'failing' ? { ...result, fix: failedOrderFix(item.domain, suspects) } : result;
}
