import type { Notice, NoticesItem } from '../ledger/items/notices-item.ts';
import { DAY_MS, MINUTE_MS } from '../ledger/time.ts';
import { noticeKinds } from './codes.ts';

/** A network gets one mail in this time, at most. */
const BETWEEN_MAILS_MS = 15 * MINUTE_MS;
const BETWEEN_REMINDERS_MS = DAY_MS;

/** A mail with more lines than this is not read; the rest is counted. */
export const MOST_WAITING = 25;

const informative: ReadonlySet<string> = new Set(
  Object.entries(noticeKinds).flatMap(([code, kind]) => (kind === 'information' ? [code] : [])),
);

export function isGoodNews({ code }: Pick<Notice, 'code'>): boolean {
  return informative.has(code);
}

/** Two notices of one name say the same, perhaps with newer words. */
export function noticeName({ code, domain }: Pick<Notice, 'code' | 'domain'>): string {
  return domain === null ? code : `${code} ${domain}`;
}

/** When the waiting notices are mailed. Good news waits for more of it. What came during a mail may be counted only. */
function waitingAt({ waiting, more }: NoticesItem, now: number): number | null {
  const [first] = waiting;
  if (first === undefined) return more > 0 ? now : null;
  return waiting.every(isGoodNews) ? first.at + BETWEEN_MAILS_MS : now;
}

/** What lasts is mailed again a day after the last mail. */
function reminderAt({ lasting, mailedAt }: NoticesItem): number | null {
  const [first] = lasting;
  return first === undefined ? null : Math.max(first.at, mailedAt ?? 0) + BETWEEN_REMINDERS_MS;
}

/** When the network's next mail goes out; null: there is nothing to say. */
export function mailAt(item: NoticesItem, now: number): number | null {
  const times = [waitingAt(item, now), reminderAt(item)].filter((at) => at !== null);
  if (times.length === 0) return null;
  return Math.max(Math.min(...times), (item.mailedAt ?? 0) + BETWEEN_MAILS_MS);
}

/** Nothing is mailed every day any more. */
export function withoutLasting(item: NoticesItem, now: number): NoticesItem {
  const next = { ...item, lasting: [] };
  return { ...next, sendAt: mailAt(next, now) };
}
