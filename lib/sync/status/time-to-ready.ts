import type { HistoryEntry } from '../ledger/history.ts';

/**
 * The time from the entry that started the work (`begins`) to the first one that ended it (`arrived`). Undefined unless
 * that is the last entry: a later return to the same state was not waited for since then.
 */
export function timeToReadyMs(
  history: readonly HistoryEntry[],
  begins: readonly string[],
  arrived: string,
): number | undefined {
  const begun = history.findLastIndex(({ what }) => begins.includes(what));
  const first = history.findIndex(({ what }, index) => index > begun && what === arrived);
  const [from, to] = [history[begun], history[first]];
  if (from === undefined || to === undefined || first !== history.length - 1) return undefined;
  return Date.parse(to.at) - Date.parse(from.at);
}
