import type { DomainItem } from '../ledger/domain-item.ts';
import type { NetworkItem } from '../ledger/network-item.ts';
import { LANDS_WITHIN_MS } from '../network/kept-listings.ts';

/**
 * Whether a second row of this name is possible. Not where RunCloud refuses a name that is there, and not where the daily
 * comparison saw every name once and nothing has been written about this one since.
 */
export function mayHaveSecondRow(
  { wroteAt }: Pick<DomainItem, 'wroteAt'>,
  network: Pick<NetworkItem, 'refusesDuplicates' | 'singleRowsAt'> | undefined,
): boolean {
  if (network === undefined) return true;
  const { refusesDuplicates, singleRowsAt } = network;
  const seenSingle = singleRowsAt !== null && (wroteAt ?? 0) + LANDS_WITHIN_MS < singleRowsAt;
  return !refusesDuplicates && !seenSingle;
}
