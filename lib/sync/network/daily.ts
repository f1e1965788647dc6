import type { NetworkItem } from '../ledger/items/network-item.ts';
import { CLOCKS_AGREE_MS, DAY_MS, HOUR_MS } from '../ledger/time.ts';
import { spreadOver } from './fingerprint.ts';

/**
 * When a network's daily work is due: at its own time of day, so networks that were set up together do not call RunCloud
 * together. At least an hour away.
 */
export function nextDaily(network: string, now: number): number {
  const soonest = now + HOUR_MS;
  const midnight = soonest - (soonest % DAY_MS);
  const today = midnight + spreadOver(network, DAY_MS);
  return today >= soonest ? today : today + DAY_MS;
}

type AtRest = Pick<NetworkItem, 'comparison' | 'certificates' | 'certificatesAt' | 'toSend'>;

/** When the certificates' worker is to get a message: the lease that has refused one is over. A lease of 0.1.0 may have refused one. */
function certificatesAskedAt({
  certificates,
  certificatesAt,
}: Pick<AtRest, 'certificates' | 'certificatesAt'>): number | null {
  const leaseEnd = certificates === null || certificates.owner === null ? null : certificates.leaseUntil;
  return certificatesAt ?? (leaseEnd === null ? null : leaseEnd + CLOCKS_AGREE_MS);
}

/** A message for the certificates' worker replaces those that a lease has refused. */
export function areCertificatesAsked(
  item: Pick<AtRest, 'certificates' | 'certificatesAt'>,
  now: number,
): boolean {
  const at = certificatesAskedAt(item);
  return at !== null && at <= now + CLOCKS_AGREE_MS;
}

/**
 * A network is always scheduled: for its next comparison, for the end of a lease that has refused a message about its
 * certificates, and for a pause that is still to be told. So the sweep finds it like any other work, and no function has to
 * read all networks.
 */
export function scheduleAtRest(item: AtRest): Pick<NetworkItem, 'dueAt' | 'sendAt'> {
  const times = [item.comparison?.dueAt ?? null, certificatesAskedAt(item), item.toSend[0]?.at ?? null];
  const known = times.filter((at) => at !== null);
  const at = known.length === 0 ? null : Math.min(...known);
  return { dueAt: at, sendAt: at };
}
