import { toInstant } from './time.ts';

export interface HistoryEntry {
  /** RFC 3339, UTC, milliseconds. */
  readonly at: string;
  readonly what: string;
  readonly detail: string;
}

const KEPT_ENTRIES = 20;

/** The history with one entry more, the oldest dropped; the same thing twice in a row moves its time only. */
export function withEntry(
  history: readonly HistoryEntry[],
  now: number,
  what: string,
  detail = '',
): HistoryEntry[] {
  const entry = { at: toInstant(now), what, detail };
  const last = history.at(-1);
  const kept = last?.what === what && last.detail === detail ? history.slice(0, -1) : history;
  return [...kept, entry].slice(-KEPT_ENTRIES);
}
