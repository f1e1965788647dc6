import { RelayError } from '../../errors.ts';
import { NotBefore } from '../ledger/errors.ts';
import type { NetworkItem, Pause } from '../ledger/items/network-item.ts';
import { isSameApp } from '../ledger/same-app.ts';
import { HOUR_MS } from '../ledger/time.ts';
import { ensureAccess } from '../network/access.ts';
import { type CircuitBreaker, circuitBreaker } from '../network/circuit-breaker.ts';
import { ensureClaim } from '../network/claim.ts';
import { type CallOutcome, recordPass, SUSPICIOUS } from '../network/pass-record.ts';
import { type Session, sessionWith } from '../network/session.ts';
import { compareLists } from './compare-lists.ts';
import type { Compared, ComparisonServices } from './result.ts';

/** Domains waiting on a pause retry within minutes of the probe; an hour later none is left to probe it. */
const ABANDONED_AFTER_MS = HOUR_MS;

/**
 * Whether a paused network may be compared. Once the last waiting domain has failed, no pass would probe the pause any
 * more; then the comparison is the probe.
 */
async function mayCall(pause: Pause | null, breaker: CircuitBreaker, now: number): Promise<boolean> {
  const abandoned = pause === null || pause.probeAt <= now - ABANDONED_AFTER_MS;
  return abandoned && (await breaker.closedBy()) === null;
}

/**
 * Opens the session of a comparison, and renews the network's claim, also while it is paused: it keeps the claim as long as it has
 * a secret. Undefined: RunCloud must not be called now.
 */
async function openComparison(
  item: NetworkItem,
  deadlineAt: number,
  s: ComparisonServices,
): Promise<Session | undefined> {
  const { network, claim, pause } = item;
  const now = s.clock.now();
  const breaker = circuitBreaker(network, item, { ...s, probeMs: s.delays.probeMs });
  const access = await ensureAccess(s.networks, { network, claimed: claim, fresh: false, evenPaused: true });
  const moves = claim !== null && !isSameApp(claim, access.app);
  const paused = access.paused || !(await mayCall(pause, breaker, now));
  if (paused && moves) return undefined;
  await ensureClaim(s.ledger, item, { network, access, now });
  // A move requeues all domains first; until then the new application has nothing to compare with.
  if (moves || paused) return undefined;
  return sessionWith(access, { network, stored: item, deadlineAt, breaker }, s);
}

/** A read says nothing about a credential that may not write. */
function callOutcomeOf(session: Session | undefined, { error }: Compared): CallOutcome {
  const probed = session?.breaker.probed() ?? null;
  const made = session?.calls.made ?? 0;
  const proven = probed !== null && error === null && made > 0 && !SUSPICIOUS.has(probed.code);
  return { kind: proven ? 'answered' : 'none' };
}

/**
 * One call of a network's comparison: renews the claim and, unless the network is paused, compares as much as there is time
 * for. It never pauses the network: it only reads, and no customer waits for it. Throws `Unavailable`, and bugs.
 */
export async function compareNetwork(
  item: NetworkItem,
  deadlineAt: number,
  s: ComparisonServices,
): Promise<Compared> {
  const { network } = item;
  const unfinished = { begunAt: item.comparison?.begunAt ?? null, drift: null, singleRowsAt: undefined };
  let session: Session | undefined;
  let paused = false;
  const tried = async (): Promise<Compared> => {
    const inAnHour = s.clock.now() + HOUR_MS;
    try {
      session = await openComparison(item, deadlineAt, s);
      if (session !== undefined) return await compareLists(item, session, deadlineAt, s);
      paused = true;
      return { ...unfinished, begunAt: null, dueAt: inAnHour, error: null };
    } catch (error) {
      if (error instanceof NotBefore) return { ...unfinished, dueAt: error.until, error: null };
      if (error instanceof RelayError) return { ...unfinished, dueAt: s.clock.now() + HOUR_MS, error };
      throw error;
    }
  };
  const compared = await tried();
  const callOutcome = callOutcomeOf(session, compared);
  const { transition } = await recordPass(
    { network, domain: '', session, callOutcome },
    { ...s, probeMs: s.delays.probeMs },
  );
  s.reportComparison({ network, calls: session?.calls.made ?? 0, paused, transition, ...compared });
  return compared;
}
