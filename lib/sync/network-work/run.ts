import { compareNetwork } from '../drift/compare.ts';
import { driftNotice } from '../drift/drift-notice.ts';
import type { Compared, ComparisonServices } from '../drift/result.ts';
import { AFTER_LEASE_MS, heldByOther, released, taken } from '../ledger/items/lease.ts';
import type { NetworkItem } from '../ledger/items/network-item.ts';
import type { PauseMoment } from '../ledger/items/outcome-item.ts';
import { networkKey } from '../ledger/keys.ts';
import type { Queue } from '../ledger/ports.ts';
import { isSameApp } from '../ledger/same-app.ts';
import { CLOCKS_AGREE_MS, HOUR_MS } from '../ledger/time.ts';
import { unlessUnreadable } from '../ledger/unreadable.ts';
import { takenLease } from '../ledger/updates/taken-lease.ts';
import { type ItemUpdate, readSeen, updateItem, updateRead } from '../ledger/updates/update.ts';
import { areCertificatesAsked, scheduleAtRest } from '../network/daily.ts';
import { withoutAsked } from '../network/refused-certificates.ts';
import { recordRecurring } from '../notices/record.ts';
import type { TellServices } from '../outcomes/tell.ts';
import { requeueDomains } from './requeue-domains.ts';
import { tellMoments } from './tell-moments.ts';

export interface NetworkWorkServices extends ComparisonServices, Pick<TellServices, 'outcomeQueue'> {
  readonly certificateQueue: Pick<Queue, 'send'>;
  /** Longer than the timeout of the function. */
  readonly leaseMs: number;
  /** A name that no other call has. */
  readonly newOwner: () => string;
}

type Taken =
  | { readonly work: 'requeue' | 'comparison'; readonly item: NetworkItem }
  /** These need no lease: done twice, they do no harm. */
  | { readonly work: 'refused-certificates'; readonly at: number | null }
  | { readonly work: 'moments'; readonly moments: readonly PauseMoment[] };

interface Terms {
  readonly owner: string;
  readonly now: number;
  readonly leaseMs: number;
  readonly tried: Tried;
}

/** What this call has tried to send. */
interface Tried {
  /** The network's pauses. */
  readonly moments: boolean;
  /** The message for the certificates' worker. */
  readonly certificates: boolean;
}

/**
 * Takes the lease. A requeue goes before the comparison, because domains wait for it. Both may take long, a requeue for as long as
 * one domain's item is out of reach, so what is to be sent goes first.
 */
function take({ owner, now, leaseMs, tried }: Terms) {
  return (item: NetworkItem | undefined): ItemUpdate<NetworkItem, Taken | undefined> => {
    if (item === undefined) return { result: undefined };
    const telling = item.toSend.length > 0;
    if (telling && !tried.moments) return { result: { work: 'moments', moments: item.toSend } };
    const asked = areCertificatesAsked(item, now);
    if (asked && !tried.certificates)
      return { result: { work: 'refused-certificates', at: item.certificatesAt } };
    if (heldByOther(item, owner, now)) return { result: undefined };
    const leased = { ...item, ...taken(owner, now + leaseMs) };
    if (item.requeue !== null) {
      const write = { ...leased, sendAt: leased.leaseUntil + AFTER_LEASE_MS };
      return { write, result: { item: write, work: 'requeue' } };
    }
    if (item.comparison !== null && item.comparison.dueAt <= now + CLOCKS_AGREE_MS) {
      // A killed or crashed comparison comes back in an hour, so it cannot read the same pages in a loop.
      const comparison = { ...item.comparison, dueAt: now + HOUR_MS };
      const write = { ...leased, comparison, ...scheduleAtRest({ ...item, comparison }) };
      return { write, result: { item: write, work: 'comparison' } };
    }
    // What could not be sent. The sweep has set the time of the next try.
    if (asked || telling) return { result: undefined };
    const atRest = scheduleAtRest(item);
    const differs = item.sendAt !== atRest.sendAt || item.dueAt !== atRest.dueAt;
    return differs ? { write: { ...item, ...atRest }, result: undefined } : { result: undefined };
  };
}

/** Under the lease nothing was begun, so a comparison does not wait for an hour either. */
function giveBack(owner: string, sendAt: number) {
  return (item: NetworkItem | undefined): ItemUpdate<NetworkItem, undefined> => {
    if (item === undefined || item.owner !== owner) return { result: undefined };
    const free = { ...item, ...released };
    if (item.requeue !== null) return { write: { ...free, sendAt }, result: undefined };
    const comparison = item.comparison && { ...item.comparison, dueAt: sendAt };
    return { write: { ...free, comparison, ...scheduleAtRest({ ...item, comparison }) }, result: undefined };
  };
}

function endRequeue(owner: string, revision: number, finished: boolean, sendAt: number) {
  return (item: NetworkItem | undefined): ItemUpdate<NetworkItem, undefined> => {
    if (item === undefined || item.owner !== owner) return { result: undefined };
    const free = { ...item, ...released };
    const over = finished && item.revision === revision;
    const write = over
      ? { ...free, requeue: null, requeueSkipped: [], ...scheduleAtRest(free) }
      : { ...free, sendAt };
    return { write, result: undefined };
  };
}

/** The network has moved to another application while one was compared. */
function hasMoved(item: NetworkItem, begun: NetworkItem): boolean {
  return item.claim !== null && begun.claim !== null && !isSameApp(item.claim, begun.claim);
}

/** `compared` undefined: it crashed, and comes back at the time that its lease set. */
function endComparison(begun: NetworkItem, compared: Compared | undefined, now: number) {
  return (item: NetworkItem | undefined): ItemUpdate<NetworkItem, undefined> => {
    if (item === undefined || item.owner !== begun.owner) return { result: undefined };
    const { dueAt, begunAt } = compared ?? {};
    const comparison = dueAt === undefined || begunAt === undefined ? item.comparison : { dueAt, begunAt };
    const { drift, singleRowsAt = item.singleRowsAt } =
      compared === undefined || compared.drift === null || hasMoved(item, begun) ? item : compared;
    const free: NetworkItem = {
      ...item,
      ...released,
      comparison,
      drift,
      singleRowsAt,
    };
    // A requeue that was started meanwhile waits for the lease.
    const schedule = item.requeue === null ? scheduleAtRest(free) : { sendAt: now };
    return { write: { ...free, ...schedule }, result: undefined };
  };
}

/** Messages that a lease on the certificates has refused are gone, and its worker may have been killed: one message replaces them. */
async function askCertificates(
  network: string,
  at: number | null,
  s: Pick<NetworkWorkServices, 'ledger' | 'clock' | 'certificateQueue'>,
): Promise<void> {
  const refused = await s.certificateQueue.send([{ message: { network }, delaySeconds: 0 }]);
  // Cleared only once the message is sent: until then the sweep comes back.
  if (refused.length === 0) await updateItem(s.ledger, networkKey(network), withoutAsked(at, s.clock.now()));
}

/** Does a network's due work: posts its pauses, and under its lease requeues its domains or compares it with RunCloud's list. */
export async function runNetworkWork(
  network: string,
  deadlineAt: number,
  s: NetworkWorkServices,
): Promise<void> {
  const tried = { moments: false, certificates: false };
  await unlessUnreadable(() => runOnce(network, { deadlineAt, tried }, s));
}

interface Call {
  readonly deadlineAt: number;
  readonly tried: Tried;
}

async function runOnce(network: string, call: Call, s: NetworkWorkServices): Promise<void> {
  const key = networkKey(network);
  const owner = s.newOwner();
  const { deadlineAt, tried } = call;
  const terms = { owner, now: s.clock.now(), leaseMs: s.leaseMs, tried };
  const seen = await readSeen(s.ledger, key);
  const { result: task } = await takenLease(
    () => updateRead(s.ledger, key, take(terms), seen),
    () => updateItem(s.ledger, key, giveBack(owner, s.clock.now() + s.delays.releasedMs)),
  );
  if (task === undefined) return;
  // What follows is not kept waiting by an item that is out of reach, nor by a queue that is away.
  const goOn = (sent: Partial<Tried>) => runOnce(network, { ...call, tried: { ...tried, ...sent } }, s);
  if (task.work === 'moments')
    return tellMoments(network, task.moments, s).finally(() => goOn({ moments: true }));
  if (task.work === 'refused-certificates')
    return askCertificates(network, task.at, s).finally(() => goOn({ certificates: true }));
  const { item, work } = task;
  const { revision } = item;
  try {
    if (work === 'requeue') {
      const finished = await requeueDomains(item, { owner, deadlineAt }, s);
      await updateItem(s.ledger, key, endRequeue(owner, revision, finished, s.clock.now()));
    } else {
      const compared = await compareNetwork(item, deadlineAt, s);
      const notice = compared.drift === null ? undefined : driftNotice(compared.drift);
      if (notice !== undefined) await recordRecurring(s.ledger, network, notice, s.clock.now());
      await updateItem(s.ledger, key, endComparison(item, compared, s.clock.now()));
    }
  } catch (error) {
    const now = s.clock.now();
    const end =
      work === 'requeue'
        ? endRequeue(owner, revision, false, now + s.delays.releasedMs)
        : endComparison(item, undefined, now);
    // A lease that cannot be released ends by itself. The original error is the one to report.
    await updateItem(s.ledger, key, end).catch(() => undefined);
    throw error;
  }
}
