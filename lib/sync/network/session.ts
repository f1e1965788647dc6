import { RelayError } from '../../errors.ts';
import { NetworkPaused } from '../ledger/errors.ts';
import type { NetworkItem } from '../ledger/items/network-item.ts';
import type { RateLimitItem } from '../ledger/items/shared-items.ts';
import { rateLimitKey } from '../ledger/keys.ts';
import type { Clock, Ledger, Random } from '../ledger/ports.ts';
import type {
  Access,
  CallAnswer,
  CallGuard,
  CertificateHosting,
  Hosting,
  Networks,
} from '../ledger/runcloud-ports.ts';
import { follow } from '../ledger/updates/followed.ts';
import type { Seen } from '../ledger/updates/update.ts';
import { ensureAccess, readAfterRefusal } from './access.ts';
import type { CircuitBreaker } from './circuit-breaker.ts';
import { ensureClaim } from './claim.ts';
import { type InLine, placeAt, type Standing } from './limits/line.ts';
import { type CallCount, type CallPlan, noCalls, rateLimited, returnUnused } from './limits/rate-limit.ts';
import { LONGEST_WAIT_MS } from './limits/slots.ts';
import { assertTimeLeft } from './time-left.ts';

export interface SessionServices {
  readonly ledger: Ledger;
  readonly clock: Clock;
  readonly random: Random;
  readonly networks: Networks;
  readonly reportCallsThisMonth: (count: number) => void;
}

export interface SessionTerms {
  readonly network: string;
  /** The network as the pass found it. */
  readonly stored: NetworkItem | undefined;
  /** When the function is stopped. */
  readonly deadlineAt: number;
  readonly breaker: CircuitBreaker;
  /** Left out: this work stands in no line. */
  readonly inLine?: InLine;
  /** A credential's rate limit that was read with the network. */
  readonly rateLimit?: SeenRateLimit | undefined;
}

export interface SeenRateLimit {
  readonly fingerprint: string;
  readonly seen: Seen<RateLimitItem>;
}

/** What a call asks for before it is made. */
export interface CallTerms {
  /** Time of the function for the longest wait, the call, and what follows it. */
  readonly needsMs: number;
  /** Until when a pass that has made a call waits for the slot of its next one; left out: no longer than for the first. */
  readonly patientUntil?: number;
  /** The calls that probably follow this one. */
  readonly plan?: CallPlan;
  /** Runs last, after every wait. Throws where the call must not be made. */
  readonly beforeSend?: () => Promise<void>;
  /** Learns of the answer, also of one that ends in an error. */
  readonly onAnswer?: (answer: CallAnswer) => void;
}

/** Terms of a pass that waits for its next slot as long as its function has time for the call, and for what follows it. */
export function patientTerms(deadlineAt: number, needsMs: number): CallTerms {
  return { needsMs, patientUntil: deadlineAt - (needsMs - LONGEST_WAIT_MS) };
}

/** What a pass may do at RunCloud, with one credential. */
export interface Session {
  readonly access: Access;
  /** The calls of the pass so far, with all its credentials. */
  readonly calls: Readonly<CallCount>;
  readonly breaker: CircuitBreaker;
  readonly hosting: (call: CallTerms) => Hosting;
  readonly certificates: (call: CallTerms) => CertificateHosting;
  /** Gives back the slots of a plan whose calls are not made. */
  readonly returnUnused: (plan: CallPlan) => Promise<void>;
  /**
   * After a 401: reads the secret again, and opens the session with the credential that has replaced the refused one.
   * Undefined: the secret still holds the refused one. Throws what `openSession` throws.
   */
  readonly rotated: () => Promise<Session | undefined>;
}

/** A place was given for calls with one credential. */
function standingWith(fingerprint: string, network: string, { place, returns }: InLine): Standing {
  return { network, fingerprint, place: place?.fingerprint === fingerprint ? place : null, returns };
}

/** A session with this access. Before each call it asks for time, for the network's pause, for a slot, and for what the call itself needs. */
export function sessionWith(
  access: Access,
  terms: SessionTerms,
  s: SessionServices,
  calls: CallCount = noCalls(),
): Session {
  const { network, stored, breaker, deadlineAt } = terms;
  const fingerprint = access.credentialFingerprint;
  const seen = terms.rateLimit?.fingerprint === fingerprint ? terms.rateLimit.seen : undefined;
  const rateLimit = follow(s.ledger, rateLimitKey(fingerprint), seen);
  const inLine = terms.inLine && standingWith(fingerprint, network, terms.inLine);
  const guard = ({ needsMs, patientUntil, plan, beforeSend, onAnswer }: CallTerms): CallGuard => {
    const limiter = rateLimited(s, rateLimit, calls, { patientUntil, plan, inLine });
    return {
      before: async () => {
        const now = s.clock.now();
        // Work that has begun goes on before those that wait for their first call: otherwise it might never end.
        const goesOn = inLine !== undefined && calls.made > 0;
        assertTimeLeft(terms, now, needsMs, goesOn ? placeAt(rateLimit.last(), inLine, now) : null);
        const pause = await breaker.closedBy();
        if (pause !== null) throw new NetworkPaused(pause);
        await limiter.before();
        await beforeSend?.();
      },
      after: async (answer) => {
        onAnswer?.(answer);
        await limiter.after(answer);
      },
    };
  };
  return {
    access,
    calls,
    breaker,
    hosting: (call) => access.hosting(guard(call)),
    certificates: (call) => access.certificates(guard(call)),
    returnUnused: (plan) => returnUnused(rateLimit, plan, s.clock.now()),
    rotated: async () => {
      const claimed = stored?.claim ?? null;
      const latest = await readAfterRefusal(
        () => ensureAccess(s.networks, { network, claimed, fresh: true }),
        { clock: s.clock, deadlineAt },
      );
      if (latest.credentialFingerprint === access.credentialFingerprint) return undefined;
      return claimedSession(latest, terms, s, calls);
    },
  };
}

/** A session once this network has the web application that its secret names. */
async function claimedSession(
  access: Access,
  terms: SessionTerms,
  s: SessionServices,
  calls: CallCount,
): Promise<Session> {
  const { network, stored } = terms;
  await ensureClaim(s.ledger, stored, { network, access, now: s.clock.now() });
  return sessionWith(access, terms, s, calls);
}

/**
 * Opens a network's session with RunCloud: reads its secret (`fresh`: not from what is kept), then claims its web application.
 * Throws `RelayError` and `NotBefore`; the calls throw these, and `NetworkPaused`.
 */
export async function openSession(
  terms: SessionTerms & { readonly fresh: boolean },
  s: SessionServices,
): Promise<Session> {
  const { network, stored, fresh, breaker } = terms;
  try {
    const access = await ensureAccess(s.networks, { network, claimed: stored?.claim ?? null, fresh });
    return await claimedSession(access, terms, s, noCalls());
  } catch (error) {
    if (!(error instanceof RelayError)) throw error;
    // Only the probe may report that nothing is fixed: otherwise every pass would delay the next probe.
    const pause = await breaker.closedBy();
    throw pause === null ? error : new NetworkPaused(pause);
  }
}
