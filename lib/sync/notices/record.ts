import { Unavailable } from '../../errors.ts';
import type { Notice, NoticesItem } from '../ledger/items/notices-item.ts';
import { noticesKey } from '../ledger/keys.ts';
import type { Ledger } from '../ledger/ports.ts';
import { ifUsable } from '../ledger/unreadable.ts';
import { type ItemUpdate, updateItem } from '../ledger/updates/update.ts';
import { type NoticeCode, noticeKinds } from './codes.ts';
import { inRoom, isToldNowhereElse } from './room.ts';
import { mailAt, noticeName } from './schedule.ts';
import { isTold, type News, recentlyTold, withoutTold, withTold } from './told.ts';

export interface NewNotice {
  readonly code: NoticeCode;
  readonly domain?: string;
  /** What happened, in a sentence. */
  readonly message: string;
  /** What the reader does about it, in a sentence. */
  readonly fix?: string;
  /** What follows `relay` on the command line, without `--network`: `status shop.example`. */
  readonly command?: string;
  /** It lasts until a notice that `ends` this code: told again every day. */
  readonly lasts?: boolean;
  readonly ends?: NoticeCode;
  /** A worker that is slow to record what became of a subject does not undo later news of it. */
  readonly news?: News;
}

export function freshNotices(network: string): NoticesItem {
  return { network, waiting: [], more: 0, told: [], lasting: [], mailedAt: null, sendAt: null };
}

/** A refusal of RunCloud may quote much; the log has all of it. */
const LONGEST_TEXT = 400;

function shortened(text: string): string {
  return text.length <= LONGEST_TEXT ? text : `${text.slice(0, LONGEST_TEXT - 1)}…`;
}

function toNotice({ code, domain, message, fix, command }: NewNotice, now: number): Notice {
  return {
    code,
    domain: domain ?? null,
    message: shortened(message),
    fix: fix === undefined ? null : shortened(fix),
    command: command ?? null,
    at: now,
  };
}

/** The newest text of each notice, in the place of its first. */
function gathered(waiting: readonly Notice[], notice: Notice): readonly Notice[] {
  const name = noticeName(notice);
  const known = waiting.findIndex((it) => noticeName(it) === name);
  if (known < 0) return [...waiting, notice];
  return waiting.with(known, { ...notice, at: waiting[known]?.at ?? notice.at });
}

function lastingAfter(item: NoticesItem, notice: Notice, { lasts, ends }: NewNotice): readonly Notice[] {
  const left = item.lasting.filter(({ code }) => code !== ends && code !== notice.code);
  return lasts === true ? [...left, notice] : left;
}

function withNotice(network: string, recorded: NewNotice, now: number) {
  return (stored: NoticesItem | undefined): ItemUpdate<NoticesItem, 'recorded' | 'no-room'> => {
    const item = stored ?? freshNotices(network);
    const notice = toNotice(recorded, now);
    if (isTold(item, recorded, now)) return { result: 'recorded' };
    const { kept, dropped } = inRoom(gathered(item.waiting, notice));
    if (dropped.some(isToldNowhereElse)) return { result: 'no-room' };
    const remembered = noticeKinds[recorded.code] === 'condition' || recorded.news !== undefined;
    const next: NoticesItem = {
      ...item,
      waiting: kept,
      more: item.more + dropped.length,
      told: withoutTold(remembered ? withTold(item, recorded, now) : recentlyTold(item, now), dropped),
      lasting: lastingAfter(item, notice, recorded),
    };
    return { write: { ...next, sendAt: mailAt(next, now) }, result: 'recorded' };
  };
}

/**
 * Records something that a person has to know of a network. The sweep mails it, so a pass never waits for a mail, and a burst
 * becomes one mail. Recording the same thing again costs a read. Throws `Unavailable`, also where what is told nowhere else has no room in
 * the next mail, and `UnreadableItem`: a caller that tells something once tells it later, and one that tells it again and again goes on
 * without (`recordRecurring`).
 */
export async function recordNotice(
  ledger: Pick<Ledger, 'read' | 'write'>,
  network: string,
  notice: NewNotice,
  now: number,
): Promise<void> {
  const result = await updateItem(ledger, noticesKey(network), withNotice(network, notice, now));
  if (result === 'no-room')
    throw new Unavailable('ledger', new Error(`The next mail of ${network} has no room for ${notice.code}`));
}

/** The same for what is told again, or told elsewhere too: without the item of the notices it is left out. */
export async function recordRecurring(
  ledger: Pick<Ledger, 'read' | 'write'>,
  network: string,
  notice: NewNotice,
  now: number,
): Promise<void> {
  await ifUsable(() => recordNotice(ledger, network, notice, now));
}
