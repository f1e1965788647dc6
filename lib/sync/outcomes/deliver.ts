import { Unavailable, UnreadableItem } from '../../errors.ts';
import type { DomainDelays } from '../ledger/delays.ts';
import type { OutcomeItem } from '../ledger/items/outcome-item.ts';
import { outcomeKey } from '../ledger/keys.ts';
import type { Clock, Ledger, Queue, Random } from '../ledger/ports.ts';
import { unlessUnreadable } from '../ledger/unreadable.ts';
import type { ReportDeferred } from '../ledger/updates/deferred-work.ts';
import { persist } from '../ledger/updates/persist.ts';
import { takenLease } from '../ledger/updates/taken-lease.ts';
import { readSeen, updateItem, updateRead } from '../ledger/updates/update.ts';
import { withoutOwed } from '../ledger/work/dead-letters.ts';
import type { Settled } from '../ledger/work/settle.ts';
import { releaseLease, takeLease } from '../ledger/work/work-lease.ts';
import { recordRecurring } from '../notices/record.ts';
import { type AttemptServices, attempt } from './attempt.ts';
import { redrivenOutcome, settle } from './settle.ts';
import type { DeliveryResult } from './verdict.ts';

export interface DeliveryServices extends AttemptServices {
  readonly ledger: Ledger;
  readonly queue: Pick<Queue, 'sendDeadLetter'>;
  readonly clock: Clock;
  readonly random: Random;
  readonly delays: DomainDelays;
  readonly leaseMs: number;
  readonly newOwner: () => string;
  /** Reports every try once it is settled. */
  readonly report: (delivery: DeliveryReport) => void;
  readonly reportDeferred: ReportDeferred;
}

export interface DeliveryReport {
  readonly item: OutcomeItem;
  readonly result: DeliveryResult;
  readonly settled: Settled<OutcomeItem>;
}

export interface DeliveryWork {
  readonly network: string;
  readonly outcome: string;
  /** Set when a dead letter was moved back: the revision it reports. */
  readonly deadLetter?: number | undefined;
}

/** Sends the dead letter of a failed outcome and records a notice; then records the dead letter as sent. */
async function sendOwed(
  item: OutcomeItem,
  s: Pick<DeliveryServices, 'ledger' | 'queue' | 'clock'>,
): Promise<void> {
  const { network, id, content, toSend } = item;
  for (const owed of toSend) {
    if (owed.kind !== 'dead-letter') continue;
    await s.queue.sendDeadLetter({
      ...owed,
      message: {
        network,
        ...('domain' in content ? { domain: content.domain } : {}),
        outcome: id,
        deadLetter: owed.revision,
      },
    });
    const notice = {
      code: 'outcome-failed',
      message: `The multisite was not told: ${owed.reason}`,
      fix: 'Correct CALLBACK_URL or what answers there, then retry the dead letters',
      command: 'dead-letters list',
    } as const;
    // The dead letter itself has an alarm, and would be sent again for the notice alone.
    await recordRecurring(s.ledger, network, notice, s.clock.now());
  }
  const sent = new Set(toSend.map((owed) => owed.id));
  await updateItem(s.ledger, outcomeKey(network, id), (current) => withoutOwed(current, sent));
}

async function deliverOnce(item: OutcomeItem, owner: string, deadlineAt: number, s: DeliveryServices) {
  const { network, id, revision } = item;
  const { clock, delays, random } = s;
  const key = outcomeKey(network, id);
  const release = (crashed: boolean, delayMs = delays.releasedMs) =>
    persist(
      () => {
        const at = { crashed, sendAt: clock.now() + delayMs, ambiguityMs: 0 };
        return updateItem(s.ledger, key, (current) => releaseLease(current, owner, at));
      },
      { clock, deadlineAt },
    );
  try {
    const result = await attempt(item, s);
    const settled = await persist(
      () =>
        updateItem(s.ledger, key, (current) =>
          settle(current, { owner, revision, now: clock.now(), result, delays, random }),
        ),
      { clock, deadlineAt },
    );
    s.report({ item, result, settled });
    if (settled.kind === 'done' && settled.item.toSend.length > 0) await sendOwed(settled.item, s);
  } catch (error) {
    if (error instanceof UnreadableItem) {
      // Only another version of the relay, or an operator, can change that: a short wait would repeat all of them for nothing.
      await release(false, delays.resendMs);
      return;
    }
    // A lease that cannot be released ends by itself. The original error is the one to report.
    await release(!(error instanceof Unavailable)).catch(() => undefined);
    throw error;
  }
}

async function deliverDue(
  { network, outcome }: DeliveryWork,
  deadlineAt: number,
  s: DeliveryServices,
): Promise<void> {
  const key = outcomeKey(network, outcome);
  const now = s.clock.now();
  const owner = s.newOwner();
  const terms = { owner, now, leaseMs: s.leaseMs, ambiguityMs: 0 };
  const seen = await readSeen(s.ledger, key);
  const { result: lease } = await takenLease(
    () => updateRead(s.ledger, key, (item) => takeLease(item, terms), seen),
    () => {
      const at = { crashed: false, sendAt: s.clock.now() + s.delays.releasedMs, ambiguityMs: 0 };
      return updateItem(s.ledger, key, (item) => releaseLease(item, owner, at));
    },
  );
  if (lease.kind === 'owed') return sendOwed(lease.item, s);
  if (lease.kind === 'taken') await deliverOnce(lease.item, owner, deadlineAt, s);
}

/**
 * Delivers one outcome that is due: posts it, and records what came of it. Returns once the ledger knows. Throws unexpected
 * errors, and `UnreadableItem` or `Unavailable` for a redriven dead letter, which the queue then delivers again or returns to the
 * dead-letter queue.
 *
 * @param deadlineAt when the function that runs this is stopped, in milliseconds since the epoch
 */
export async function deliverOutcome(
  work: DeliveryWork,
  deadlineAt: number,
  s: DeliveryServices,
): Promise<void> {
  const { network, outcome, deadLetter } = work;
  if (deadLetter !== undefined) {
    const now = s.clock.now();
    // Not deferred: an outcome that was given up is not due, so only the queue brings this message again.
    await updateItem(s.ledger, outcomeKey(network, outcome), (item) =>
      redrivenOutcome(item, deadLetter, now),
    );
  }
  try {
    await unlessUnreadable(() => deliverDue(work, deadlineAt, s));
  } catch (error) {
    // While the ledger, a queue or Secrets Manager is out of reach a redelivery does not help: the sweep comes back.
    if (!(error instanceof Unavailable)) throw error;
    s.reportDeferred({ network }, error);
  }
}
