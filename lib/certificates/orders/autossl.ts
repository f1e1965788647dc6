import { aroundMs } from '../../sync/ledger/backoff.ts';
import type { CertificateItem } from '../../sync/ledger/certificate-item.ts';
import { toInstant } from '../../sync/ledger/time.ts';
import type { Ready } from '../checks/check-certificate.ts';
import { hasNothingInstalled } from '../checks/nothing-installed.ts';
import type { Interruption } from '../interruption.ts';
import { verifyDelayMs } from '../outcome/backoff.ts';
import type { CertificateResult, ServedCertificate } from '../outcome/result.ts';
import type { CertificateServices } from '../services.ts';
import type { Session } from '../session.ts';

const PANEL = 'look at the domain’s SSL page in RunCloud’s panel';
const FIX = `AutoSSL is on, so RunCloud orders and renews by itself, and it has not done so: ${PANEL}, and switch AutoSSL off and on again if it shows no attempt`;
const RENEWAL_FIX = `Nothing yet: AutoSSL is on, so RunCloud renews by itself. If this lasts, ${PANEL}`;

/** Of a certificate's life: the last three days of ninety. Until then RunCloud has time to renew, and no alarm is raised. */
const LATEST = 1 / 30;

function failed(message: string): CertificateResult {
  return {
    kind: 'failed',
    reason: 'order-failed',
    fix: FIX,
    error: { code: 'runcloud-unavailable', message },
  };
}

function awaitRenewal(
  { domain }: CertificateItem,
  { notBefore, notAfter }: ServedCertificate,
  { clock, delays, random }: CertificateServices,
): CertificateResult {
  const now = clock.now();
  const latestAt = notAfter - (notAfter - notBefore) * LATEST;
  if (now >= latestAt) {
    return failed(
      `AutoSSL has not renewed the certificate of ${domain}, which ends at ${toInstant(notAfter)}`,
    );
  }
  const until = Math.min(now + aroundMs(delays.lastMs, random), Math.max(latestAt, now + delays.firstMs));
  return { kind: 'waiting', until, reason: 'autossl', fix: RENEWAL_FIX };
}

/** Since when the certificate waits for RunCloud alone, with nothing else in the way of its order. */
function awaitedSince({ reason, fix, readySince }: CertificateItem, now: number): number {
  return reason === 'autossl' || fix === FIX ? (readySince ?? now) : now;
}

/**
 * RunCloud orders by itself here: the relay orders nothing, waits for the certificate, and reports a failure after a while.
 * `onInterruption` receives what kept the relay from asking RunCloud.
 */
export async function awaitAutoSsl(
  { item, shown, silence, domainId }: Ready,
  session: Session,
  onInterruption: (interruption: Interruption) => void,
  s: CertificateServices,
): Promise<CertificateResult> {
  if (shown !== null) return awaitRenewal(item, shown, s);
  const now = s.clock.now();
  const awaitedForMs = now - awaitedSince(item, now);
  if (awaitedForMs < s.delays.autosslMs) {
    const until = now + verifyDelayMs({ attempts: 0 }, awaitedForMs, s.delays, () => 0);
    return { kind: 'waiting', until, reason: 'autossl', fix: null };
  }
  // A server that does not answer may serve what RunCloud has installed.
  if (silence !== null && !(await hasNothingInstalled(domainId, session, onInterruption, s))) {
    return { kind: 'unverified', why: silence, ordered: true };
  }
  return failed(`AutoSSL has brought ${item.domain} no certificate although it points here`);
}
