import type { NetworkItem, Pause } from '../ledger/items/network-item.ts';
import type { PauseMoment } from '../ledger/items/outcome-item.ts';

/**
 * Adds the beginning, another cause or the end of a pause to what is told by the network's own work. Written with it, so that no crash
 * loses it. Each moment is later than the one before, though clocks differ and a worker may be slow to write: its readers go by the moment.
 */
export function withMoment(
  item: Pick<NetworkItem, 'toSend' | 'momentAt'>,
  type: PauseMoment['type'],
  { code, message, since }: Pause,
  now: number,
): Required<Pick<NetworkItem, 'toSend' | 'momentAt'>> {
  const { toSend } = item;
  const last = Math.max(item.momentAt ?? 0, toSend.at(-1)?.at ?? 0);
  const at = Math.max(now, last + 1);
  return { toSend: [...toSend, { type, at, code, message, since }], momentAt: at };
}
