import type { X509Certificate } from 'node:crypto';
import type { TLSSocket } from 'node:tls';

/** The certificate that a server shows for a name. */
export interface ShownCertificate {
  /** Trusted, in its time, and made for that name. */
  readonly valid: boolean;
  /** What Node has against it, as a code; null if nothing. */
  readonly problem: string | null;
  /** For a reader's eyes; what it covers, `covers` knows. */
  readonly names: readonly string[];
  readonly notBefore: Date | null;
  readonly notAfter: Date | null;
  covers(name: string): boolean;
}

function asDate(date: Date | undefined): Date | null {
  return date === undefined || Number.isNaN(date.getTime()) ? null : date;
}

/** Only host names in the alternative names count (RFC 9525, 6.3), as with every browser. */
function covers(certificate: X509Certificate, name: string): boolean {
  return certificate.checkHost(name, { subject: 'never', partialWildcards: false }) !== undefined;
}

/** Node puts a name that could pass for several into quotes. No host name needs them, so those are left out. */
function hostNames(alternativeNames: string): readonly string[] {
  return [...alternativeNames.matchAll(/"(?:[^"\\]|\\.)*"|(?<=^|, )DNS:([^",]+)/g)].flatMap(
    ([, name]) => name ?? [],
  );
}

/** What a server has shown at the end of a handshake that asked for a name. */
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
