import { MOST_CRASHES, RepeatedCrash } from '../ledger/errors.ts';
import { networkKey } from '../ledger/keys.ts';
import type { Pause } from '../ledger/network-item.ts';
import type { App } from '../ledger/ports.ts';
import { updateItem } from '../ledger/update.ts';
import { tryProbe } from '../network/circuit-breaker.ts';
import { type BreakerState, type CallOutcome, recordOutcome } from '../network/pass-record.ts';
import { noCalls } from '../network/rate-limit.ts';
import type { Observations, Outcome } from './converge.ts';
import type { ReconcileResult } from './next-state.ts';
import { askWithAccess, NO_OBSERVATIONS, type ReconcileServices } from './session.ts';
import type { Task } from './write-guard.ts';

/** What a pass found, ready to be settled. */
export interface ReconcileFindings {
  readonly result: ReconcileResult;
  readonly observations: Observations;
  readonly unanswered: boolean;
  readonly app: App | undefined;
  readonly calls: number;
  readonly transition: BreakerState['transition'];
}

function nothingFound(result: ReconcileResult): ReconcileFindings {
  return {
    result,
    observations: NO_OBSERVATIONS,
    unanswered: false,
    app: undefined,
    calls: 0,
    transition: null,
  };
}

/** `calls`: how many were made. A kept listing shows the domain, but says nothing about RunCloud now. */
function callOutcomeOf(outcome: Outcome, calls: number): CallOutcome {
  if (outcome.kind === 'held') return { kind: 'none' };
  if (outcome.kind === 'settled')
    return { kind: outcome.observations.answered && calls > 0 ? 'answered' : 'none' };
  const { error, observations } = outcome;
  const aboutDomain = observations.answered && (error.failure === 'refused' || error.failure === 'never');
  return aboutDomain ? { kind: 'answered' } : { kind: 'failure', error };
}

/** Waiting domains return spread after the next probe is due, so that the same one is not always the probe. */
function pausedResult(pause: Pause, s: ReconcileServices): ReconcileResult {
  return {
    kind: 'paused',
    until: pause.probeAt + s.random() * s.delays.probeSpreadMs,
    code: pause.code,
    message: pause.message,
  };
}

function resultOf(outcome: Outcome, pause: Pause | null, s: ReconcileServices): ReconcileResult {
  switch (outcome.kind) {
    case 'settled':
      return { kind: 'settled', target: outcome.target };
    case 'held':
      return { kind: 'held', until: outcome.by.until, reason: outcome.by.reason };
    case 'failed': {
      const { error } = outcome;
      const ofNetwork = error.failure === 'network' || error.code === 'runcloud-rate-limited';
      // A probe that fails for a reason of its own domain waits like any failure, and leaves the next probe to others.
      return pause !== null && ofNetwork ? pausedResult(pause, s) : { kind: 'failed', error };
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
    return nothingFound({ kind: 'failed', error: new RepeatedCrash() });
  }
  const { probeMs } = s.delays;
  const stored = (await s.ledger.read(networkKey(network)))?.item;
  const probing = (stored?.pause ?? null) !== null;
  if (probing) {
    const probe = await updateItem(
      s.ledger,
      networkKey(network),
      tryProbe(network, { now: s.clock.now(), probeMs }),
    );
    if (!probe.won && probe.pause !== null) return nothingFound(pausedResult(probe.pause, s));
  }
  const calls = noCalls();
  const { outcome, access } = await askWithAccess(task, { stored, probing, calls }, s);
  const record = {
    network,
    domain,
    app: calls.made > 0 ? access?.app : undefined,
    callOutcome: callOutcomeOf(outcome, calls.made),
    calls,
    announcedAgain: outcome.observations.announcedAgain,
    added: outcome.observations.added,
    duplicated: outcome.observations.duplicated,
    now: s.clock.now(),
    probeMs,
  };
  const { pause, transition } = await updateItem(s.ledger, networkKey(network), recordOutcome(record));
  return {
    result: resultOf(outcome, pause, s),
    observations: outcome.observations,
    unanswered: outcome.observations.unconfirmed || (outcome.kind === 'failed' && outcome.error.unanswered),
    app: access?.app,
    calls: calls.made,
    transition,
  };
}
