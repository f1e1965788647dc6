import type { DomainItem } from '../../ledger/items/domain-item.ts';
import type { NetworkItem } from '../../ledger/items/network-item.ts';
import { LANDS_WITHIN_MS } from '../../network/listing/kept-listings.ts';

/**
 * Whether RunCloud may hold a second row of this name. It may not where it refuses a name that is there, nor where the daily
 * comparison saw every name once and this name has not been written since.
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
