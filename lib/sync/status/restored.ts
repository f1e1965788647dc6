import { isRestoredPause, type Pause } from '../ledger/items/network-item.ts';
import { networkKey } from '../ledger/keys.ts';
import type { Ledger } from '../ledger/ports.ts';
import { unlessUnreadable } from '../ledger/unreadable.ts';
import type { DomainSummary, DomainView } from './view.ts';

/** The pause of a network whose ledger was restored; undefined: it was not, or was resumed since. */
export async function restoredPause(
  ledger: Pick<Ledger, 'read'>,
  network: string,
): Promise<Pause | undefined> {
  const stored = await unlessUnreadable(() => ledger.read(networkKey(network)));
  const pause = stored?.item.pause ?? null;
  return pause !== null && isRestoredPause(pause) ? pause : undefined;
}

/** What a restored ledger knows of a domain may be old, so a settled domain is shown as paused too. */
export function summaryIn<T extends DomainSummary>(pause: Pause | undefined, summary: T): T {
  if (pause === undefined) return summary;
  const { code, since } = pause;
  return { ...summary, hosting: { ...summary.hosting, state: 'paused', reason: code, since } };
}

/** The same with the error of the pause, and what ends it. */
export function viewIn(pause: Pause | undefined, view: DomainView): DomainView {
  if (pause === undefined) return view;
  const { code, since } = pause;
  const fix = `relay sync with the multisite's list and --remove-missing, then relay network resume ${view.network}`;
  return { ...summaryIn(pause, view), lastError: { code, message: `${pause.message}: ${fix}`, at: since } };
}
