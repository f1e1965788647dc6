import { Unavailable, UnreadableItem } from '../errors.ts';
import { LeaseLost } from '../sync/ledger/errors.ts';
import type { Reach } from '../sync/ledger/in-batches.ts';
import type { CertificateItem } from '../sync/ledger/items/certificate-item.ts';
import { certificateKey } from '../sync/ledger/keys.ts';
import { updateItem } from '../sync/ledger/updates/update.ts';
import { redrivenCertificate } from '../sync/ledger/work/dead-letters.ts';
import { CertificateBatch } from './batch.ts';
import { CHECK_NEEDS_MS } from './batch-requests.ts';
import { type DueCertificates, dueCertificates } from './due.ts';
import { LateEnds } from './late-ends.ts';
import { firstOf, maySendNext, sendMessageBy, sendNext, type Waiting } from './next-message.ts';
import { type AppLease, holdAppLease } from './order-log/app-orders.ts';
import type { CertificateServices } from './services.ts';

export interface CertificatesWork {
  readonly network: string;
  /** Set when a dead letter was moved back: its domain and its revision. */
  readonly domain?: string | undefined;
  readonly deadLetter?: number | undefined;
  /** How many messages have followed from one another, each sent by the pass of the one before. */
  readonly returns?: number | undefined;
}

/** Requests held in memory at a time. The next pass takes the next ones. */
const AT_A_TIME = 250;

/** What all passes of one call share. */
interface CallState {
  readonly network: string;
  readonly deadlineAt: number;
  readonly seen: Map<string, number>;
  readonly dueAgain: Set<string>;
  readonly waiting: Map<string, Waiting>;
  readonly returns: number;
  readonly maySend: boolean;
  readonly unreadable: Set<string>;
  readonly reach: Reach;
  readonly lateEnds: LateEnds;
}

/** False: another worker holds the lease. It asks for what is left after it has released that. */
async function reconcileOnce(
  call: CallState,
  found: DueCertificates,
  s: CertificateServices,
): Promise<boolean> {
  const owner = s.newOwner();
  const held = await holdAppLease(call.network, owner, s);
  if (held === undefined) return false;
  try {
    await new CertificateBatch({ ...call, owner }, held, s).run(found);
    return true;
  } catch (error) {
    if (error instanceof LeaseLost) return false;
    throw error;
  } finally {
    await endPass(call, found, held, s);
  }
}

/**
 * Releases the lease, then sends the message for the first of the requests that wait for one. Settled requests are in the ledger with
 * the sweep's message a little after their due time, so a worker that is killed in between loses minutes.
 */
async function endPass(
  call: CallState,
  found: DueCertificates,
  { orders }: AppLease,
  s: CertificateServices,
): Promise<void> {
  const unseen = found.waiting.filter(({ domain }) => !call.seen.has(domain));
  const next = call.maySend ? firstOf([...call.waiting.values(), ...unseen]) : undefined;
  const nextAt = next?.dueAt ?? null;
  const { sharedMs } = s.delays;
  const release = () => orders.release({ now: s.clock.now(), nextAt, sharedMs });
  // Released late, it is told of the same message. A lease that cannot be released ends by itself.
  const released = await call.lateEnds.write(release).catch(() => undefined);
  const at = released === undefined ? nextAt : released;
  if (at !== null && next !== undefined) await sendNext(next, { at, returns: call.returns }, s);
}

/** The first of the requests that this call leaves due: messages for it may have been acknowledged against its lease. */
async function firstLeft(call: CallState, s: CertificateServices): Promise<CertificateItem | undefined> {
  return (await dueCertificates({ ...call, most: 1 }, s)).due[0]?.item;
}

/** The same, of those too that it has checked and that were due again at once. */
function firstDue(call: CallState, s: CertificateServices): Promise<CertificateItem | undefined> {
  const seen = new Map([...call.seen].filter(([name]) => !call.dueAgain.has(name)));
  return firstLeft({ ...call, seen }, s);
}

/** Delayed, because whatever ended this call may persist. Errors here are ignored: the original one is reported, and the sweep retries. */
async function sendMessageAfterFailure(call: CallState, s: CertificateServices): Promise<void> {
  try {
    const left = await firstLeft(call, s);
    if (left !== undefined) await sendMessageBy(left, s.clock.now() + s.delays.releasedMs, s);
  } catch {
    // The ledger itself may be unavailable.
  }
}

/** Runs passes while requests are due and there is time. Sends a message for what is left then. */
async function reconcileWhileDue(call: CallState, s: CertificateServices): Promise<void> {
  for (let passes = 0; ; passes += 1) {
    // After the release of the lease too: a message that was refused meanwhile is gone.
    const found = await dueCertificates({ ...call, most: AT_A_TIME }, s);
    const now = s.clock.now();
    const hasTime = passes === 0 || now <= call.deadlineAt - CHECK_NEEDS_MS;
    const owing = passes === 0 && (found.owing.length > 0 || found.fault !== undefined);
    if ((found.due.length === 0 && !owing) || !hasTime) {
      const left = found.due[0]?.item ?? (call.dueAgain.size === 0 ? undefined : await firstDue(call, s));
      if (left !== undefined) await sendMessageBy(left, now, s);
      return;
    }
    if (!(await reconcileOnce(call, found, s))) return;
  }
}

/** Runs the passes, and puts off what failed because the ledger, a queue or Secrets Manager is away. */
async function reconcileUnlessAway(call: CallState, s: CertificateServices): Promise<void> {
  try {
    await reconcileWhileDue(call, s);
  } catch (error) {
    // The network's own item, or its claim: the ledger has reported it, and the network's other work waits for it. The sweep
    // comes back within the hour, for only another version of the relay or an operator can change that.
    if (error instanceof UnreadableItem) return;
    await sendMessageAfterFailure(call, s);
    // If the ledger, a queue or Secrets Manager is unavailable, redelivery does not help: the sweep retries.
    if (!(error instanceof Unavailable)) throw error;
    s.reportDeferred({ network: call.network }, error);
  }
}

/** Comes last, without the lease on the application, because it may take until the function ends. */
async function writeLateEnds(
  { network, lateEnds, deadlineAt }: CallState,
  s: CertificateServices,
): Promise<void> {
  try {
    await lateEnds.writeLeft({ clock: s.clock, deadlineAt });
  } catch (error) {
    if (!(error instanceof Unavailable)) throw error;
    s.reportDeferred({ network }, error);
  }
}

/**
 * Works on the certificates of one network until nothing is due: orders what is ready, proves what was ordered, and stores
 * the state of each. One worker per web application: a second one leaves the work to the first, which checks once more for
 * new requests. Throws unexpected errors, and `UnreadableItem` for a redriven dead letter whose item cannot be read.
 *
 * @param deadlineAt when the function that runs this is stopped, in milliseconds since the epoch
 */
export async function reconcileCertificates(
  { network, domain, deadLetter, returns = 0 }: CertificatesWork,
  deadlineAt: number,
  s: CertificateServices,
): Promise<void> {
  if (domain !== undefined && deadLetter !== undefined) {
    const now = s.clock.now();
    await updateItem(s.ledger, certificateKey(network, domain), (item) =>
      redrivenCertificate(item, deadLetter, now),
    );
  }
  const call: CallState = {
    network,
    deadlineAt,
    seen: new Map(),
    dueAgain: new Set(),
    waiting: new Map(),
    returns,
    maySend: maySendNext(returns),
    unreadable: new Set(),
    reach: { hasAny: false },
    lateEnds: new LateEnds(),
  };
  try {
    await reconcileUnlessAway(call, s);
  } finally {
    await writeLateEnds(call, s);
  }
}
