import { RelayError } from '../errors.ts';
import { takeRemoval } from './brake.ts';
import { change } from './change.ts';
import { ensureClaim, isSameApp } from './claim.ts';
import { converge, type Facts, type Outcome } from './converge.ts';
import { LeaseLost, LooksCrash, NetworkPaused, NotBefore, SecretMissing } from './errors.ts';
import type { Attempt, DomainItem, Pause } from './items.ts';
import { domainKey, networkKey } from './items.ts';
import type { KeptListings } from './kept-listings.ts';
import { recordAttempt } from './lease.ts';
import { type Experience, leaveFootprint, type Verdict, winProbe } from './network.ts';
import { pacedGate } from './pace.ts';
import type { Goal } from './plan.ts';
import type { Access, App, Clock, Ledger, Listing, Networks, Random } from './ports.ts';
import type { LookEnd } from './settle.ts';
import type { DomainWaits } from './waits.ts';

/** What a look needs of the world. */
export interface LookServices {
  readonly ledger: Ledger;
  readonly clock: Clock;
  readonly random: Random;
  readonly networks: Networks;
  readonly listings: KeptListings;
  readonly waits: DomainWaits;
}

/** A look under its lease. `deadlineAt`: when the function that runs it is stopped. */
export interface Task {
  readonly item: DomainItem;
  readonly owner: string;
  readonly beganAt: number;
  readonly deadlineAt: number;
}

/** What a look found, ready to be settled. */
export interface Found {
  readonly end: LookEnd;
  readonly facts: Facts;
  readonly unanswered: boolean;
  readonly app: App | undefined;
  readonly calls: number;
  readonly turned: Verdict['turned'];
}

const MOST_CRASHES = 5;
/** The longest wait for a place, the timeout of a domain write, and some room (workers.md "Lease"). */
const WRITE_NEEDS_MS = 20_000 + 30_000 + 5_000;

const NO_FACTS: Facts = { row: undefined, answered: false, announcedAgain: false, added: false };

const nothingFound = (end: LookEnd): Found => ({
  end,
  facts: NO_FACTS,
  unanswered: false,
  app: undefined,
  calls: 0,
  turned: null,
});

const toGoal = (item: DomainItem, access: Access, readsFirst: boolean, now: number): Goal => {
  const { runcloudId } = item;
  // An id, and all that was answered with it, belongs to the application it was read from.
  const here = runcloudId === null || isSameApp(runcloudId, access.app);
  const ambiguous = item.ambiguousUntil !== null && item.ambiguousUntil > now;
  return {
    domain: item.domain,
    wanted: item.wanted,
    www: item.www,
    native: item.native,
    knownId: here ? (runcloudId?.id ?? null) : null,
    blind: !(here && item.answered) && !readsFirst && !ambiguous,
    ambiguous,
    protectedDomains: access.protectedDomains,
  };
};

/** Asks brake and lease before a write, and puts the attempt on record. */
const writeGuard =
  (task: Task, access: Access, s: LookServices) =>
  async (op: Attempt['op']): Promise<void> => {
    const { network, domain } = task.item;
    const now = s.clock.now();
    if (task.deadlineAt - now < WRITE_NEEDS_MS) throw new NotBefore(now);
    if (op === 'remove') {
      const rule = takeRemoval(network, access.removalsPerHour, now);
      const { freeAt } = await change(s.ledger, networkKey(network), rule);
      if (freeAt !== null) throw new NotBefore(freeAt, 'removals-limited');
    }
    const attempt = { op, startedAt: s.clock.now() };
    const recorded = await change(s.ledger, domainKey(network, domain), (item) =>
      recordAttempt(item, task.owner, attempt),
    );
    if (!recorded) throw new LeaseLost();
  };

/** A kept listing that shows the name and nothing whose change would alter what it means. */
const usableListing = (item: DomainItem, listing: Listing | undefined): Listing | undefined => {
  const names = new Set(listing?.domains.map(({ name }) => name));
  const own = names.has(item.domain) && !names.has(`www.${item.domain}`);
  return own && !item.domain.startsWith('www.') ? listing : undefined;
};

const askRuncloud = async (
  task: Task,
  access: Access,
  context: { readonly readsFirst: boolean; readonly probing: boolean; readonly counted: () => void },
  s: LookServices,
): Promise<Outcome> => {
  const { item } = task;
  const now = () => s.clock.now();
  const gate = pacedGate(s, access.credentialFingerprint, context.counted);
  return converge(toGoal(item, access, context.readsFirst, now()), {
    hosting: s.listings.keeping(access.hosting(gate), access.app, now),
    beforeWrite: writeGuard(task, access, s),
    // A probe must hear from RunCloud itself.
    keptListing: () =>
      context.probing ? undefined : usableListing(item, s.listings.find(access.app, now(), item.wroteAt)),
  });
};

const ensureAccess = async (task: Task, fresh: boolean, s: LookServices): Promise<Access> => {
  const { network } = task.item;
  const access = await s.networks.access(network, { fresh });
  if (access === undefined) throw new SecretMissing(`There is no secret for network ${network}`);
  if (access.paused) throw new NetworkPaused('PAUSED is set in the secret of this network');
  return access;
};

const experienceOf = (outcome: Outcome): Experience => {
  if (outcome.kind === 'held') return { kind: 'none' };
  if (outcome.kind === 'settled') return { kind: outcome.facts.answered ? 'answered' : 'none' };
  const { error, facts } = outcome;
  const aboutDomain = facts.answered && (error.failure === 'refused' || error.failure === 'never');
  return aboutDomain ? { kind: 'answered' } : { kind: 'failure', error };
};

const pausedEnd = (until: number, pause: Pause): LookEnd => ({
  kind: 'paused',
  until,
  code: pause.code,
  message: pause.message,
});

const endOf = (outcome: Outcome, pause: Pause | null): LookEnd => {
  switch (outcome.kind) {
    case 'settled':
      return { kind: 'settled', ending: outcome.ending };
    case 'held':
      return { kind: 'held', until: outcome.by.until, reason: outcome.by.reason };
    case 'failed': {
      const own = outcome.error.failure === 'refused' || outcome.error.failure === 'never';
      // This domain met, or probed, the pause: it is the one to come back right when the next probe is due.
      if (pause !== null && !own) return pausedEnd(pause.probeAt, pause);
      return { kind: 'failed', error: outcome.error };
    }
  }
};

/**
 * The look itself, under its lease: respects the network's pause, makes sure of the application, brings RunCloud to
 * what is wanted, and leaves its footprint on the network. Throws `LeaseLost`, `Unavailable`, and bugs.
 */
export const examine = async (task: Task, s: LookServices): Promise<Found> => {
  const { item } = task;
  const { network, domain } = item;
  if (item.crashes >= MOST_CRASHES) {
    const error = new LooksCrash(`${MOST_CRASHES} looks in a row ended without an outcome`);
    return nothingFound({ kind: 'failed', error });
  }
  const { probeMs } = s.waits;
  const stored = (await s.ledger.read(networkKey(network)))?.item;
  const probing = (stored?.pause ?? null) !== null;
  if (probing) {
    const probe = await change(
      s.ledger,
      networkKey(network),
      winProbe(network, { now: s.clock.now(), probeMs }),
    );
    // The rest come spread behind the probe: after it has lifted the pause, they need not come all at once.
    if (!probe.won && probe.pause !== null) {
      return nothingFound(pausedEnd(probe.pause.probeAt + s.random() * probeMs, probe.pause));
    }
  }
  let calls = 0;
  let access: Access | undefined;
  let outcome: Outcome;
  try {
    access = await ensureAccess(task, probing || item.wanted === 'absent', s);
    await ensureClaim(s.ledger, stored, { network, app: access.app, now: s.clock.now() });
    const context = { readsFirst: stored?.readsFirst ?? false, probing, counted: () => void calls++ };
    outcome = await askRuncloud(task, access, context, s);
  } catch (error) {
    if (!(error instanceof RelayError)) throw error;
    outcome = { kind: 'failed', error, facts: NO_FACTS };
  }
  const footprint = {
    network,
    domain,
    experience: experienceOf(outcome),
    calls,
    announcedAgain: outcome.facts.announcedAgain,
    added: outcome.facts.added,
    now: s.clock.now(),
    probeMs,
  };
  const { pause, turned } = await change(s.ledger, networkKey(network), leaveFootprint(footprint));
  return {
    end: endOf(outcome, pause),
    facts: outcome.facts,
    unanswered: outcome.kind === 'failed' && outcome.error.unanswered,
    app: access?.app,
    calls,
    turned,
  };
};
