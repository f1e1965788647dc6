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

type AtRest = Pick<NetworkItem, 'comparison' | 'certificates' | 'toSend'>;

/** When the lease of the certificates' worker ends; null: no lease is held. */
function certificateLeaseEnd({ certificates }: Pick<AtRest, 'certificates'>): number | null {
  return certificates === null || certificates.owner === null ? null : certificates.leaseUntil;
}

/**
 * The certificates' worker was killed: its lease has ended without a release. Messages refused while it was held are gone.
 */
export function isCertificateLeaseAbandoned(item: Pick<AtRest, 'certificates'>, now: number): boolean {
  const end = certificateLeaseEnd(item);
  return end !== null && end <= now;
}

/**
 * A network is always scheduled: for its next comparison, for the end of a held lease on its certificates, and for a pause that
 * is still to be told. So the sweep finds it like any other work, and no function has to read all networks.
 */
export function scheduleAtRest(item: AtRest): Pick<NetworkItem, 'dueAt' | 'sendAt'> {
  const leaseEnd = certificateLeaseEnd(item);
  const times = [
    item.comparison?.dueAt ?? null,
    leaseEnd === null ? null : leaseEnd + CLOCKS_AGREE_MS,
    item.toSend[0]?.at ?? null,
  ];
  const known = times.filter((at) => at !== null);
  const at = known.length === 0 ? null : Math.min(...known);
  return { dueAt: at, sendAt: at };
}
