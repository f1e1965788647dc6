import { RelayError } from '../errors.ts';
import { AFTER_CALL_MS } from '../sync/ledger/budgets.ts';
import { NetworkPaused, NotBefore } from '../sync/ledger/errors.ts';
import { networkKey } from '../sync/ledger/keys.ts';
import type { NetworkItem, Pause } from '../sync/ledger/network-item.ts';
import type { Access, CallGuard, CertificateHosting, Hosting } from '../sync/ledger/ports.ts';
import { updateItem } from '../sync/ledger/update.ts';
import { ensureAccess } from '../sync/network/access.ts';
import { tryProbe } from '../sync/network/circuit-breaker.ts';
import { ensureClaim } from '../sync/network/claim.ts';
import {
  CALL_NEEDS_MS,
  type CallCount,
  LONGEST_WAIT_MS,
  noCalls,
  rateLimited,
} from '../sync/network/rate-limit.ts';
import type { CertificateServices } from './services.ts';

/** The longest wait for a slot, RunCloud's time for an order (docs/external-systems.md, "Limits and quota"), and a reserve. */
export const ORDER_NEEDS_MS = LONGEST_WAIT_MS + 120_000 + AFTER_CALL_MS;

/** A pass's access to RunCloud, and the calls that it has made so far. */
export interface Session {
  readonly network: string;
  readonly access: Access;
  readonly hosting: Hosting;
  /** For reads. */
  readonly certificates: CertificateHosting;
  /** For orders: they may take two minutes. */
  readonly orders: CertificateHosting;
  /** The pause that this pass probes; null: the network is not paused, or no call was made yet. */
  readonly probing: () => Pause | null;
  readonly calls: Readonly<CallCount>;
}

/**
 * Opens a network's access to RunCloud. Every call is rate-limited and counted; while the network is paused, the first one
 * must win the probe. Throws `RelayError`, `NotBefore`, and from the calls `NetworkPaused` too.
 */
export async function openSession(
  network: string,
  stored: NetworkItem | undefined,
  deadlineAt: number,
  s: CertificateServices,
): Promise<Session> {
  const { ledger, clock, networks } = s;
  const claimed = stored?.claim ?? null;
  const paused = stored?.pause ?? null;
  const calls = noCalls();
  let probing: Pause | null = null;
  const assertMayAsk = async (): Promise<void> => {
    if (paused === null || probing !== null) return;
    const rule = tryProbe(network, { now: clock.now(), probeMs: s.domainDelays.probeMs });
    const { won, pause } = await updateItem(ledger, networkKey(network), rule);
    if (!won && pause !== null) throw new NetworkPaused(pause);
    probing = pause;
  };
  // The owner may have fixed in the secret what paused the network; a probe reads it again.
  const fresh = paused !== null && clock.now() >= paused.probeAt;
  const opened = async (): Promise<Access> => {
    try {
      const access = await ensureAccess(networks, { network, claimed, fresh });
      await ensureClaim(ledger, stored, { network, access, now: clock.now() });
      return access;
    } catch (error) {
      // Only the probe may report that nothing is fixed: otherwise every pass would delay the next probe.
      if (error instanceof RelayError) await assertMayAsk();
      throw error;
    }
  };
  const access = await opened();
  const guard = (needsMs: number): CallGuard => {
    const patientUntil = deadlineAt - (needsMs - LONGEST_WAIT_MS);
    const limited = rateLimited(s, access.credentialFingerprint, calls, patientUntil);
    return {
      before: async () => {
        const now = clock.now();
        if (deadlineAt - now < needsMs) throw new NotBefore(now);
        await assertMayAsk();
        await limited.before();
      },
      after: limited.after,
    };
  };
  const reads = guard(CALL_NEEDS_MS);
  return {
    network,
    access,
    hosting: access.hosting(reads),
    certificates: access.certificates(reads),
    orders: access.certificates(guard(ORDER_NEEDS_MS)),
    probing: () => probing,
    calls,
  };
}
