import { RelayError } from '../../errors.ts';
import { NotBefore } from '../ledger/errors.ts';
import { networkKey } from '../ledger/keys.ts';
import type { NetworkItem, Pause } from '../ledger/network-item.ts';
import type { App } from '../ledger/ports.ts';
import { isSameApp } from '../ledger/same-app.ts';
import { HOUR_MS } from '../ledger/time.ts';
import { updateItem } from '../ledger/update.ts';
import { ensureAccess } from '../network/access.ts';
import { tryProbe } from '../network/circuit-breaker.ts';
import { ensureClaim } from '../network/claim.ts';
import { type CallOutcome, recordOutcome, SUSPICIOUS } from '../network/pass-record.ts';
import { type CallCount, noCalls, rateLimited } from '../network/rate-limit.ts';
import { compareLists } from './compare-lists.ts';
import type { Compared, ComparisonServices } from './result.ts';

/** Domains waiting on a pause retry within minutes of the probe; an hour later none is left to probe it. */
const ABANDONED_AFTER_MS = HOUR_MS;

interface ComparisonAttempt extends Compared {
  readonly paused: boolean;
  /** The pause whose probe this is. */
  readonly probed: Pause | null;
  /** The web application that was asked. */
  readonly app: App | undefined;
}

/**
 * Whether a paused network may be compared. Once the last waiting domain has failed, no pass would probe the pause any
 * more; then the comparison is the probe.
 */
async function tryAbandonedProbe(
  { network, pause }: NetworkItem,
  s: Pick<ComparisonServices, 'ledger' | 'clock' | 'delays'>,
): Promise<boolean> {
  const now = s.clock.now();
  if (pause === null || pause.probeAt > now - ABANDONED_AFTER_MS) return false;
  const { probeMs } = s.delays;
  return (await updateItem(s.ledger, networkKey(network), tryProbe(network, { now, probeMs }))).won;
}

async function attemptComparison(
  item: NetworkItem,
  deadlineAt: number,
  calls: CallCount,
  s: Omit<ComparisonServices, 'reportComparison'>,
): Promise<ComparisonAttempt> {
  const { network, claim, pause } = item;
  const now = s.clock.now();
  const none = { begunAt: null, drift: null, singleRowsAt: null, error: null };
  const postponed: ComparisonAttempt = {
    ...none,
    dueAt: now + HOUR_MS,
    paused: true,
    probed: null,
    app: undefined,
  };
  const access = await ensureAccess(s.networks, { network, claimed: claim, fresh: false, evenPaused: true });
  const moves = claim !== null && !isSameApp(claim, access.app);
  const isPaused = access.paused || (pause !== null && !(await tryAbandonedProbe(item, s)));
  if (isPaused && moves) return postponed;
  // Also for a paused network: it keeps its claim as long as it has a secret.
  await ensureClaim(s.ledger, item, { network, access, now });
  // A move requeues all domains first; until then the new application has nothing to compare with.
  if (moves || isPaused) return postponed;
  const guard = rateLimited(s, access.credentialFingerprint, calls);
  const compared = await compareLists(item, { access, guard, deadlineAt }, s);
  return { ...compared, paused: false, probed: pause, app: access.app };
}

/** A read says nothing about a credential that may not write. */
function callOutcomeOf({ error, probed }: ComparisonAttempt, calls: number): CallOutcome {
  const proven = probed !== null && error === null && calls > 0 && !SUSPICIOUS.has(probed.code);
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
  const begunAt = item.comparison?.begunAt ?? null;
  const calls = noCalls();
  const tried = async (): Promise<ComparisonAttempt> => {
    try {
      return await attemptComparison(item, deadlineAt, calls, s);
    } catch (error) {
      const none = { begunAt, drift: null, singleRowsAt: null, paused: false, probed: null, app: undefined };
      if (error instanceof NotBefore) return { ...none, dueAt: error.until, error: null };
      if (error instanceof RelayError) return { ...none, dueAt: s.clock.now() + HOUR_MS, error };
      throw error;
    }
  };
  const attempt = await tried();
  const record = recordOutcome({
    network,
    domain: '',
    app: attempt.app,
    callOutcome: callOutcomeOf(attempt, calls.made),
    calls,
    announcedAgain: false,
    added: false,
    duplicated: false,
    now: s.clock.now(),
    probeMs: s.delays.probeMs,
  });
  const { transition } = await updateItem(s.ledger, networkKey(network), record);
  const { probed: _probed, app: _app, ...compared } = attempt;
  s.reportComparison({ network, calls: calls.made, transition, ...compared });
  return compared;
}
