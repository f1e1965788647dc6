import type { CertificateItem } from '../../sync/ledger/items/certificate-item.ts';
import type { InstalledCertificate } from '../../sync/ledger/runcloud-ports.ts';
import { toInstant } from '../../sync/ledger/time.ts';
import type { Ready } from '../checks/check-certificate.ts';
import { hasNothingInstalled } from '../checks/nothing-installed.ts';
import { type Interruption, isInterruption } from '../interruption.ts';
import { awaitRenewal } from '../outcome/await-renewal.ts';
import { verifyDelayMs } from '../outcome/backoff.ts';
import type { CertificateResult, ServedCertificate } from '../outcome/result.ts';
import type { CertificateServices } from '../services.ts';
import type { CertificateSession } from '../session.ts';
import { keepOwnCertificate } from './own-certificate.ts';

const PANEL = 'look at the domain’s SSL page in RunCloud’s panel';
const FIX = `AutoSSL is on, so RunCloud orders and renews by itself, and it has not done so: ${PANEL}, and switch AutoSSL off and on again if it shows no attempt`;
const RENEWAL_FIX = `Nothing yet: AutoSSL is on, so RunCloud renews by itself. If this lasts, ${PANEL}`;

function failed(message: string): CertificateResult {
  return {
    kind: 'failed',
    reason: 'order-failed',
    fix: FIX,
    error: { code: 'runcloud-unavailable', message },
  };
}

function awaitRenewalBy(
  { domain }: CertificateItem,
  shown: ServedCertificate,
  s: CertificateServices,
): CertificateResult {
  const endsAt = toInstant(shown.notAfter);
  return awaitRenewal(
    shown,
    {
      everyMs: s.delays.lastMs,
      waiting: { reason: 'autossl', fix: RENEWAL_FIX },
      late: () => failed(`AutoSSL has not renewed the certificate of ${domain}, which ends at ${endsAt}`),
    },
    s,
  );
}

/** Since when the certificate waits for RunCloud alone, with nothing else in the way of its order. */
function awaitedSince({ reason, fix, readySince }: CertificateItem, now: number): number {
  return reason === 'autossl' || fix === FIX ? (readySince ?? now) : now;
}

/** Undefined too where RunCloud could not be asked: then AutoSSL is to blame until it can. */
async function installedFor(
  domainId: number | null,
  { certificates }: CertificateSession,
  onInterruption: (interruption: Interruption) => void,
): Promise<InstalledCertificate | undefined> {
  if (domainId === null) return undefined;
  try {
    return await certificates.find(domainId);
  } catch (error) {
    if (!isInterruption(error)) throw error;
    onInterruption(error);
    return undefined;
  }
}

/**
 * RunCloud orders by itself here: the relay orders nothing, waits for the certificate, and reports a failure after a while.
 * `onInterruption` receives what kept the relay from asking RunCloud.
 */
export async function awaitAutoSsl(
  request: Ready,
  session: CertificateSession,
  onInterruption: (interruption: Interruption) => void,
  s: CertificateServices,
): Promise<CertificateResult> {
  const { item, shown, silence, domainId } = request;
  if (shown !== null) return awaitRenewalBy(item, shown, s);
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
  const installed = await installedFor(domainId, session, onInterruption);
  const kept = keepOwnCertificate(request, installed, domainId ?? undefined, s);
  return kept ?? failed(`AutoSSL has brought ${item.domain} no certificate although it points here`);
}
