import { Unavailable, UnreadableItem } from '../../errors.ts';
import { batchedMessage, requestCertificate, withMovedDomain } from '../ledger/certificate-request.ts';
import { type ReportUnsent, redriven, sendDeadLetters } from '../ledger/dead-letters.ts';
import type { ReportDeferred } from '../ledger/deferred-work.ts';
import type { DomainItem } from '../ledger/domain-item.ts';
import { LeaseLost } from '../ledger/errors.ts';
import { certificateKey, domainKey } from '../ledger/keys.ts';
import { persist } from '../ledger/persist.ts';
import type { Queue } from '../ledger/ports.ts';
import { isSameApp } from '../ledger/same-app.ts';
import type { Settled } from '../ledger/settle.ts';
import { unlessUnreadable } from '../ledger/unreadable.ts';
import { updateItem } from '../ledger/update.ts';
import { releaseLease, takeLease } from '../ledger/work-lease.ts';
import { type ReconcileFindings, runPass } from './run.ts';
import type { ReconcileServices } from './session.ts';
import { settle } from './settle.ts';
import { requeueSibling } from './sibling.ts';

export interface WorkerServices extends ReconcileServices {
  readonly queue: Queue;
  readonly certificateQueue: Pick<Queue, 'send'>;
  /** The function's timeout and some: nobody else looks before it is over. */
  readonly leaseMs: number;
  /** A name no other look has. */
  readonly newOwner: () => string;
  /** A certificate's request is looked at so long after it was raised. */
  readonly batchMs: number;
  /** Told of every look once it is settled. */
  readonly report: (pass: ReconcileReport) => void;
  readonly reportDeferred: ReportDeferred;
  readonly reportUnsent: ReportUnsent;
}

export interface ReconcileReport {
  readonly item: DomainItem;
  readonly found: ReconcileFindings;
  readonly settled: Settled<DomainItem>;
}

export interface DomainWork {
  readonly network: string;
  readonly domain: string;
  /** Set when a dead letter was moved back: the revision it tells of. */
  readonly deadLetter?: number | undefined;
}

/**
 * What a settle sets in motion is written before it: a crash between the two then repeats, and loses nothing. True if
 * there is a request for a certificate to look at.
 */
async function setInMotion(
  item: DomainItem,
  { result, app }: ReconcileFindings,
  s: WorkerServices,
): Promise<boolean> {
  if (result.kind !== 'settled' && result.kind !== 'failed') return false;
  const now = s.clock.now();
  const { network, domain } = item;
  const target = result.kind === 'settled' ? result.target : undefined;
  const { batchMs } = s;
  const { runcloudId } = item;
  // A certificate that is there need not cover a `www.` that is served only now, nor a row that was not there before.
  const row = target?.state === 'present' ? target.row : null;
  const rowArrived = row !== null && (runcloudId === null || (row.www === true && item.wwwServed !== true));
  const arrived = item.state !== 'present' || rowArrived;
  const moved = runcloudId !== null && app !== undefined && !isSameApp(runcloudId, app);
  if (moved && target?.state === 'present') {
    await updateItem(s.ledger, certificateKey(network, domain), (request) =>
      withMovedDomain(request, now, now + batchMs),
    );
  }
  const raised =
    target?.state === 'present' &&
    (await requestCertificate(s.ledger, { network, domain, now, arrived, batchMs }));
  await requeueSibling(s.ledger, item, target, now);
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
  const lease = await updateItem(s.ledger, key, (item) =>
    takeLease(item, { owner, now: beganAt, leaseMs: s.leaseMs, ambiguityMs }),
  );
  if (lease.kind === 'none') return 'end';
  if (lease.kind === 'owed') {
    await sendDeadLetters('domain', lease.item, s);
    return 'end';
  }
  const { item } = lease;
  try {
    const found = await runPass({ item, owner, beganAt, deadlineAt }, s);
    const raised = await unlessUnreadable(() => setInMotion(item, found, s));
    const { observations, unanswered, app } = found;
    // Settled now, it would be served without a certificate for good: nobody else raises the request.
    const heldBack = { kind: 'held' as const, until: s.clock.now() + s.delays.resendMs, reason: null };
    const result = raised === undefined ? heldBack : found.result;
    const input = { owner, revision: item.revision, beganAt, result, observations, unanswered, app };
    const settled = await persist(
      () =>
        updateItem(s.ledger, key, (current) =>
          settle(current, { ...input, now: s.clock.now(), delays: s.delays, random: s.random }),
        ),
      { clock: s.clock, deadlineAt },
    );
    s.report({ item, found: { ...found, result }, settled });
    if (settled.kind === 'done' && settled.item.toSend.length > 0)
      await sendDeadLetters('domain', settled.item, s);
    // The sweep would bring the request to a worker too, up to a minute later.
    if (raised === true) await s.certificateQueue.send([batchedMessage(network, s.batchMs)]);
    return settled.kind === 'again' ? 'again' : 'end';
  } catch (error) {
    if (error instanceof LeaseLost) return 'end';
    const release = (crashed: boolean) =>
      persist(
        () => {
          const at = { crashed, sendAt: s.clock.now() + s.delays.releasedMs, ambiguityMs };
          return updateItem(s.ledger, key, (current) => releaseLease(current, owner, at));
        },
        { clock: s.clock, deadlineAt },
      );
    if (error instanceof UnreadableItem) {
      await release(false);
      return 'end';
    }
    if (!(error instanceof Unavailable)) {
      // A lease that cannot be given back ends by itself; what must be seen is the bug.
      await release(true).catch(() => undefined);
      throw error;
    }
    // A the ledger, a queue or Secrets Manager that is away is nothing to redeliver for: the sweep comes back to it.
    await release(false);
    s.reportDeferred({ network, domain }, error);
    return 'end';
  }
}

/**
 * Looks at one domain until nothing is due: brings RunCloud to the last word, and writes down what came of it.
 * Returns when the ledger knows what happened, whatever that was; throws only what it does not understand, and
 * `Unavailable` when not even that could be written, and `UnreadableItem` for a dead letter that was moved back in vain: the queue
 * brings it there again.
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
