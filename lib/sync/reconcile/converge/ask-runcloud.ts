import { RelayError } from '../../../errors.ts';
import type { DomainDelays } from '../../ledger/delays.ts';
import type { AskWww } from '../../ledger/domains/www.ts';
import { NotBefore } from '../../ledger/errors.ts';
import type { DomainItem } from '../../ledger/items/domain-item.ts';
import type { NetworkItem } from '../../ledger/items/network-item.ts';
import type { Attempt } from '../../ledger/items/work-item.ts';
import type { Access, CallAnswer, Hosting } from '../../ledger/runcloud-ports.ts';
import type { Followed } from '../../ledger/updates/followed.ts';
import type { KnownCredentials } from '../../network/known-credentials.ts';
import { CALL_NEEDS_MS, planOf } from '../../network/limits/rate-limit.ts';
import { limitOf, writeAllowedAt } from '../../network/limits/write-limit.ts';
import type { KeptListings } from '../../network/listing/kept-listings.ts';
import { shareListing } from '../../network/listing/list-turn.ts';
import { longListing } from '../../network/listing/long-listing.ts';
import { openSession, type Session, type SessionServices, type SessionTerms } from '../../network/session.ts';
import { goalOf } from '../plan/goal.ts';
import type { Goal } from '../plan/plan.ts';
import { assertMayBegin, countWrite, lastSendAt, recordWrite, type Task } from './before-write.ts';
import { type ConvergeResult, converge, type Steps } from './converge.ts';
import { NO_OBSERVATIONS } from './observations.ts';
import { assertStillRemovable, assertWwwMayGo } from './still-removable.ts';
import { isUsable, usableListing } from './usable-listing.ts';

/** What a pass needs from outside. */
export interface ReconcileServices extends SessionServices {
  readonly listings: KeptListings;
  readonly credentials: KnownCredentials;
  readonly delays: DomainDelays;
  readonly askWww: AskWww;
}

/** A domain that the limit of its write has held before reads nothing until there is room. */
function limitedUntil(
  item: DomainItem,
  access: Access,
  stored: NetworkItem | undefined,
  now: number,
): NotBefore | undefined {
  const removes = item.wanted === 'absent' || item.parking !== null;
  const limit = limitOf(removes ? 'remove' : 'add', access);
  if (limit === undefined || item.reason !== limit.reason) return undefined;
  const freeAt = writeAllowedAt(stored, limit, now);
  return freeAt === null ? undefined : new NotBefore(freeAt, limit.reason);
}

/** A removal reads the row, or the list where the name may have a second row, and deletes it. */
function probableCalls({ wanted, knownId, ambiguous }: Goal): number {
  return wanted !== 'absent' || knownId === null || ambiguous ? 1 : 2;
}

/** Brings RunCloud to what is wanted of one domain, with the credential of this session. Throws what its reads before that throw. */
async function convergeAt(
  { access, breaker, ...session }: Session,
  task: Task,
  followed: Followed<'network'>,
  s: ReconcileServices,
): Promise<ConvergeResult> {
  const { item } = task;
  const { network } = item;
  const stored = followed.last();
  const now = () => s.clock.now();
  const limited = limitedUntil(item, access, stored, now());
  if (limited !== undefined) return held(limited);
  const call = { needsMs: CALL_NEEDS_MS, patientUntil: lastSendAt(task) };
  const goal = await goalOf(item, { access, stored, certificates: session.certificates(call) }, s);
  const calls = { ...call, plan: planOf(probableCalls(goal)) };
  const reads = session.hosting(calls);
  let saidOfWrite: string | undefined;
  let wroteAt: number | undefined;
  const onAnswer = ({ said }: CallAnswer): void => {
    saidOfWrite = said;
  };
  const writes = (op: Attempt['op'], mindSecret?: () => Promise<void>): Hosting => {
    const beforeSend = async (): Promise<void> => {
      await mindSecret?.();
      await countWrite(task, limitOf(op, access), { ...s, network: followed });
      wroteAt = now();
      await recordWrite(op, task, s);
    };
    return session.hosting({ ...calls, beforeSend, onAnswer });
  };
  const changed = { network, claimed: stored?.claim ?? null, access };
  const reader = { ...task, network, app: access.app, lastSeen: followed.last };
  const readList = longListing(reader, reads, s);
  const list: Steps['hosting']['list'] = async () => {
    const calledAt = now();
    const listing = await readList();
    s.listings.keep(access.app, listing);
    const resumed = listing.begunAt < calledAt && listing.complete;
    if (resumed && !(await isUsable({ ...item, wroteAt: wroteAt ?? item.wroteAt }, listing, s))) {
      throw new NotBefore(now());
    }
    return { ...listing, resumed };
  };
  const hosting: Steps['hosting'] = {
    find: (id) => reads.find(id),
    list,
    add: (domain) => writes('add').add(domain),
    updateDomain: (id, to, row) => {
      const losesWww = row?.www === true && !to.www;
      const mindSecret = losesWww ? () => assertWwwMayGo({ ...changed, row }, s) : undefined;
      return writes('update', mindSecret).updateDomain(id, to);
    },
    remove: (row) => {
      const mindSecret = () => assertStillRemovable({ ...changed, row }, s);
      return writes('remove', mindSecret).remove(row.id);
    },
  };
  return converge(goal, {
    hosting,
    saidOfWrite: () => saidOfWrite,
    beforeWrite: (op) => assertMayBegin(task, limitOf(op, access), { ...s, network: followed }),
    // A probe needs an answer from RunCloud itself.
    keptListing: async () =>
      breaker.probed() === null ? usableListing(item, { app: access.app, stored }, s) : undefined,
    wasConfirmed: async (first, second) => {
      const listing = { ...second, begunAt: first.begunAt, confirmed: true };
      s.listings.keep(access.app, listing);
      await shareListing(reader, listing, s.ledger);
    },
  });
}

function held(by: NotBefore, observations = NO_OBSERVATIONS): ConvergeResult {
  return { kind: 'held', by, observations };
}

/** Expected failures become an outcome. */
async function caught(ask: () => Promise<ConvergeResult>): Promise<ConvergeResult> {
  try {
    return await ask();
  } catch (error) {
    if (error instanceof NotBefore) return held(error);
    if (error instanceof RelayError) return { kind: 'failed', error, observations: NO_OBSERVATIONS };
    throw error;
  }
}

const MOST_CREDENTIALS = 3;

/**
 * Asks with the network's credential. One that RunCloud refuses may have been rotated since it was read: the secret is read
 * again, after the refusal, and a new credential tried, so that a rotation does not pause the network.
 */
export async function askRuncloud(
  task: Task,
  {
    followed,
    breaker,
    rateLimit,
  }: Pick<SessionTerms, 'breaker' | 'rateLimit'> & { readonly followed: Followed<'network'> },
  s: ReconcileServices,
): Promise<{ readonly outcome: ConvergeResult; readonly session: Session | undefined }> {
  const { returns } = task;
  const { network, wanted, parking, place } = task.item;
  const inLine = { place, returns };
  let session: Session | undefined;
  const outcome = await caught(async () => {
    const fresh = breaker.probed() !== null || wanted === 'absent' || parking !== null;
    const stored = followed.last();
    const { deadlineAt } = task;
    session = await openSession({ network, stored, deadlineAt, breaker, fresh, inLine, rateLimit }, s);
    s.credentials.note(network, session.access.credentialFingerprint);
    for (let credentials = 1; ; credentials += 1) {
      const current: Session = session;
      // The server's address is read before the domain, and may be refused as well.
      const found = await caught(() => convergeAt(current, task, followed, s));
      if (found.kind !== 'failed' || found.error.code !== 'runcloud-unauthorized') return found;
      const rotated = await current.rotated();
      if (rotated === undefined) return found;
      // What the old credential did is on record: the next pass begins with its result.
      if (found.observations.answered || credentials === MOST_CREDENTIALS) {
        return held(new NotBefore(s.clock.now()), found.observations);
      }
      session = rotated;
    }
  });
  return { outcome, session };
}
