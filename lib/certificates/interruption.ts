import { type ErrorCode, RelayError } from '../errors.ts';
import { NetworkPaused, NotBefore } from '../sync/ledger/errors.ts';
import type { Pause } from '../sync/ledger/items/network-item.ts';
import type { Followed } from '../sync/ledger/updates/followed.ts';
import { isOfNetwork, pausedResult } from '../sync/network/circuit-breaker.ts';
import { type CallOutcome, recordPass, SUSPICIOUS } from '../sync/network/pass-record.ts';
import type { CertificateResult } from './outcome/result.ts';
import type { CertificateServices } from './services.ts';
import type { CertificateSession } from './session.ts';

/** What kept a pass from asking RunCloud. Any other error is a bug, or comes from the ledger, a queue or Secrets Manager. */
export type Interruption = RelayError | NotBefore | NetworkPaused;

export function isInterruption(error: unknown): error is Interruption {
  return error instanceof RelayError || error instanceof NotBefore || error instanceof NetworkPaused;
}

/** What a pass did at RunCloud. */
export interface PassTrace {
  readonly network: string;
  /** The name that represents the pass. */
  readonly domain: string;
  /** Undefined: the session could not be opened. */
  readonly session: CertificateSession | undefined;
  readonly interruption: Interruption | undefined;
  /** RunCloud has answered an order, with a yes or a no. */
  readonly orderAnswered: boolean;
  /** The network as the pass follows it. */
  readonly followed?: Followed<'network'>;
}

/** Faults that a successful read does not disprove: it needs no right to write, and "not found" may mean "none yet". */
const UNPROVEN_BY_READING: ReadonlySet<ErrorCode> = new Set([...SUSPICIOUS, 'runcloud-not-found']);

function callOutcomeOf({ session, interruption, orderAnswered }: PassTrace): CallOutcome {
  if (orderAnswered) return { kind: 'answered' };
  if (interruption instanceof RelayError) return { kind: 'failure', error: interruption };
  const probed = session?.breaker.probed() ?? null;
  const proven = interruption === undefined && probed !== null && !UNPROVEN_BY_READING.has(probed.code);
  return { kind: proven ? 'answered' : 'none' };
}

/** Records the pass on its network: counts its calls, and begins, keeps or ends a pause. Returns the pause that holds now. */
export async function recordInterruption(trace: PassTrace, s: CertificateServices): Promise<Pause | null> {
  const { network, domain, session, interruption, followed } = trace;
  const { pause, transition } = await recordPass(
    { network, domain, session, callOutcome: callOutcomeOf(trace) },
    { ...s, probeMs: s.domainDelays.probeMs, ...(followed !== undefined && { followed }) },
  );
  if (transition !== null) s.report({ kind: 'turned', network, transition, error: interruption });
  return pause;
}

/**
 * The result of a request that an interruption kept from its order (`ready`) or from its check. `pause`: the network's, with
 * this pass recorded.
 */
export function resultOfInterruption(
  interruption: Interruption,
  at: { readonly pause: Pause | null; readonly ready: boolean },
  s: CertificateServices,
): CertificateResult {
  if (interruption instanceof NotBefore) return { kind: 'held', until: interruption.until };
  if (interruption instanceof NetworkPaused)
    return pausedResult(interruption.pause, s.random, s.domainDelays);
  if (at.pause !== null && isOfNetwork(interruption)) return pausedResult(at.pause, s.random, s.domainDelays);
  return { kind: at.ready ? 'failing' : 'troubled', error: interruption };
}
