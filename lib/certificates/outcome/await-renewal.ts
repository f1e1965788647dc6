import { aroundMs } from '../../sync/ledger/work/backoff.ts';
import type { CertificateServices } from '../services.ts';
import type { CertificateResult, ServedCertificate } from './result.ts';

/** Of a certificate's life: the last three days of ninety. Until then others have time to renew, and no alarm is raised. */
const LATEST = 1 / 30;

interface RenewalTerms {
  readonly everyMs: number;
  readonly waiting: Pick<CertificateResult & { kind: 'waiting' }, 'reason' | 'fix'>;
  readonly late: () => CertificateResult;
}

/** A certificate is about to end that the relay does not renew by itself: it waits, and fails shortly before the end. */
export function awaitRenewal(
  { notBefore, notAfter }: ServedCertificate,
  { everyMs, waiting, late }: RenewalTerms,
  { clock, delays, random }: Pick<CertificateServices, 'clock' | 'delays' | 'random'>,
): CertificateResult {
  const now = clock.now();
  const latestAt = notAfter - (notAfter - notBefore) * LATEST;
  if (now >= latestAt) return late();
  const until = Math.min(now + aroundMs(everyMs, random), Math.max(latestAt, now + delays.firstMs));
  return { kind: 'waiting', until, ...waiting };
}
