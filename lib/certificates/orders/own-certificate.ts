import type { InstalledCertificate } from '../../sync/ledger/runcloud-ports.ts';
import { toInstant } from '../../sync/ledger/time.ts';
import type { Ready } from '../checks/check-certificate.ts';
import { awaitRenewal } from '../outcome/await-renewal.ts';
import type { CertificateResult } from '../outcome/result.ts';
import { isOwn, type OwnOrigin } from '../own-origin.ts';
import type { CertificateServices } from '../services.ts';

const HOW: Readonly<Record<OwnOrigin, string>> = {
  uploaded: 'was uploaded',
  'dns-01': 'was made by dns-01',
  staging: 'is of Let’s Encrypt’s staging environment, which no browser trusts',
};

const IN_PANEL = 'in RunCloud’s panel';

/** `domainId` undefined: the one certificate of the application. */
function wayOut(origin: OwnOrigin, names: string, domainId: number | undefined): string {
  const other = origin === 'staging' ? 'a live certificate' : `one that covers ${names}`;
  const upload = `install ${other} ${IN_PANEL}`;
  const orderAnew = 'or delete it there, and the relay orders one';
  // Without it the other names of the application would lose HTTPS.
  const advanced = `or switch the application to advanced SSL ${IN_PANEL}, where every domain has a certificate of its own`;
  return `${upload}, ${domainId === undefined && origin !== 'staging' ? advanced : orderAnew}`;
}

/**
 * The result of a request for which an operator has put a certificate in place by hand: the relay never replaces it, not
 * even where it covers too little or ends. Undefined: the relay may order.
 */
export function keepOwnCertificate(
  { item, names, shown, silence }: Ready,
  installed: InstalledCertificate | undefined,
  domainId: number | undefined,
  s: Pick<CertificateServices, 'clock' | 'random' | 'delays'>,
): CertificateResult | undefined {
  if (installed === undefined || !isOwn(installed.origin)) return undefined;
  // Without a handshake it is unknown what the certificate covers.
  if (silence !== null) return { kind: 'unverified', why: silence, ordered: true };
  const { origin } = installed;
  const whose = domainId === undefined ? 'the web application' : item.domain;
  const what = `The certificate of ${whose} ${HOW[origin]}, so the relay never replaces it`;
  const covered = names.join(' and ');
  const failed = (message: string, fix: string): CertificateResult => ({
    kind: 'failed',
    reason: 'custom-certificate',
    fix: `${what}: ${fix}`,
    error: { code: 'runcloud-refused', message },
  });
  if (shown === null) {
    const message = `RunCloud serves ${covered} with a certificate that ${HOW[origin]} and is not good for it`;
    return failed(message, wayOut(origin, covered, domainId));
  }
  const renew = `install a new one ${IN_PANEL} before it ends at ${toInstant(shown.notAfter)}`;
  return awaitRenewal(
    shown,
    {
      everyMs: s.delays.dailyMs,
      waiting: { reason: null, fix: `${what}: ${renew}` },
      late: () => failed(`The certificate of ${covered} ends at ${toInstant(shown.notAfter)}`, renew),
    },
    s,
  );
}

/** The same for all requests of an application with one certificate. */
export function keepOwnCertificates(
  ready: readonly Ready[],
  installed: InstalledCertificate | undefined,
  s: Pick<CertificateServices, 'clock' | 'random' | 'delays'>,
): ReadonlyMap<Ready, CertificateResult> | undefined {
  const kept = ready.flatMap((request) => {
    const result = keepOwnCertificate(request, installed, undefined, s);
    return result === undefined ? [] : [[request, result] as const];
  });
  return kept.length === 0 ? undefined : new Map(kept);
}
