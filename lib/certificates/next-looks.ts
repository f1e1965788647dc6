import type { CertificateItem } from '../sync/items.ts';
import type { Random } from '../sync/ports.ts';
import type { CertificateWaits } from './waits.ts';

const GROWTH_LIMIT = 30; // keeps the power finite
const JITTER = 0.25;

/** Doubles from the first to the last wait, with jitter. */
export const grownMs = (attempts: number, { firstMs, lastMs }: CertificateWaits, random: Random): number => {
  const doubledMs = firstMs * 2 ** Math.min(attempts, GROWTH_LIMIT);
  return Math.min(doubledMs, lastMs / (1 + JITTER)) * (1 + JITTER * random());
};

/** A day, somewhat more or less, so that the looks of a whole network do not stay together. */
export const dailyMs = (waits: CertificateWaits, random: Random): number =>
  waits.dailyMs * (1 - JITTER / 2 + JITTER * random());

/** A customer's DNS is asked for with growing waits for a week, then daily. */
export const dnsWaitMs = (item: CertificateItem, waits: CertificateWaits, random: Random): number =>
  item.waitedMs >= waits.dnsPatienceMs ? dailyMs(waits, random) : grownMs(item.attempts, waits, random);

/** When to look for the fruit of an order: soon, then less often; without an end, ever less. */
export const proofWaitMs = (
  item: CertificateItem,
  sinceMs: number,
  waits: CertificateWaits,
  random: Random,
): number => {
  let aheadMs = 0;
  for (const stepMs of waits.proofMs) {
    aheadMs += stepMs;
    if (aheadMs > sinceMs) return aheadMs - sinceMs;
  }
  const lastStepMs = waits.proofMs.at(-1) ?? waits.firstMs;
  return sinceMs < waits.unprovenMs ? lastStepMs : grownMs(item.attempts, waits, random);
};

/** The last part of a certificate's life, in which somebody should have renewed it. */
const RENEWED_BY = 1 / 6;

export const isExpiring = (shown: { readonly notBefore: number; readonly notAfter: number }, now: number) =>
  shown.notAfter - now < (shown.notAfter - shown.notBefore) * RENEWED_BY;
