import type { NetworkItem } from '../ledger/network-item.ts';
import { CLOCKS_AGREE_MS, DAY_MS, HOUR_MS } from '../ledger/time.ts';
import { spreadOver } from './fingerprint.ts';

/**
 * When a network's daily work is due: at a time of day of its own, so that networks which were set up at the same moment
 * do not ask RunCloud at the same moment ever after. At least an hour away.
 */
export function nextDaily(network: string, now: number): number {
  const soonest = now + HOUR_MS;
  const midnight = soonest - (soonest % DAY_MS);
  const today = midnight + spreadOver(network, DAY_MS);
  return today >= soonest ? today : today + DAY_MS;
}

type AtRest = Pick<NetworkItem, 'comparison' | 'certificates'>;

/** When the certificates' worker must have given its lease back; null: nobody holds it. */
function certificateLeaseEnd({ certificates }: AtRest): number | null {
  return certificates === null || certificates.owner === null ? null : certificates.leaseUntil;
}

/**
 * The certificates' worker was killed: its lease is over and was not given back. Messages that it refused to others
 * meanwhile are gone.
 */
export function isCertificateLeaseAbandoned(item: AtRest, now: number): boolean {
  const end = certificateLeaseEnd(item);
  return end !== null && end <= now;
}

/**
 * A network has a schedule of its own even when nothing is wrong: its next comparison, and the end of the lease on its
 * certificates while somebody holds it. So the sweep finds it like any other work, and nobody has to go over all networks.
 */
export function scheduleAtRest(item: AtRest): Pick<NetworkItem, 'dueAt' | 'sendAt'> {
  const leaseEnd = certificateLeaseEnd(item);
  const times = [item.comparison?.dueAt ?? null, leaseEnd === null ? null : leaseEnd + CLOCKS_AGREE_MS];
  const known = times.filter((at) => at !== null);
  const at = known.length === 0 ? null : Math.min(...known);
  return { dueAt: at, sendAt: at };
}
