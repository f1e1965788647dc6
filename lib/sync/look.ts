import { RelayError } from '../errors.ts';
import { change } from './change.ts';
import { ensureClaim, isSameApp } from './claim.ts';
import { converge, type Facts, type Outcome } from './converge.ts';
import { ensureAccess } from './ensure-access.ts';
import { LooksCrash } from './errors.ts';
import { type Task, timelyGate, writeGuard } from './guards.ts';
import { type DomainItem, type NetworkItem, networkKey, type Pause } from './items.ts';
import type { KeptListings } from './kept-listings.ts';
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
const NO_FACTS: Facts = {
  row: undefined,
  answered: false,
  announcedAgain: false,
  added: false,
  unconfirmed: false,
};

const nothingFound = (end: LookEnd): Found => ({
  end,
  facts: NO_FACTS,
  unanswered: false,
  app: undefined,
  calls: 0,
  turned: null,
});

const toGoal = (item: DomainItem, access: Access, readsFirst: boolean): Goal => {
  const { runcloudId } = item;
  // An id, and all that was answered with it, belongs to the application it was read from.
  const here = runcloudId === null || isSameApp(runcloudId, access.app);
  // Also once its time is over: what has landed by then is seen by name only, and only a settle clears it.
  const ambiguous = item.ambiguousUntil !== null;
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

/** A kept listing that shows the name and nothing whose change would alter what it means. */
const usableListing = (item: DomainItem, listing: Listing | undefined): Listing | undefined => {
  const names = new Set(listing?.domains.map(({ name }) => name));
  const own = names.has(item.domain) && !names.has(`www.${item.domain}`);
  return own && !item.domain.startsWith('www.') ? listing : undefined;
};

interface Context {
  readonly stored: NetworkItem | undefined;
  readonly probing: boolean;
  /** Told of every call to RunCloud. */
  readonly counted: () => void;
}

const askRuncloud = async (
  task: Task,
  access: Access,
  context: Context,
  s: LookServices,
): Promise<Outcome> => {
  const { item } = task;
  const now = () => s.clock.now();
  const paced = pacedGate(s, access.credentialFingerprint, context.counted);
  const gate = timelyGate(task, s.clock, paced);
  return converge(toGoal(item, access, context.stored?.readsFirst ?? false), {
    hosting: s.listings.keeping(access.hosting(gate), access.app, now),
    beforeWrite: writeGuard(task, access.removalsPerHour, s),
    // A probe must hear from RunCloud itself.
    keptListing: () =>
      context.probing ? undefined : usableListing(item, s.listings.find(access.app, now(), item.wroteAt)),
  });
};

interface Asked {
  readonly outcome: Outcome;
  /** Undefined: not even that was to be had. */
  readonly access: Access | undefined;
}

/**
 * Asks with the network's credential. One that RunCloud does not accept may have been rotated since it was read: it is
 * read afresh at once, and another one tried, so that a rotation needs no rest of the network.
 */
const askWithAccess = async (task: Task, context: Context, s: LookServices): Promise<Asked> => {
  const { network, wanted } = task.item;
  const claimed = context.stored?.claim ?? null;
  let access: Access | undefined;
  const ask = async (next: Access): Promise<Outcome> => {
    access = next;
    await ensureClaim(s.ledger, context.stored, { network, app: next.app, now: s.clock.now() });
    return askRuncloud(task, next, context, s);
  };
  try {
    const fresh = context.probing || wanted === 'absent';
    const first = await ensureAccess(s.networks, { network, claimed, fresh });
    const outcome = await ask(first);
    const rejected = outcome.kind === 'failed' && outcome.error.code === 'runcloud-unauthorized';
    if (!rejected || fresh || outcome.facts.answered) return { outcome, access };
    const second = await ensureAccess(s.networks, { network, claimed, fresh: true });
    if (second.credentialFingerprint === first.credentialFingerprint) return { outcome, access };
    return { outcome: await ask(second), access };
  } catch (error) {
    if (!(error instanceof RelayError)) throw error;
    return { outcome: { kind: 'failed', error, facts: NO_FACTS }, access };
  }
};

/** `calls`: how many were made. A kept listing answers about the domain, but nobody has answered just now. */
const experienceOf = (outcome: Outcome, calls: number): Experience => {
  if (outcome.kind === 'held') return { kind: 'none' };
  if (outcome.kind === 'settled') return { kind: outcome.facts.answered && calls > 0 ? 'answered' : 'none' };
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
  const { outcome, access } = await askWithAccess(task, { stored, probing, counted: () => void calls++ }, s);
  const footprint = {
    network,
    domain,
    experience: experienceOf(outcome, calls),
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
    unanswered: outcome.facts.unconfirmed || (outcome.kind === 'failed' && outcome.error.unanswered),
    app: access?.app,
    calls,
    turned,
  };
};
