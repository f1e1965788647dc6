import { Unavailable } from '../../errors.ts';
import type { DomainDelays } from '../ledger/delays.ts';
import { inBatches } from '../ledger/in-batches.ts';
import { sweepKey, type WorkKind } from '../ledger/keys.ts';
import { AFTER_LEASE_MS, heldByOther, isHeld, type Lease, taken } from '../ledger/lease.ts';
import { toDelaySeconds } from '../ledger/message-delay.ts';
import type { Clock, DelayedMessage, DueWork, Ledger, Queue } from '../ledger/ports.ts';
import type { SweepItem } from '../ledger/shared-items.ts';
import { CLOCKS_AGREE_MS, MINUTE_MS } from '../ledger/time.ts';
import { type ItemUpdate, updateItem } from '../ledger/update.ts';
import type { Schedule } from '../ledger/work-item.ts';

export interface SweepServices {
  readonly ledger: Ledger;
  readonly queue: Pick<Queue, 'send'>;
  readonly certificateQueue: Pick<Queue, 'send'>;
  readonly clock: Clock;
  readonly delays: DomainDelays;
  readonly certificateDelays: { readonly resendMs: number };
  readonly newOwner: () => string;
  /** Told of an item that could not be read or moved; the others go on. */
  readonly report: (error: unknown, work: DueWork) => void;
}

export interface Swept {
  readonly sent: number;
  /** Messages the queue did not take: they stay due and are sent by the next sweep. */
  readonly failed: number;
}

/** Kinds of work, by the queue whose worker looks at them. */
const KINDS = ['domain', 'network', 'certificate'] as const satisfies readonly WorkKind[];

/** The next sweep comes in a minute: what is due by then is sent now, with a delay. */
const AHEAD_MS = MINUTE_MS;
/** So many items make a round: it must end within what is left for it, on a slow CPU too. */
const PAGE = 100;
const AT_ONCE = 10;
/** Left for the last messages and the end of the lease. */
const ROUND_NEEDS_MS = 5_000;

function takeSweep(owner: string, now: number, leaseUntil: number) {
  return (item: SweepItem | undefined): ItemUpdate<SweepItem, boolean> => {
    if (item !== undefined && heldByOther(item, owner, now)) return { result: false };
    return { write: taken(owner, leaseUntil), result: true };
  };
}

function endSweep(owner: string) {
  return (item: SweepItem | undefined): ItemUpdate<SweepItem, undefined> =>
    item?.owner === owner
      ? { write: { owner: null, leaseUntil: 0 }, result: undefined }
      : { result: undefined };
}

type Hinted = Lease & Pick<Schedule, 'dueAt' | 'sendAt'> & Partial<Pick<Schedule, 'toSend'>>;

/** When to send again what a held lease refuses, for its owner may have been killed. Infinity: the work is free. */
function afterLease(item: Lease, now: number): number {
  return isHeld(item, now - CLOCKS_AGREE_MS) ? item.leaseUntil + AFTER_LEASE_MS : Number.POSITIVE_INFINITY;
}

/**
 * The rule of a sent message: moves `sendAt` only if it is still what the sweep read. Else a settled item would get a
 * schedule back, or a newer word would wait for an old message's time.
 */
export function movedSendAt<T extends Hinted>(
  item: T | undefined,
  sent: { readonly sendAt: number; readonly now: number; readonly resendMs: number },
): ItemUpdate<T, undefined> {
  if (item === undefined || item.sendAt !== sent.sendAt) return { result: undefined };
  // A dead letter that is owed waits for no look that may be a day away.
  const owing = item.toSend !== undefined && item.toSend.length > 0;
  const from = owing || item.dueAt === null ? sent.now : Math.max(sent.now, item.dueAt);
  const sendAt = Math.min(from + sent.resendMs, afterLease(item, sent.now));
  return { write: { ...item, sendAt }, result: undefined };
}

/**
 * Certificates of one network are looked at together: those due within so much of each other share a message. What is due
 * sooner waits for no company.
 */
const TOGETHER_SECONDS = 15;

function toDelayed(work: DueWork, kind: WorkKind, now: number): DelayedMessage {
  const { network, item, dueAt } = work;
  const seconds = toDelaySeconds((dueAt ?? now) - now);
  switch (kind) {
    case 'domain':
      return { message: { network, domain: item.slice('domain#'.length) }, delaySeconds: seconds };
    case 'network':
      return { message: { network }, delaySeconds: seconds };
    case 'certificate': {
      // A message so long before its look is for a dead letter that is owed.
      if (dueAt !== null && dueAt > now + AHEAD_MS) return { message: { network }, delaySeconds: 0 };
      const shared = Math.ceil(seconds / TOGETHER_SECONDS) * TOGETHER_SECONDS;
      return { message: { network }, delaySeconds: seconds < TOGETHER_SECONDS ? seconds : shared };
    }
  }
}

function nameOf({ message: { network, domain = '' }, delaySeconds }: DelayedMessage): string {
  return `${network}/${domain}/${delaySeconds}`;
}

/** Moves `sendAt` of what was sent. */
function move(
  kind: WorkKind,
  { network, item, sendAt }: DueWork,
  now: number,
  s: SweepServices,
): Promise<undefined> {
  const { resendMs } = kind === 'certificate' ? s.certificateDelays : s.delays;
  const at = { sendAt, now, resendMs };
  switch (kind) {
    case 'domain':
      return updateItem(s.ledger, { kind, network, item }, (stored) => movedSendAt(stored, at));
    case 'certificate':
      return updateItem(s.ledger, { kind, network, item }, (stored) => movedSendAt(stored, at));
    case 'network':
      return updateItem(s.ledger, { kind, network, item }, (stored) => movedSendAt(stored, at));
  }
}

async function sendRound(kind: WorkKind, works: readonly DueWork[], s: SweepServices): Promise<Swept> {
  const now = s.clock.now();
  const queue = kind === 'certificate' ? s.certificateQueue : s.queue;
  const named = works.map((work) => {
    const message = toDelayed(work, kind, now);
    return { work, message, name: nameOf(message) };
  });
  const messages = new Map(named.map(({ name, message }) => [name, message]));
  const refused = new Set((await queue.send([...messages.values()])).map(nameOf));
  /** One item that nobody can read must not hold up those of all networks behind it. */
  const moveOrReport = async (work: DueWork): Promise<void> => {
    try {
      await move(kind, work, now, s);
    } catch (error) {
      if (error instanceof Unavailable) throw error;
      s.report(error, work);
    }
  };
  const accepted = named.filter(({ name }) => !refused.has(name)).map(({ work }) => work);
  await inBatches(accepted, AT_ONCE, moveOrReport);
  return { sent: messages.size - refused.size, failed: refused.size };
}

/** What a sweep has handled of one kind of work. */
class Handled {
  readonly #names = new Set<string>();
  /** The index lags behind the items: so many of what has been handled may be shown again. */
  #shownAgain = 0;

  /** The next works of that kind, no more than a round's; none when there are no others. */
  async next(kind: WorkKind, until: number, ledger: SweepServices['ledger']): Promise<readonly DueWork[]> {
    for (;;) {
      const most = PAGE + this.#shownAgain;
      const page = await ledger.due(kind, until, most);
      const works = page.filter(({ network, item }) => !this.#names.has(`${network}/${item}`));
      this.#shownAgain = page.length - works.length;
      if (works.length > 0 || page.length < most) return works.slice(0, PAGE);
    }
  }

  add(works: readonly DueWork[]): void {
    for (const { network, item } of works) this.#names.add(`${network}/${item}`);
  }
}

/** A round of each kind in turn, so that thousands of one, perhaps of one network, leave the others their place. */
async function sendDue(deadlineAt: number, s: SweepServices): Promise<Swept> {
  let sent = 0;
  let failed = 0;
  const open = new Map<WorkKind, Handled>(KINDS.map((kind) => [kind, new Handled()]));
  while (open.size > 0) {
    for (const [kind, handled] of [...open]) {
      if (s.clock.now() > deadlineAt - ROUND_NEEDS_MS) return { sent, failed };
      const works = await handled.next(kind, s.clock.now() + AHEAD_MS, s.ledger);
      if (works.length === 0) open.delete(kind);
      else {
        const round = await sendRound(kind, works, s);
        sent += round.sent;
        failed += round.failed;
        handled.add(works);
      }
    }
  }
  return { sent, failed };
}

/**
 * Sends a message for everything that is due, and says when to send the next one. It asks nothing of RunCloud and
 * changes nothing that is wanted. One sweep runs at a time; what one does not reach, the next one does.
 */
export async function sweep(deadlineAt: number, s: SweepServices): Promise<Swept> {
  const owner = s.newOwner();
  const now = s.clock.now();
  if (!(await updateItem(s.ledger, sweepKey, takeSweep(owner, now, deadlineAt))))
    return { sent: 0, failed: 0 };
  try {
    return await sendDue(deadlineAt, s);
  } finally {
    // Also when the queue is away: the sweep that finds it again must not wait for the time of this one.
    await updateItem(s.ledger, sweepKey, endSweep(owner));
  }
}
