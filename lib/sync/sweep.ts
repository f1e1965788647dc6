import { Unavailable } from '../errors.ts';
import { type Change, change } from './change.ts';
import {
  type Key,
  type NetworkItem,
  type Schedule,
  type SweepItem,
  sweepKey,
  type WorkKind,
} from './items.ts';
import type { Clock, DelayedHint, DueWork, Hint, Ledger, Queue } from './ports.ts';
import type { DomainWaits } from './waits.ts';

export interface SweepServices {
  readonly ledger: Ledger;
  readonly queue: Pick<Queue, 'send'>;
  readonly clock: Clock;
  readonly waits: DomainWaits;
  readonly newOwner: () => string;
  /** Told of an item that could not be read or moved; the others go on. */
  readonly report: (error: unknown, work: DueWork) => void;
}

export interface Swept {
  readonly sent: number;
  /** Hints the queue did not take: they stay due and are sent by the next sweep. */
  readonly failed: number;
}

/** What the domain queue's worker looks at. Certificates are swept when they have a queue. */
const KINDS = ['domain', 'network'] as const satisfies readonly WorkKind[];
type WorkerKind = (typeof KINDS)[number];

/** SQS holds a message back no longer (contracts/aws.md); a hint that comes early is refused and sent again. */
const LONGEST_DELAY_SECONDS = 900;
/** The next sweep comes in a minute: what is due by then is sent now, with a delay. */
const AHEAD_MS = 60_000;
const PAGE = 100;
const AT_ONCE = 10;
/** Left for the last hints and the end of the lease. */
const ROUND_NEEDS_MS = 5_000;

const takeSweep =
  (owner: string, now: number, leaseUntil: number) =>
  (item: SweepItem | undefined): Change<SweepItem, boolean> => {
    if (item !== undefined && item.owner !== owner && item.leaseUntil > now) return { result: false };
    return { write: { owner, leaseUntil }, result: true };
  };

const endSweep =
  (owner: string) =>
  (item: SweepItem | undefined): Change<SweepItem, undefined> =>
    item?.owner === owner
      ? { write: { owner: null, leaseUntil: 0 }, result: undefined }
      : { result: undefined };

/**
 * The rule of a sent hint: moves `sendAt` only if it is still what the sweep read. Else a settled item would get a
 * schedule back, or a newer word would wait for an old hint's time.
 */
export const hinted = <T extends Pick<Schedule, 'dueAt' | 'sendAt'>>(
  item: T | undefined,
  sent: { readonly sendAt: number; readonly now: number; readonly sentAgainMs: number },
): Change<T, undefined> => {
  if (item === undefined || item.sendAt !== sent.sendAt) return { result: undefined };
  const sendAt = Math.max(sent.now, item.dueAt ?? sent.now) + sent.sentAgainMs;
  return { write: { ...item, sendAt }, result: undefined };
};

const toHint = ({ network, item }: DueWork, kind: WorkerKind): Hint =>
  kind === 'domain' ? { network, domain: item.slice('domain#'.length) } : { network };

const toDelayed = (work: DueWork, kind: WorkerKind, now: number): DelayedHint => {
  const seconds = Math.ceil(((work.dueAt ?? now) - now) / 1_000);
  return { hint: toHint(work, kind), delaySeconds: Math.min(Math.max(0, seconds), LONGEST_DELAY_SECONDS) };
};

const sendRound = async (kind: WorkerKind, works: readonly DueWork[], s: SweepServices): Promise<Swept> => {
  const now = s.clock.now();
  const hints = works.map((work) => toDelayed(work, kind, now));
  const refused = new Set((await s.queue.send(hints)).map(({ hint }) => nameOf(hint)));
  const { sentAgainMs } = s.waits;
  const move = (work: DueWork): Promise<undefined> => {
    const at = { sendAt: work.sendAt, now, sentAgainMs };
    if (kind === 'domain') {
      const key: Key<'domain'> = { kind, network: work.network, item: work.item };
      return change(s.ledger, key, (item) => hinted(item, at));
    }
    const key: Key<'network'> = { kind, network: work.network, item: work.item };
    return change(s.ledger, key, (item) => hinted<NetworkItem>(item, at));
  };
  /** One item that nobody can read must not hold up those of all networks behind it. */
  const moveOrReport = async (work: DueWork): Promise<void> => {
    try {
      await move(work);
    } catch (error) {
      if (error instanceof Unavailable) throw error;
      s.report(error, work);
    }
  };
  const accepted = works.filter((_, i) => {
    const sent = hints[i];
    return sent !== undefined && !refused.has(nameOf(sent.hint));
  });
  for (let i = 0; i < accepted.length; i += AT_ONCE) {
    await Promise.all(accepted.slice(i, i + AT_ONCE).map(moveOrReport));
  }
  return { sent: accepted.length, failed: works.length - accepted.length };
};

const nameOf = ({ network, domain }: Hint): string => `${network}/${domain ?? ''}`;

const sendDue = async (deadlineAt: number, s: SweepServices): Promise<Swept> => {
  let sent = 0;
  let failed = 0;
  for (const kind of KINDS) {
    // The index lags behind the items: what has been handled may be shown again.
    const handled = new Set<string>();
    for (;;) {
      const until = s.clock.now() + AHEAD_MS;
      const page = await s.ledger.due(kind, until, PAGE + handled.size);
      const works = page.filter(({ network, item }) => !handled.has(`${network}/${item}`));
      if (works.length === 0 || s.clock.now() > deadlineAt - ROUND_NEEDS_MS) break;
      const round = await sendRound(kind, works, s);
      sent += round.sent;
      failed += round.failed;
      for (const { network, item } of works) handled.add(`${network}/${item}`);
    }
  }
  return { sent, failed };
};

/**
 * Sends a hint for everything that is due, and says when to send the next one. It asks nothing of RunCloud and
 * changes nothing that is wanted. One sweep runs at a time; what one does not reach, the next one does.
 */
export const sweep = async (deadlineAt: number, s: SweepServices): Promise<Swept> => {
  const owner = s.newOwner();
  const now = s.clock.now();
  if (!(await change(s.ledger, sweepKey, takeSweep(owner, now, deadlineAt)))) return { sent: 0, failed: 0 };
  try {
    return await sendDue(deadlineAt, s);
  } finally {
    // Also when the queue is away: the sweep that finds it again must not wait for the time of this one.
    await change(s.ledger, sweepKey, endSweep(owner));
  }
};
