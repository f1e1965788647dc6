import { Unavailable } from '../../errors.ts';
import type { DomainDelays } from '../ledger/delays.ts';
import type { OutcomeItem, PauseMoment } from '../ledger/items/outcome-item.ts';
import { emptyWorkItem, makeDue, type OwedOutcome } from '../ledger/items/work-item.ts';
import { outcomeKey } from '../ledger/keys.ts';
import type { Clock, Ledger, Queue } from '../ledger/ports.ts';
import { unlessUnreadable } from '../ledger/unreadable.ts';
import { type ItemUpdate, updateItem } from '../ledger/updates/update.ts';
import { recordNotice } from '../notices/record.ts';
import { noticeOfOutcome, noticeOfPause } from './notices.ts';

export interface TellServices {
  readonly ledger: Pick<Ledger, 'read' | 'write'>;
  readonly outcomeQueue: Pick<Queue, 'send'>;
  readonly clock: Pick<Clock, 'now'>;
  readonly delays: Pick<DomainDelays, 'apiMarginMs'>;
}

export interface TellDomainServices extends TellServices {
  /** People are told of successes too. */
  readonly successNotices: boolean;
}

type NewOutcome = Pick<OutcomeItem, 'network' | 'id' | 'content'>;

/** Handed on twice after a crash, an outcome keeps the schedule that it has. */
function opened(outcome: NewOutcome, now: number, sendAt: number) {
  return (known: OutcomeItem | undefined): ItemUpdate<OutcomeItem, undefined> => {
    if (known !== undefined) return { result: undefined };
    const due = makeDue(emptyWorkItem, now, sendAt);
    return {
      write: { ...emptyWorkItem, ...outcome, ...due, state: 'open', expiresAt: null },
      result: undefined,
    };
  };
}

/** The ledger schedules the posting; the message only makes it quick. */
async function openOutcome(outcome: NewOutcome, s: TellServices): Promise<void> {
  const { network, id } = outcome;
  const now = s.clock.now();
  const sendAt = now + s.delays.apiMarginMs;
  await unlessUnreadable(() => updateItem(s.ledger, outcomeKey(network, id), opened(outcome, now, sendAt)));
  try {
    await s.outcomeQueue.send([{ message: { network, outcome: id }, delaySeconds: 0 }]);
  } catch (error) {
    if (!(error instanceof Unavailable)) throw error;
  }
}

interface Place {
  readonly network: string;
  readonly domain: string;
}

/** Hands what became of a domain on to the multisite, as an outcome. */
export async function tellMultisite(
  { network, domain }: Place,
  { toMultisite, id, type, at, inReplyTo }: OwedOutcome,
  s: TellServices,
): Promise<void> {
  if (toMultisite) await openOutcome({ network, id, content: { type, at, domain, inReplyTo } }, s);
}

/** Hands it on to people, as a notice. */
export async function tellPeople(
  { network, domain }: Place,
  owed: OwedOutcome,
  { ledger, clock, successNotices }: TellDomainServices,
): Promise<void> {
  const notice = noticeOfOutcome(domain, owed);
  const toPeople = successNotices || owed.type === 'domain.failed';
  if (notice !== undefined && toPeople) await recordNotice(ledger, network, notice, clock.now());
}

/** Hands on that a network was paused, or goes on. The multisite does not wait for the notice. */
export async function tellPause(network: string, moment: PauseMoment, s: TellServices): Promise<void> {
  const id = `msg_${network}-${moment.type.slice('network.'.length)}-${moment.at}`;
  try {
    await openOutcome({ network, id, content: moment }, s);
  } finally {
    // Nor does the notice wait for the item of the outcome.
    await recordNotice(s.ledger, network, noticeOfPause(moment), s.clock.now());
  }
}
