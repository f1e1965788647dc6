import type { Change } from './change.ts';
import { change } from './change.ts';
import { withEntry } from './history.ts';
import { toInstant } from './instant.ts';
import { type CertificateItem, certificateKey } from './items.ts';
import type { Ledger } from './ports.ts';
import { emptySchedule, freshCounts, makeDue } from './schedule.ts';

/** A domain that is served wants a certificate; a wish that is there already stays as it is. */
export const raisedWish = (
  item: CertificateItem | undefined,
  at: { readonly network: string; readonly domain: string; readonly now: number },
): Change<CertificateItem, boolean> => {
  if (item?.wanted === true && item.state !== 'none') return { result: false };
  const write: CertificateItem = {
    ...emptySchedule,
    version: null,
    retryReason: null,
    notAfter: null,
    via: null,
    lastError: null,
    ...item,
    ...freshCounts,
    network: at.network,
    domain: at.domain,
    wanted: true,
    state: 'pending',
    reason: null,
    since: toInstant(at.now),
    history: withEntry(item?.history ?? [], at.now, 'wished', 'domain present'),
    expiresAt: null,
    ...makeDue(item ?? emptySchedule, at.now, at.now),
  };
  return { write, result: true };
};

/** Raises the wish for a certificate of a domain that is present. True if it was new. */
export const raiseWish = (
  ledger: Ledger,
  at: { readonly network: string; readonly domain: string; readonly now: number },
): Promise<boolean> => change(ledger, certificateKey(at.network, at.domain), (item) => raisedWish(item, at));
