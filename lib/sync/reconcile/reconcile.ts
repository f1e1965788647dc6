import { Unavailable, UnreadableItem } from '../../errors.ts';
import { LeaseLost } from '../ledger/errors.ts';
import type { DomainItem } from '../ledger/items/domain-item.ts';
import { certificateKey, domainKey } from '../ledger/keys.ts';
import type { Queue } from '../ledger/ports.ts';
import { isSameApp } from '../ledger/same-app.ts';
import { unlessUnreadable } from '../ledger/unreadable.ts';
import type { ReportDeferred } from '../ledger/updates/deferred-work.ts';
import { follow } from '../ledger/updates/followed.ts';
import { persist } from '../ledger/updates/persist.ts';
import { updateItem, updateSeen } from '../ledger/updates/update.ts';
import { batchedMessage, requestCertificate, withMovedDomain } from '../ledger/work/certificate-request.ts';
import { redriven } from '../ledger/work/dead-letters.ts';
import type { Settled } from '../ledger/work/settle.ts';
import { releaseLease, takeLeaseToAdd } from '../ledger/work/work-lease.ts';
import { type NewNotice, recordNotice } from '../notices/record.ts';
import { type OwedServices, sendOwed } from '../outcomes/send-owed.ts';
import type { ReconcileServices } from './ask-runcloud.ts';
import type { Task } from './before-write.ts';
import { limitNotice } from './limit-notice.ts';
import type { ReconcileResult } from './next-state.ts';
import { refusedRemoval } from './refused-removal.ts';
import { type ReconcileFindings, runPass } from './run.ts';
import { settle } from './settle.ts';
import { requeueSibling } from './sibling.ts';

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
  /** Set when a dead letter was moved back: the revision it reports. */
  readonly deadLetter?: number | undefined;
}

/** The notice that a result calls for, where no later event reports it. */
function noticeOf(domain: string, result: ReconcileResult): NewNotice | undefined {
  if (result.kind === 'held') return limitNotice(result.reason);
  const refused = result.kind === 'settled' && 'refusal' in result.target ? result.target : undefined;
  return refused && refusedRemoval(domain, refused);
}

/**
 * Writes what follows from a result before the result itself: a crash between the two then repeats, and loses nothing. True
 * if a certificate's work is newly due.
 */
async function setInMotion(
  item: DomainItem,
  { result, app, before, observations }: ReconcileFindings,
  { ledger, clock, batchMs }: Pick<WorkerServices, 'ledger' | 'clock' | 'batchMs'>,
): Promise<boolean> {
  const now = clock.now();
  const { network, domain } = item;
  const notice = noticeOf(domain, result);
  if (notice !== undefined) await recordNotice(ledger, network, notice, now);
  if (result.kind !== 'settled' && result.kind !== 'failed') return false;
  const target = result.kind === 'settled' ? result.target : undefined;
  const { runcloudId } = item;
  // An existing certificate may not cover a `www.` that is served only now, nor a row that was not there before.
  const row = target?.state === 'present' ? target.row : null;
  const rowArrived = row !== null && (runcloudId === null || (row.www === true && item.wwwServed !== true));
  // A parking that was taken back has waited for DNS.
  const arrived = item.state !== 'present' || rowArrived || item.parking !== null;
  const moved = runcloudId !== null && app !== undefined && !isSameApp(runcloudId, app);
  const serves = item.wanted === 'present' && target?.state === 'present';
  const withMove = moved && serves;
  if (withMove) {
    await updateItem(ledger, certificateKey(network, domain), (request) =>
      withMovedDomain(request, now, now + batchMs),
    );
  }
  const request = { network, domain, now, arrived, batchMs };
  const seen = withMove ? undefined : before?.certificate;
  const raised = serves && (await requestCertificate(ledger, request, seen));
  // A pass that has only put a row there took nothing from its sibling.
  const { added, announcedAgain } = observations;
  await requeueSibling(ledger, item, target, {
    now,
    seen: added && !announcedAgain ? before?.sibling : undefined,
  });
  return raised;
}

async function reconcileOnce(
  { network, domain }: DomainWork,
  deadlineAt: number,
  s: WorkerServices,
): Promise<'end' | 'again'> {
  const key = domainKey(network, domain);
  const owner = s.newOwner();
  const beganAt = s.clock.now();
  const { ambiguityMs } = s.delays;
  const { result: lease, seen } = await updateSeen(s.ledger, key, (item) =>
    takeLeaseToAdd(item, { owner, now: beganAt, leaseMs: s.leaseMs, ambiguityMs }),
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
    const found = await runPass({ item, owner, beganAt, deadlineAt, held, writes }, s);
    const raised = await unlessUnreadable(() => setInMotion(item, found, s));
    const { observations, unanswered, app, tellsOutcomes = true } = found;
    const readers = { multisite: tellsOutcomes, people: s.successNotices };
    // Settled now, it would stay without a certificate: nothing else makes the request.
    const heldBack = { kind: 'held' as const, until: s.clock.now() + s.delays.resendMs, reason: null };
    const result = raised === undefined ? heldBack : found.result;
    const { revision } = item;
    const input = { owner, revision, beganAt, result, observations, unanswered, app, readers, writes };
    const settled = await persist(
      () =>
        held.update((current) =>
          settle(current, { ...input, now: s.clock.now(), delays: s.delays, random: s.random }),
        ),
      { clock: s.clock, deadlineAt },
    );
    s.report({ item, found: { ...found, result }, settled });
    if (settled.kind === 'done' && settled.item.toSend.length > 0) await sendOwed('domain', settled.item, s);
    // The sweep would send this message too, up to a minute later.
    if (raised === true) await s.certificateQueue.send([batchedMessage(network, s.batchMs)]);
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
