import type { X509Certificate } from 'node:crypto';
import type { TLSSocket } from 'node:tls';

/** The certificate that a server shows for a name. */
export interface ShownCertificate {
  /** Trusted, within its validity period, and covering that name. */
  readonly valid: boolean;
  /** Node's code for why it is not trusted; null if it is. */
  readonly problem: string | null;
  /** For display only; `covers` decides what it covers. */
  readonly names: readonly string[];
  readonly notBefore: Date | null;
  readonly notAfter: Date | null;
  covers(name: string): boolean;
}

function asDate(date: Date | undefined): Date | null {
  return date === undefined || Number.isNaN(date.getTime()) ? null : date;
}

/** Only host names in the alternative names count (RFC 9525, 6.3), as in every browser. */
function covers(certificate: X509Certificate, name: string): boolean {
  return certificate.checkHost(name, { subject: 'never', partialWildcards: false }) !== undefined;
}

/** Node quotes a name that could be read as several. No host name needs quotes, so quoted names are left out. */
function hostNames(alternativeNames: string): readonly string[] {
  return [...alternativeNames.matchAll(/"(?:[^"\\]|\\.)*"|(?<=^|, )DNS:([^",]+)/g)].flatMap(
    ([, name]) => name ?? [],
  );
}

/** The certificate that a server showed in a completed handshake for a name. */
export function shownCertificate(socket: TLSSocket, servername: string): ShownCertificate {
  const certificate = socket.getPeerX509Certificate();
  const isCovered = certificate !== undefined && covers(certificate, servername);
  return {
    valid: socket.authorized && isCovered,
    problem: socket.authorized ? null : String(socket.authorizationError),
    names: hostNames(certificate?.subjectAltName ?? ''),
    notBefore: asDate(certificate?.validFromDate),
    notAfter: asDate(certificate?.validToDate),
    covers: (name) => certificate !== undefined && covers(certificate, name),
  };
}
