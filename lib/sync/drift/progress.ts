import type { ComparisonItem } from '../ledger/items/comparison-item.ts';
import type { NetworkItem } from '../ledger/items/network-item.ts';
import { comparisonKey } from '../ledger/keys.ts';
import type { Ledger } from '../ledger/ports.ts';
import type { App } from '../ledger/runcloud-ports.ts';
import { isSameApp } from '../ledger/same-app.ts';
import { DAY_MS, HOUR_MS, toTtl } from '../ledger/time.ts';
import { updateItem } from '../ledger/updates/update.ts';
import { ComparedList } from './compared-list.ts';
import { noNames } from './name-list.ts';

/** An older reading no longer describes RunCloud. */
const GOES_STALE_AFTER_MS = 6 * HOUR_MS;
const FORGOTTEN_AFTER_MS = 2 * DAY_MS;

/** A comparison that is not finished. */
export interface ComparisonProgress extends Pick<ComparisonItem, 'begunAt' | 'unwanted' | 'unknown'> {
  readonly reading: ComparedList;
}

/** Continues from what an earlier call has read, or starts anew if that is stale or of another application. */
export async function resumeProgress(
  ledger: Pick<Ledger, 'read'>,
  { network, comparison }: Pick<NetworkItem, 'network' | 'comparison'>,
  app: App,
  now: number,
): Promise<ComparisonProgress> {
  const anew: ComparisonProgress = {
    begunAt: now,
    unwanted: noNames,
    unknown: noNames,
    reading: new ComparedList(),
  };
  const begunAt = comparison?.begunAt ?? null;
  if (begunAt === null || begunAt < now - GOES_STALE_AFTER_MS) return anew;
  const stored = (await ledger.read(comparisonKey(network)))?.item;
  if (stored?.begunAt !== begunAt || !isSameApp(stored, app)) return anew;
  const { unwanted, unknown } = stored;
  return { begunAt, unwanted, unknown, reading: new ComparedList(stored) };
}

/** Stores a comparison for the call that continues it. */
export function storeProgress(
  ledger: Ledger,
  network: string,
  app: App,
  progress: ComparisonProgress,
): Promise<void> {
  return updateItem(ledger, comparisonKey(network), () => {
    const { begunAt, unwanted, unknown, reading } = progress;
    const expiresAt = toTtl(begunAt + FORGOTTEN_AFTER_MS);
    const { serverId, appId } = app;
    const write = { begunAt, serverId, appId, ...reading.toStored(), unwanted, unknown, expiresAt };
    return { write, result: undefined };
  });
}
