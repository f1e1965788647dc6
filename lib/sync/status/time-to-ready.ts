import type { HistoryEntry } from '../ledger/history.ts';

/**
 * How long it took from what set a thing in motion (`begins`) until it first stood there (`arrived`). Undefined unless
 * that has just happened, by the last entry: what comes back later was not waited for since then.
 */
export function arrivalMs(
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
