import type { NetworkItem } from '../ledger/items.ts';
import { spreadOver } from './fingerprint.ts';

export const HOUR_MS = 60 * 60 * 1_000;
export const DAY_MS = 24 * HOUR_MS;

/**
 * When a network's daily work is due: at a time of day of its own, so that networks which were set up at the same moment
 * do not ask RunCloud at the same moment ever after. At least an hour away.
 */
export const nextDaily = (network: string, now: number): number => {
  const soonest = now + HOUR_MS;
  const midnight = soonest - (soonest % DAY_MS);
  const today = midnight + spreadOver(network, DAY_MS);
  return today >= soonest ? today : today + DAY_MS;
};

/**
 * A network has a schedule of its own even when nothing is wrong: its next comparison. So the sweep finds it like any
 * other work, and nobody has to go over all networks.
 */
export const scheduleAtRest = ({
  comparison,
}: Pick<NetworkItem, 'comparison'>): Pick<NetworkItem, 'dueAt' | 'sendAt'> => {
  const at = comparison?.dueAt ?? null;
  return { dueAt: at, sendAt: at };
};
