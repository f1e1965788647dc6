import type { CertificateOrigin } from '../sync/ledger/runcloud-ports.ts';

/** How an operator may have put a certificate in place by hand. */
export type OwnOrigin = Exclude<CertificateOrigin, 'http-01' | 'unknown'>;

const OWN: Readonly<Record<CertificateOrigin, boolean>> = {
  uploaded: true,
  'dns-01': true,
  staging: true,
  'http-01': false,
  unknown: false,
};

/** The relay never replaces such a certificate (docs/certificates.md, "Certificates of your own"). */
export function isOwn(origin: CertificateOrigin): origin is OwnOrigin {
  return OWN[origin];
}
