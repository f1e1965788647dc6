import { Unavailable } from '../../errors.ts';
import type { Notice, NoticesItem } from '../ledger/items/notices-item.ts';
import { noticesKey } from '../ledger/keys.ts';
import type { Clock, DueWork, Ledger } from '../ledger/ports.ts';
import { DAY_MS, HOUR_MS, MINUTE_MS } from '../ledger/time.ts';
import { unlessUnreadable } from '../ledger/unreadable.ts';
import { type ItemUpdate, updateItem } from '../ledger/updates/update.ts';
import { EVERY_NETWORK, type Mail, mailOf } from './mail.ts';
import { recordRecurring } from './record.ts';
import { mailAt, noticeName } from './schedule.ts';

/** How notices leave. Both throw `Unavailable`. */
export interface Mailer {
  readonly publish: (mail: Mail) => Promise<void>;
  /** Dead letters in all queues that are not handled yet. */
  readonly countDeadLetters: () => Promise<number>;
  /** The options of the command line that name this deployment: `--stage prod`. */
  readonly target: string;
}

export interface PublishServices {
  readonly ledger: Pick<Ledger, 'read' | 'write' | 'due'>;
  readonly clock: Pick<Clock, 'now'>;
  readonly mailer: Mailer;
}

/** Mails of one sweep. More networks than this with news of one minute get it in the next. */
const MOST_AT_ONCE = 20;
/** No mail is begun after this: the sweep's messages wait for the mails. */
const MAILS_TAKE_MS = 10_000;
/** With those that cannot be read. They stay due, oldest first, and none behind them waits for them. */
const MOST_ASKED = 500;
/** When a day's first reader of mails comes, in UTC. */
const REMINDER_AT_MS = 7 * HOUR_MS;

function isSame(a: Notice, b: Notice): boolean {
  return noticeName(a) === noticeName(b) && a.message === b.message;
}

function withoutMailed(mailed: NoticesItem, now: number) {
  return (item: NoticesItem | undefined): ItemUpdate<NoticesItem, undefined> => {
    if (item === undefined) return { result: undefined };
    const waiting = item.waiting.filter((notice) => !mailed.waiting.some((it) => isSame(it, notice)));
    const next = { ...item, waiting, more: Math.max(0, item.more - mailed.more), mailedAt: now };
    return { write: { ...next, sendAt: mailAt(next, now) }, result: undefined };
  };
}

async function mailNetwork({ network }: DueWork, s: PublishServices): Promise<'done'> {
  const key = noticesKey(network);
  const item = (await s.ledger.read(key))?.item;
  const now = s.clock.now();
  if (item === undefined || item.sendAt === null || item.sendAt > now) return 'done';
  await s.mailer.publish(mailOf(item, s.mailer.target));
  await updateItem(s.ledger, key, withoutMailed(item, now));
  return 'done';
}

/** Once a day, in one minute of it, so that nothing has to be remembered. */
async function remindOfDeadLetters({ ledger, clock, mailer }: PublishServices): Promise<void> {
  const now = clock.now();
  const ofDayMs = now % DAY_MS;
  if (ofDayMs < REMINDER_AT_MS || ofDayMs >= REMINDER_AT_MS + MINUTE_MS) return;
  const count = await mailer.countDeadLetters();
  if (count === 0) return;
  const notice = {
    code: 'dead-letters-unread',
    message: `${count} dead ${count === 1 ? 'letter lies' : 'letters lie'} unread; SQS deletes each after fourteen days`,
    fix: 'Correct what each names, then retry it, or drop it',
    command: 'dead-letters list --all',
  } as const;
  await recordRecurring(ledger, EVERY_NETWORK, notice, now);
}

/**
 * Mails the notices that are due, one mail for each network. A crash between a mail and its record mails it twice. Throws
 * `Unavailable`; what was not mailed, as where SNS is slow, stays due. A network whose item DynamoDB throttles holds up no other's mail.
 */
export async function publishNotices(s: PublishServices): Promise<void> {
  await remindOfDeadLetters(s);
  let outOfReach: Unavailable | undefined;
  let tried = 0;
  const begunAt = s.clock.now();
  for (const due of await s.ledger.due('notices', begunAt, MOST_ASKED)) {
    if (tried >= MOST_AT_ONCE || s.clock.now() >= begunAt + MAILS_TAKE_MS) break;
    try {
      if ((await unlessUnreadable(() => mailNetwork(due, s))) !== undefined) tried += 1;
    } catch (error) {
      if (!(error instanceof Unavailable) || error.what !== 'ledger') throw error;
      outOfReach ??= error;
      tried += 1;
    }
  }
  if (outOfReach !== undefined) throw outOfReach;
}
