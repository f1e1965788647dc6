import { RelayError } from '../../errors.ts';
import type { DomainDelays } from '../ledger/delays.ts';
import type { DomainItem } from '../ledger/domain-item.ts';
import { NotBefore } from '../ledger/errors.ts';
import type { NetworkItem } from '../ledger/network-item.ts';
import type {
  Access,
  CallGuard,
  Clock,
  HostedDomain,
  Hosting,
  Ledger,
  Listing,
  Networks,
  Random,
} from '../ledger/ports.ts';
import { isSameApp } from '../ledger/same-app.ts';
import type { Attempt } from '../ledger/work-item.ts';
import { type AskWww, DNS_TIMEOUT_MS, mayServeWww, WWW, wwwToServe } from '../ledger/www.ts';
import { ensureAccess, readAfterRefusal } from '../network/access.ts';
import { ensureClaim } from '../network/claim.ts';
import type { KeptListings } from '../network/kept-listings.ts';
import { longListing } from '../network/long-listing.ts';
import { type CallCount, rateLimited } from '../network/rate-limit.ts';
import { removalAllowedAt } from '../network/removal-limit.ts';
import { serverAddressOf } from '../network/server-address.ts';
import { converge, type Observations, type Outcome, type Steps } from './converge.ts';
import type { Goal } from './plan.ts';
import { protectedGuard } from './protected-guard.ts';
import { mayHaveSecondRow } from './second-row.ts';
import {
  lastSendAt,
  recordedGuard,
  removalLimited,
  type Task,
  timelyGuard,
  writeGuard,
} from './write-guard.ts';

/** What a pass needs from outside. */
export interface ReconcileServices {
  readonly ledger: Ledger;
  readonly clock: Clock;
  readonly random: Random;
  readonly networks: Networks;
  readonly listings: KeptListings;
  readonly delays: DomainDelays;
  readonly askWww: AskWww;
  readonly reportCallsThisMonth: (count: number) => void;
}

/** RunCloud was not asked. */
export const NO_OBSERVATIONS: Observations = {
  row: undefined,
  answered: false,
  announcedAgain: false,
  added: false,
  unconfirmed: false,
  duplicated: false,
};

function toGoal(item: DomainItem, access: Access, www: boolean, stored: NetworkItem | undefined): Goal {
  const { runcloudId } = item;
  // An id, and every answer about it, belongs to the application it was read from.
  const here = runcloudId === null || isSameApp(runcloudId, access.app);
  // Also once its time is over: what has landed is found by name only, and only a settled pass clears this.
  const ambiguous = item.ambiguousUntil !== null;
  return {
    domain: item.domain,
    wanted: item.wanted,
    www,
    native: item.native,
    knownId: here ? (runcloudId?.id ?? null) : null,
    blind: !(here && item.answered) && !stored?.readsFirst && !ambiguous,
    ambiguous,
    protectedDomains: access.protectedDomains,
    secondRowPossible: mayHaveSecondRow(item, stored),
  };
}

/** A kept listing that shows the name, and no row of its `www.` that may have changed since. */
function usableListing(item: DomainItem, listing: Listing | undefined): Listing | undefined {
  const names = new Set(listing?.domains.map(({ name }) => name));
  const own = names.has(item.domain) && !names.has(WWW + item.domain);
  return own && !item.domain.startsWith(WWW) ? listing : undefined;
}

/** What is known of the network before RunCloud is asked. */
export interface Context {
  readonly stored: NetworkItem | undefined;
  readonly probing: boolean;
  /** Counts every call to RunCloud. */
  readonly calls: CallCount;
}

/** A removal that the removal limit has held before reads nothing until there is room. */
function heldUntil(item: DomainItem, access: Access, { stored }: Context, now: number): number | null {
  const held = item.wanted === 'absent' && item.reason === 'removals-limited';
  return held && stored !== undefined ? removalAllowedAt(stored, access.removalsPerHour, now) : null;
}

/** `www.` is served only where it points at the server: otherwise one name without DNS fails the certificate of all. */
async function servedWww(
  item: DomainItem,
  access: Access,
  { stored, guard }: Pick<Context, 'stored'> & { readonly guard: CallGuard },
  s: ReconcileServices,
): Promise<boolean> {
  if (item.wanted === 'absent' || !mayServeWww(item)) return item.www;
  const at = { network: item.network, stored, access };
  const address = await serverAddressOf(at, access.certificates(guard), s);
  const serverAddresses = [...(address === undefined ? [] : [address]), ...access.serverAddresses];
  const terms = { serverAddresses, timeoutMs: DNS_TIMEOUT_MS };
  return wwwToServe(await s.askWww(WWW + item.domain, terms), item.wwwServed);
}

async function askRuncloud(
  task: Task,
  access: Access,
  context: Context,
  s: ReconcileServices,
): Promise<Outcome> {
  const { item } = task;
  const now = () => s.clock.now();
  const freeAt = heldUntil(item, access, context, now());
  if (freeAt !== null) {
    return { kind: 'held', by: new NotBefore(freeAt, 'removals-limited'), observations: NO_OBSERVATIONS };
  }
  const limited = rateLimited(s, access.credentialFingerprint, context.calls, lastSendAt(task));
  const guard = timelyGuard(task, s.clock, limited);
  const www = await servedWww(item, access, { ...context, guard }, s);
  const { find } = access.hosting(guard);
  const writing = (op: Attempt['op'], open = guard): Hosting =>
    access.hosting(recordedGuard(task, op, open, s));
  const removing = (row: HostedDomain): Hosting => {
    const { network } = item;
    const claimed = context.stored?.claim ?? null;
    const allowed = protectedGuard({ network, claimed, row, access }, guard, s);
    return writing('remove', removalLimited(task, access.removalsPerHour, allowed, s));
  };
  const hosting: Steps['hosting'] = {
    find,
    list: longListing({ ...task, network: item.network }, access.hosting(guard), s),
    add: (domain) => writing('add').add(domain),
    updateDomain: (id, to) => writing('update').updateDomain(id, to),
    remove: (row) => removing(row).remove(row.id),
  };
  return converge(toGoal(item, access, www, context.stored), {
    hosting: s.listings.keeping(hosting, access.app, now),
    beforeWrite: writeGuard(task, access.removalsPerHour, s),
    // A probe needs an answer from RunCloud itself.
    keptListing: () =>
      context.probing ? undefined : usableListing(item, s.listings.find(access.app, now(), item.wroteAt)),
  });
}

interface AccessOutcome {
  readonly outcome: Outcome;
  /** Undefined: the secret could not be used. */
  readonly access: Access | undefined;
}

const MOST_CREDENTIALS = 3;

/**
 * Asks with the network's credential. One that RunCloud refuses may have been rotated since it was read: the secret is read
 * again, after the refusal, and a new credential tried, so that a rotation does not pause the network.
 */
export async function askWithAccess(
  task: Task,
  context: Context,
  s: ReconcileServices,
): Promise<AccessOutcome> {
  const { network, wanted } = task.item;
  const claimed = context.stored?.claim ?? null;
  let access: Access | undefined;
  const ask = async (next: Access): Promise<Outcome> => {
    access = next;
    try {
      await ensureClaim(s.ledger, context.stored, { network, access: next, now: s.clock.now() });
      return await askRuncloud(task, next, context, s);
    } catch (error) {
      // The server's address is read before the domain, and may be refused as well.
      if (error instanceof RelayError) return { kind: 'failed', error, observations: NO_OBSERVATIONS };
      throw error;
    }
  };
  try {
    const fresh = context.probing || wanted === 'absent';
    let asked = await ensureAccess(s.networks, { network, claimed, fresh });
    for (let credentials = 1; ; credentials += 1) {
      const outcome = await ask(asked);
      if (outcome.kind !== 'failed' || outcome.error.code !== 'runcloud-unauthorized')
        return { outcome, access };
      const latest = await readAfterRefusal(
        () => ensureAccess(s.networks, { network, claimed, fresh: true }),
        { clock: s.clock, deadlineAt: task.deadlineAt },
      );
      if (latest.credentialFingerprint === asked.credentialFingerprint) return { outcome, access };
      // What the old credential did is on record: the next pass begins with its result.
      if (outcome.observations.answered || credentials === MOST_CREDENTIALS) {
        return {
          outcome: { kind: 'held', by: new NotBefore(s.clock.now()), observations: outcome.observations },
          access,
        };
      }
      asked = latest;
    }
  } catch (error) {
    if (error instanceof NotBefore)
      return { outcome: { kind: 'held', by: error, observations: NO_OBSERVATIONS }, access };
    if (!(error instanceof RelayError)) throw error;
    return { outcome: { kind: 'failed', error, observations: NO_OBSERVATIONS }, access };
  }
}
