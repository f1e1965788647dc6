import type { Notice } from '../ledger/items/notices-item.ts';
import { isGoodNews, MOST_WAITING } from './schedule.ts';

/** A failure has a dead letter, a pause is repeated every day, a condition is met again: only this is told by its notice alone. */
export function isToldNowhereElse({ code }: Pick<Notice, 'code'>): boolean {
  return code === 'removal-refused';
}

function weightOf(notice: Notice): number {
  if (isToldNowhereElse(notice)) return 3;
  if (isGoodNews(notice)) return 0;
  return notice.domain === null ? 2 : 1;
}

/**
 * What a mail has room for, in the order given, and what has to give way: good news first, then what went wrong with single domains, and
 * of equals the newest.
 */
export function inRoom(all: readonly Notice[]): {
  readonly kept: readonly Notice[];
  readonly dropped: readonly Notice[];
} {
  const heaviest = new Set(all.toSorted((a, b) => weightOf(b) - weightOf(a)).slice(0, MOST_WAITING));
  return {
    kept: all.filter((notice) => heaviest.has(notice)),
    dropped: all.filter((notice) => !heaviest.has(notice)),
  };
}
