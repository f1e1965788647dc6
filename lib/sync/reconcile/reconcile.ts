import { Unavailable, UnreadableItem } from '../../errors.ts';
import { LeaseLost } from '../ledger/errors.ts';
import type { DomainItem } from '../ledger/items/domain-item.ts';
import { domainKey } from '../ledger/keys.ts';
import type { Queue } from '../ledger/ports.ts';
import { ifUsable, unlessUnreadable } from '../ledger/unreadable.ts';
import type { ReportDeferred } from '../ledger/updates/deferred-work.ts';
import { follow } from '../ledger/updates/followed.ts';
import { persist } from '../ledger/updates/persist.ts';
import { takenLease } from '../ledger/updates/taken-lease.ts';
import { readSeen, updateItem, updateRead } from '../ledger/updates/update.ts';
import { batchedMessage } from '../ledger/work/certificate-request.ts';
import { redriven } from '../ledger/work/dead-letters.ts';
import type { Settled } from '../ledger/work/settle.ts';
import { releaseLease, takeLeaseToAdd } from '../ledger/work/work-lease.ts';
import { type OwedServices, sendOwed } from '../outcomes/send-owed.ts';
import type { ReconcileServices } from './converge/ask-runcloud.ts';
import type { Task } from './converge/before-write.ts';
import { writeFollowUps } from './follow-ups.ts';
import type { ReconcileResult } from './outcome/next-state.ts';
import { settle } from './outcome/settle.ts';
import { type ReconcileFindings, runPass } from './run.ts';
import { sendBack, waitsInLine } from './wait-in-line.ts';

export interface WorkerServices
  extends ReconcileServices,
    Pick<OwedServices, 'outcomeQueue' | 'reportUnsent' | 'successNotices'> {
  readonly queue: Queue;
  readonly certificateQueue: Pick<Queue, 'send'>;
  /** The function's timeout and a margin: no other worker takes the domain before it is over. */
  readonly leaseMs: number;
  /** A name that no other pass has. */
  readonly newOwner: () => string;
  /** How long certificate requests gather before a pass. */
  readonly batchMs: number;
  /** Reports every pass once it is settled. */
  readonly report: (pass: ReconcileReport) => void;
  readonly reportDeferred: ReportDeferred;
}

export interface ReconcileReport {
  readonly item: DomainItem;
  readonly found: ReconcileFindings;
  readonly settled: Settled<DomainItem>;
}

export interface DomainWork {
  readonly network: string;
  readonly domain: string;
  /** How often it has come back in a row, each time by a message of its own. */
  readonly returns?: number | undefined;
  /** Set when a dead letter was moved back: the revision it reports. */
  readonly deadLetter?: number | undefined;
}

/** What earlier passes owe waits for no item that this one lacks. What is out of reach itself is left to the sweep. */
async function sendEarlier(item: DomainItem, s: WorkerServices): Promise<void> {
  if (item.toSend.length > 0) await ifUsable(() => sendOwed('domain', item, s));
}

async function reconcileOnce(
  { network, domain, returns = 0 }: DomainWork,
  deadlineAt: number,
  s: WorkerServices,
): Promise<'end' | 'again'> {
  const key = domainKey(network, domain);
  const owner = s.newOwner();
  const beganAt = s.clock.now();
  const { ambiguityMs } = s.delays;
  const read = await readSeen(s.ledger, key);
  if (await waitsInLine(read.item, returns, s)) return 'end';
  const terms = { owner, now: beganAt, leaseMs: s.leaseMs, ambiguityMs };
  const { result: lease, seen } = await takenLease(
    () => updateRead(s.ledger, key, (item) => takeLeaseToAdd(item, terms), read),
    () => {
      const sendAt = s.clock.now() + s.delays.releasedMs;
      const at = { crashed: false, sendAt, ambiguityMs, begun: false };
      return updateItem(s.ledger, key, (item) => releaseLease(item, owner, at));
    },
  );
  if (lease.kind === 'none') return 'end';
  if (lease.kind === 'owed') {
    await sendOwed('domain', lease.item, s);
    return 'end';
  }
  const { item } = lease;
  const held = follow(s.ledger, key, seen);
  const writes: Task['writes'] = { last: null };
  try {
    const found = await runPass({ item, returns, owner, beganAt, deadlineAt, held, writes }, s);
    const raised = await unlessUnreadable(() => writeFollowUps(item, found, writes, s));
    const { observations, unanswered, app, place, tellsOutcomes = true } = found;
    const readers = { multisite: tellsOutcomes, people: s.successNotices };
    // Settled now, it would stay without a certificate: nothing else makes the request.
    const heldBack = { kind: 'held' as const, until: s.clock.now() + s.delays.resendMs, reason: null };
    const asked = raised !== undefined;
    const result: ReconcileResult = asked || found.result.kind !== 'settled' ? found.result : heldBack;
    const { revision } = item;
    const seen = { observations, asked, unanswered, app, place };
    const input = { owner, revision, beganAt, result, readers, writes, ...seen };
    const settled = await persist(
      () =>
        held.update((current) =>
          settle(current, { ...input, now: s.clock.now(), delays: s.delays, random: s.random }),
        ),
      { clock: s.clock, deadlineAt },
    );
    s.report({ item, found: { ...found, result }, settled });
    if (settled.kind === 'done' && result.kind === 'held' && result.byMessage)
      await sendBack(item, { until: result.until, returns }, s);
    // The sweep would send this message too, up to a minute later.
    if (raised === true) await s.certificateQueue.send([batchedMessage(network, s.batchMs)]);
    // Comes last, so that nothing waits for whoever is told.
    if (settled.kind === 'done' && settled.item.toSend.length > 0) await sendOwed('domain', settled.item, s);
    return settled.kind === 'again' ? 'again' : 'end';
  } catch (error) {
    if (error instanceof LeaseLost) return 'end';
    const release = (crashed: boolean, delayMs = s.delays.releasedMs) =>
      persist(
        () => {
          const at = { crashed, sendAt: s.clock.now() + delayMs, ambiguityMs, begun: writes.last !== null };
          return held.update((current) => releaseLease(current, owner, at));
        },
        { clock: s.clock, deadlineAt },
      );
    if (error instanceof UnreadableItem) {
      // Only another version of the relay, or an operator, can change that: a short wait would repeat all of them for nothing.
      await release(false, s.delays.resendMs);
      await sendEarlier(item, s);
      return 'end';
    }
    if (!(error instanceof Unavailable)) {
      // A lease that cannot be released ends by itself; the bug must be seen.
      await release(true).catch(() => undefined);
      throw error;
    }
    // While the ledger, a queue or Secrets Manager is out of reach a redelivery does not help: the sweep comes back.
    await release(false);
    s.reportDeferred({ network, domain }, error);
    await sendEarlier(item, s);
    return 'end';
  }
}

/**
 * Reconciles one domain until nothing is due: brings RunCloud to the last update, and records the result. Returns once the
 * ledger knows the result, whatever it is. Throws unexpected errors, `Unavailable` when the result could not be written, and
 * `UnreadableItem` for a redriven dead letter, which the queue then returns to the dead-letter queue.
 *
 * @param deadlineAt when the function that runs this is stopped, in milliseconds since the epoch
 */
export async function reconcileDomain(
  work: DomainWork,
  deadlineAt: number,
  s: WorkerServices,
): Promise<void> {
  const { deadLetter } = work;
  if (deadLetter !== undefined) {
    const { apiMarginMs } = s.delays;
    const at = { now: s.clock.now(), apiMarginMs };
    await updateItem(s.ledger, domainKey(work.network, work.domain), (item) =>
      redriven(item, deadLetter, at),
    );
  }
  await unlessUnreadable(async () => {
    while ((await reconcileOnce(work, deadlineAt, s)) === 'again') {
      if (s.clock.now() >= deadlineAt - s.delays.firstMs) return;
    }
  });
}
