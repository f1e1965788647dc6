/**
 * How each notice is told. `information` waits for a digest. An `event` is told every time. A `condition` is met by pass
 * after pass, so it is told once a day.
 */
export const noticeKinds = {
  'domain-settled': 'information',
  'domain-failed': 'event',
  'certificate-failed': 'event',
  'removal-refused': 'event',
  'network-paused': 'event',
  'network-resumed': 'event',
  'removals-limited': 'condition',
  'additions-limited': 'condition',
  'held-by-name': 'condition',
  'drift-found': 'condition',
  'outcome-failed': 'condition',
  'dead-letters-unread': 'event',
} as const satisfies Record<string, 'information' | 'event' | 'condition'>;

/** Every notice that an operator can get. */
export type NoticeCode = keyof typeof noticeKinds;
