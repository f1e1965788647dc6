import type { Unavailable } from '../../errors.ts';
import { sweepKey, type WorkKind } from '../ledger/keys.ts';
import type { DueWork, Ledger } from '../ledger/ports.ts';
import { updateItem } from '../ledger/updates/update.ts';
import { type Mailer, publishNotices } from '../notices/publish.ts';
import { endSweep, takeSweep } from './lease.ts';
import { AHEAD_MS } from './messages.ts';
import { type RoundServices, type Swept, sendRound } from './round.ts';

export interface SweeperServices extends RoundServices {
  readonly mailer: Mailer;
  /** Takes what kept notices from being mailed: they stay due, and no other work waits for them. */
  readonly reportUnmailed: (error: unknown) => void;
  readonly newOwner: () => string;
}

/** The kinds of work, in the order of their rounds. */
const KINDS = ['domain', 'network', 'certificate', 'outcome'] as const satisfies readonly WorkKind[];

/** Items of one round: it must end within ROUND_NEEDS_MS, on a slow CPU too. */
const PAGE = 100;
/** Left for the last messages and the end of the lease. */
const ROUND_NEEDS_MS = 5_000;

/** What a sweep has handled of one kind of work. */
class Handled {
  readonly #names = new Set<string>();
  /** The index lags, so it may show handled works again: how many it showed last. */
  #shownAgain = 0;

  /** The next works of that kind, at most one round; empty when there are no others. */
  async next(kind: WorkKind, until: number, ledger: Pick<Ledger, 'due'>): Promise<readonly DueWork[]> {
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

/**
 * Sends a round of each kind in turn, so that thousands of one kind do not starve the others. Throws `Unavailable` for an item
 * that was out of reach once all other work has its message.
 */
async function sendDue(deadlineAt: number, s: RoundServices): Promise<Swept> {
  let sent = 0;
  let failed = 0;
  let outOfReach: Unavailable | undefined;
  const lastRoundAt = deadlineAt - ROUND_NEEDS_MS;
  const open = new Map<WorkKind, Handled>(KINDS.map((kind) => [kind, new Handled()]));
  while (open.size > 0) {
    for (const [kind, handled] of [...open]) {
      if (s.clock.now() > lastRoundAt) return { sent, failed };
      const works = await handled.next(kind, s.clock.now() + AHEAD_MS, s.ledger);
      if (works.length === 0) open.delete(kind);
      else {
        const round = await sendRound(kind, works, lastRoundAt, s);
        sent += round.sent;
        failed += round.failed;
        outOfReach ??= round.outOfReach;
        handled.add(works);
      }
    }
  }
  if (outOfReach !== undefined) throw outOfReach;
  return { sent, failed };
}

/**
 * Mails due notices, sends a message for all due work, and schedules the next one. It does not call RunCloud and does not change what is
 * wanted. One sweep runs at a time; the next one continues where it stopped.
 */
export async function sweep(deadlineAt: number, s: SweeperServices): Promise<Swept> {
  const owner = s.newOwner();
  const now = s.clock.now();
  if (!(await updateItem(s.ledger, sweepKey, takeSweep(owner, now, deadlineAt))))
    return { sent: 0, failed: 0 };
  try {
    await publishNotices(s).catch(s.reportUnmailed);
    return await sendDue(deadlineAt, s);
  } finally {
    // Also when the queue is unavailable: the next sweep must not wait until this lease ends.
    await updateItem(s.ledger, sweepKey, endSweep(owner));
  }
}
