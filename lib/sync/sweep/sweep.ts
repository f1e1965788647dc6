import type { Unavailable } from '../../errors.ts';
import { sweepKey, type WorkKind } from '../ledger/keys.ts';
import { takenLease } from '../ledger/updates/taken-lease.ts';
import { readSeen, updateItem, updateRead } from '../ledger/updates/update.ts';
import { type Mailer, publishNotices } from '../notices/publish.ts';
import { DueCertificates } from './due-certificates.ts';
import { Handled, type Turn } from './handled.ts';
import { endSweep, takeSweep } from './lease.ts';
import { AHEAD_MS } from './messages.ts';
import { PAGE, ROUND_NEEDS_MS, type RoundServices, type Swept, sendRound } from './round.ts';

export interface SweeperServices extends RoundServices {
  readonly mailer: Mailer;
  /** Takes what kept notices from being mailed: they stay due, and no other work waits for them. */
  readonly reportUnmailed: (error: unknown) => void;
  readonly newOwner: () => string;
}

/** The kinds of work, in the order of their rounds. */
const KINDS = ['domain', 'network', 'certificate', 'outcome'] as const satisfies readonly WorkKind[];

/** What a sweep finds of each kind of work, in turns. */
type Turns = ReadonlyMap<WorkKind, (until: number) => Promise<Turn>>;

function turnsOf(certificates: DueCertificates, { ledger }: Pick<SweeperServices, 'ledger'>): Turns {
  const turn = (kind: WorkKind) => {
    if (kind === 'certificate') return (until: number) => certificates.turn(until);
    const handled = new Handled((until, limit) => ledger.due(kind, until, limit));
    return (until: number) => handled.next(until, PAGE);
  };
  return new Map(KINDS.map((kind) => [kind, turn(kind)]));
}

/**
 * Sends a round of each kind in turn, so that thousands of one kind do not starve the others. Throws `Unavailable` for an item
 * that was out of reach once all other work has its message.
 */
async function sendDue(
  lastRoundAt: number,
  certificates: DueCertificates,
  s: SweeperServices,
): Promise<Swept> {
  let sent = 0;
  let failed = 0;
  let outOfReach: Unavailable | undefined;
  const open = new Map(turnsOf(certificates, s));
  while (open.size > 0) {
    for (const [kind, turn] of [...open]) {
      if (s.clock.now() > lastRoundAt) return { sent, failed };
      const { works, isLast } = await turn(s.clock.now() + AHEAD_MS);
      if (isLast) open.delete(kind);
      if (works.length > 0) {
        const round = await sendRound(kind, works, lastRoundAt, s);
        sent += round.sent;
        failed += round.failed;
        outOfReach ??= round.outOfReach;
      }
    }
  }
  outOfReach ??= certificates.outOfReach;
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
  const seen = await readSeen(s.ledger, sweepKey);
  const { result: lease } = await takenLease(
    () => updateRead(s.ledger, sweepKey, takeSweep(owner, now, deadlineAt), seen),
    () => updateItem(s.ledger, sweepKey, (item) => endSweep(owner, item?.nextNetwork ?? null)(item)),
  );
  if (lease === undefined) return { sent: 0, failed: 0 };
  const lastRoundAt = deadlineAt - ROUND_NEEDS_MS;
  const certificates = new DueCertificates(lease.nextNetwork, lastRoundAt, s);
  try {
    await publishNotices(s).catch(s.reportUnmailed);
    return await sendDue(lastRoundAt, certificates, s);
  } finally {
    // Also when the queue is unavailable: the next sweep must not wait until this lease ends.
    await updateItem(s.ledger, sweepKey, endSweep(owner, certificates.next));
  }
}
