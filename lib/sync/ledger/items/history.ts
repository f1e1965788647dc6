import type { CertificateState, HostingState } from '../states.ts';
import { toInstant } from '../time.ts';

export interface HistoryEntry {
  /** RFC 3339, UTC, milliseconds. */
  readonly at: string;
  readonly what: string;
  readonly detail: string;
}

/** What is noted besides a new state (docs/reference/logs.md, "History entries"). */
export const HISTORY_EVENTS = [
  'accepted',
  'announced',
  'certificate-wanted',
  'waiting',
  'held',
  'parking',
  'unparked',
  'www-withheld',
  'missing',
  'moved',
  'redriven',
] as const;

export type HistoryEvent = (typeof HISTORY_EVENTS)[number];

const KEPT_ENTRIES = 20;

/** The history with one entry more, the oldest dropped; the same thing twice in a row moves its time only. */
export function withEntry(
  history: readonly HistoryEntry[],
  now: number,
  what: HistoryEvent | HostingState | CertificateState,
  detail = '',
): HistoryEntry[] {
  const entry = { at: toInstant(now), what, detail };
  const last = history.at(-1);
  const kept = last?.what === what && last.detail === detail ? history.slice(0, -1) : history;
  return [...kept, entry].slice(-KEPT_ENTRIES);
}
