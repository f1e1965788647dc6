import type { NoticeCode } from './codes.ts';

/** What a subject says of each notice, after the name of its domain or network. */
const titles: Readonly<Record<NoticeCode, string>> = {
  'domain-settled': 'settled',
  'domain-failed': 'failed',
  'certificate-failed': 'no certificate',
  'removal-refused': 'not removed',
  'network-paused': 'paused',
  'network-resumed': 'resumed',
  'removals-limited': 'removals wait',
  'additions-limited': 'additions wait',
  'held-by-name': 'certificates wait',
  'drift-found': 'drift',
  'outcome-failed': 'multisite not told',
  'dead-letters-unread': 'dead letters unread',
};

/** A code that a newer version has recorded stands for itself. */
export function titleOf(code: string): string {
  return new Map<string, string>(Object.entries(titles)).get(code) ?? code;
}
