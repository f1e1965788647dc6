import type { CertificateItem } from '../../sync/ledger/certificate-item.ts';
import { networkKey } from '../../sync/ledger/keys.ts';
import type { Ledger } from '../../sync/ledger/ports.ts';
import { updateItem } from '../../sync/ledger/update.ts';
import type { CheckResult } from '../checks/check-certificate.ts';
import { amendAppOrder, issuedAppOrder } from './application.ts';
import { amendCountedOrder } from './counts.ts';

/** For an order of the application that is not the last one, only this request's name is known. */
async function noteFailure(
  { network, domain, orders }: CertificateItem,
  at: number,
  ledger: Ledger,
): Promise<void> {
  const forApp = await updateItem(ledger, networkKey(network), amendAppOrder(at, 'failed'));
  const set = forApp?.set ?? orders.find((order) => order.at === at)?.set;
  if (set === undefined) return;
  const names = [domain, ...(forApp?.names ?? [])];
  await amendCountedOrder({ network, at, set, names }, 'failed', ledger);
}

/** Records what the check of one request shows about the order it waited for: a certificate, or a failure. */
export async function noteOrder(
  item: CertificateItem,
  { result, failedOrderAt }: CheckResult & { kind: 'ended' },
  ledger: Ledger,
): Promise<void> {
  const { network, orderedAt } = item;
  if (failedOrderAt !== null) await noteFailure(item, failedOrderAt, ledger);
  if (result.kind === 'valid' && orderedAt !== null) {
    await updateItem(ledger, networkKey(network), issuedAppOrder(orderedAt));
  }
}
