import { graceUntil } from '../ledger/domains/grace.ts';
import { MOST_CRASHES, RepeatedCrash } from '../ledger/errors.ts';
import type { DomainItem, Place } from '../ledger/items/domain-item.ts';
import type { Pause } from '../ledger/items/network-item.ts';
import { networkKey } from '../ledger/keys.ts';
import type { App } from '../ledger/runcloud-ports.ts';
import { follow } from '../ledger/updates/followed.ts';
import { circuitBreaker, isOfNetwork, pausedResult } from '../network/circuit-breaker.ts';
import { type BreakerState, type CallOutcome, recordPass } from '../network/pass-record.ts';
import { askRuncloud, type ReconcileServices } from './converge/ask-runcloud.ts';
import type { Task } from './converge/before-write.ts';
import type { ConvergeResult } from './converge/converge.ts';
import { NO_OBSERVATIONS, type Observations } from './converge/observations.ts';
import type { ReconcileResult } from './outcome/next-state.ts';
import { type ReadTogether, readTogether } from './read-together.ts';
import { comesByMessage } from './wait-in-line.ts';

/** What a pass found, ready to be settled. */
export interface ReconcileFindings {
  readonly result: ReconcileResult;
  readonly observations: Observations;
  readonly unanswered: boolean;
  readonly app: App | undefined;
  /** Whether outcomes are posted; undefined: its secret was not read. */
  readonly tellsOutcomes: boolean | undefined;
  readonly calls: number;
  /** Where it waits for a slot now; null: nowhere. */
  readonly place: Place | null;
  readonly transition: BreakerState['transition'];
  /** What was read before RunCloud was asked; undefined: nothing was. */
  readonly before: ReadTogether | undefined;
}

function nothingFound(item: DomainItem, result: ReconcileResult): ReconcileFindings {
  return {
    result,
    observations: NO_OBSERVATIONS,
    unanswered: false,
    app: undefined,
    tellsOutcomes: undefined,
    calls: 0,
    place: item.place,
    transition: null,
    before: undefined,
  };
}

/** `calls`: how many were made. A kept listing shows the domain, but says nothing about RunCloud now. */
function callOutcomeOf(outcome: ConvergeResult, calls: number): CallOutcome {
  if (outcome.kind === 'held') return { kind: 'none' };
  if (outcome.kind === 'settled')
    return { kind: outcome.observations.answered && calls > 0 ? 'answered' : 'none' };
  const { error, observations } = outcome;
  const aboutDomain = observations.answered && (error.failure === 'refused' || error.failure === 'never');
  return aboutDomain ? { kind: 'answered' } : { kind: 'failure', error };
}

/** One that has made a call has left its place; one that has to wait once more was given another, or still has its own. */
function placeAfter(item: DomainItem, outcome: ConvergeResult, calls: number): Place | null {
  const own = calls > 0 ? null : item.place;
  return outcome.kind === 'held' ? (outcome.by.place ?? own) : own;
}

function resultOf(
  outcome: ConvergeResult,
  { returns, pause }: { readonly returns: number; readonly pause: Pause | null },
  s: Pick<ReconcileServices, 'clock' | 'random' | 'delays'>,
): ReconcileResult {
  switch (outcome.kind) {
    case 'settled':
      return { kind: 'settled', target: outcome.target };
    case 'held': {
      const { until, reason, place } = outcome.by;
      const byMessage = place !== null && comesByMessage(returns, until - s.clock.now());
      return { kind: 'held', until, reason, byMessage };
    }
    case 'failed': {
      const { error } = outcome;
      // A probe that fails for a reason of its own domain waits like any failure, and leaves the next probe to others.
      return pause !== null && isOfNetwork(error)
        ? pausedResult(pause, s.random, s.delays)
        : { kind: 'failed', error };
    }
  }
}

/**
 * One pass under its lease: respects the network's pause, checks who owns the application, brings RunCloud to what is wanted,
 * and records the outcome on the network. Throws `LeaseLost`, `Unavailable`, and bugs.
 */
export async function runPass(task: Task, s: ReconcileServices): Promise<ReconcileFindings> {
  const { item } = task;
  const { network, domain } = item;
  if (item.crashes >= MOST_CRASHES) {
    return nothingFound(item, { kind: 'failed', error: new RepeatedCrash() });
  }
  const { ledger, clock, random, delays } = s;
  const waitsUntil = graceUntil(item, clock.now());
  if (waitsUntil !== null)
    return nothingFound(item, { kind: 'held', until: waitsUntil, reason: 'grace-period' });
  const breaking = { ledger, clock, probeMs: delays.probeMs };
  const before = await readTogether(item, s);
  const followed = follow(ledger, networkKey(network), before.network);
  const breaker = circuitBreaker(network, before.network.item, breaking);
  const closedBy = await breaker.closedBy();
  if (closedBy !== null) return nothingFound(item, pausedResult(closedBy, random, delays));
  const { rateLimit } = before;
  const { outcome, session } = await askRuncloud(task, { followed, breaker, rateLimit }, s);
  const { observations } = outcome;
  const made = session?.calls.made ?? 0;
  const callOutcome = callOutcomeOf(outcome, made);
  const pass = { network, domain, session, callOutcome, seen: observations };
  const place = placeAfter(item, outcome, made);
  const { pause, transition } = await recordPass(pass, { ...breaking, followed });
  return {
    result: resultOf(outcome, { returns: task.returns, pause }, s),
    observations,
    unanswered: observations.unconfirmed || (outcome.kind === 'failed' && outcome.error.unanswered),
    app: session?.access.app,
    tellsOutcomes: session?.access.tellsOutcomes,
    calls: made,
    place,
    transition,
    before,
  };
}
