import { AFTER_CALL_MS } from '../sync/ledger/budgets.ts';
import type { NetworkItem } from '../sync/ledger/items/network-item.ts';
import type { CertificateHosting, Hosting } from '../sync/ledger/runcloud-ports.ts';
import { circuitBreaker } from '../sync/network/circuit-breaker.ts';
import { CALL_NEEDS_MS, planOf } from '../sync/network/limits/rate-limit.ts';
import { LONGEST_WAIT_MS } from '../sync/network/limits/slots.ts';
import { openSession, patientTerms, type Session } from '../sync/network/session.ts';
import type { CertificateServices } from './services.ts';

/** The longest wait for a slot, RunCloud's time for an order (docs/external-systems.md, "Limits and quota"), and a reserve. */
export const ORDER_NEEDS_MS = LONGEST_WAIT_MS + 120_000 + AFTER_CALL_MS;

/** A pass's session with RunCloud: reads of its domains and certificates, and orders. */
export interface CertificateSession extends Pick<Session, 'access' | 'calls' | 'breaker' | 'rotated'> {
  readonly network: string;
  readonly hosting: Hosting;
  /** For reads. */
  readonly certificates: CertificateHosting;
  /** The calls of one order. */
  readonly newOrder: () => OrderCalls;
  /** Says how many calls follow in a row. Their slots are taken with that of the first. */
  readonly expectCalls: (calls: number) => void;
  /** Gives back the slots of those that were not made. */
  readonly returnUnused: () => Promise<void>;
}

/** Orders are made at the same time, so each has its own. */
export interface OrderCalls {
  /** When it is made. No other order of the pass has that moment: the counts of the account know them apart by nothing else. */
  readonly at: number;
  /** For orders: they may take two minutes. */
  readonly hosting: CertificateHosting;
  /** False: no call has got as far as RunCloud. */
  readonly mayBeSent: () => boolean;
  /** RunCloud's words in its last answer: a success that does nothing often says why. */
  readonly said: () => string | undefined;
}

/** Opens it. While the network is paused, the first call must win the probe. Throws what `openSession` throws. */
export async function openCertificateSession(
  network: string,
  stored: NetworkItem | undefined,
  deadlineAt: number,
  s: CertificateServices,
): Promise<CertificateSession> {
  const breaker = circuitBreaker(network, stored, { ...s, probeMs: s.domainDelays.probeMs });
  const paused = stored?.pause ?? null;
  // The owner may have fixed in the secret what paused the network; a probe reads it again.
  const fresh = paused !== null && s.clock.now() >= paused.probeAt;
  const session = await openSession({ network, stored, deadlineAt, breaker, fresh }, s);
  const plan = planOf(1);
  const call = (needsMs: number) => ({ ...patientTerms(deadlineAt, needsMs), plan });
  let lastOrderAt = 0;
  const newOrder = (): OrderCalls => {
    const at = Math.max(s.clock.now(), lastOrderAt + 1);
    lastOrderAt = at;
    let mayBeSent = false;
    let lastSaid: string | undefined;
    const hosting = session.certificates({
      ...call(ORDER_NEEDS_MS),
      beforeSend: async () => {
        mayBeSent = true;
      },
      onAnswer: ({ said }) => {
        lastSaid = said;
      },
    });
    return { at, hosting, mayBeSent: () => mayBeSent, said: () => lastSaid };
  };
  return {
    ...session,
    network,
    hosting: session.hosting(call(CALL_NEEDS_MS)),
    certificates: session.certificates(call(CALL_NEEDS_MS)),
    newOrder,
    expectCalls: (calls) => {
      plan.calls = calls;
    },
    returnUnused: () => session.returnUnused(plan),
  };
}
