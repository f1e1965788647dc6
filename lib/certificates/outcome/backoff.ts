import type { CertificateItem } from '../../sync/ledger/items/certificate-item.ts';
import type { Random } from '../../sync/ledger/ports.ts';
import { aroundMs, doubledMs, grownMs } from '../../sync/ledger/work/backoff.ts';
import type { CertificateDelays } from '../delays.ts';

type CheckCounts = Pick<CertificateItem, 'attempts' | 'waitedMs'>;

export function dailyMs(delays: CertificateDelays, random: Random): number {
  return aroundMs(delays.dailyMs, random);
}

/** A server that does not answer handshakes is tried again after an hour, then ever less often, down to daily. */
export function silentMs(attempts: number, { heldMs, dailyMs }: CertificateDelays, random: Random): number {
  return aroundMs(Math.min(doubledMs(heldMs, attempts), dailyMs), random);
}

/** A customer's DNS is asked for with growing waits for a week, then daily. */
export function dnsDelayMs(item: CheckCounts, delays: CertificateDelays, random: Random): number {
  return item.waitedMs >= delays.dnsPatienceMs
    ? dailyMs(delays, random)
    : grownMs(item.attempts, delays, random);
}

/** A check up to this part of a step early counts as the step itself, because the clocks of workers differ. */
const EARLY_BY = 1 / 4;

/** When to check for the certificate of an order: soon, then less and less often. */
export function verifyDelayMs(
  { attempts }: Pick<CheckCounts, 'attempts'>,
  sinceMs: number,
  delays: CertificateDelays,
  random: Random,
): number {
  let aheadMs = 0;
  for (const stepMs of delays.proofMs) {
    aheadMs += stepMs;
    if (aheadMs - sinceMs > stepMs * EARLY_BY) return aheadMs - sinceMs;
  }
  const lastStepMs = delays.proofMs.at(-1) ?? delays.firstMs;
  return sinceMs < delays.unconfirmedMs ? lastStepMs : grownMs(attempts, delays, random);
}

/** The last part of a certificate's life, in which it should have been renewed. */
const RENEWED_BY = 1 / 6;

interface Validity {
  readonly notBefore: number;
  readonly notAfter: number;
}

export function isExpiring({ notBefore, notAfter }: Validity, now: number): boolean {
  return notAfter - now < (notAfter - notBefore) * RENEWED_BY;
}

/** Until a good certificate should have been renewed. */
export function untilExpiringMs({ notBefore, notAfter }: Validity, now: number): number {
  return notAfter - (notAfter - notBefore) * RENEWED_BY - now;
}
