import { certificateFault } from './certificate-fault.ts';
import { handshake, TlsFailed } from './handshake.ts';
import type { ShownCertificate } from './shown-certificate.ts';

/** Trusted, within its validity period, covers every name. Instants in milliseconds since the epoch. */
export interface Valid {
  readonly kind: 'valid';
  readonly notBefore: number;
  readonly notAfter: number;
}

export type NotValid =
  /** It showed a bad certificate, or refused the name. `why`: a sentence for an operator. */
  | { readonly kind: 'invalid'; readonly why: string }
  /** No handshake, so nothing is known. */
  | { readonly kind: 'unverified'; readonly why: string };

/** What one address shows for the names. */
export type AddressProof = Valid | NotValid;

export interface ProbeTarget {
  readonly address: string;
  readonly port: number;
  readonly signal: AbortSignal;
  /** The only CA to trust; default: those that Node trusts. */
  readonly ca?: string;
}

/** The time in which all of them are valid. */
function validity(shown: readonly ShownCertificate[]) {
  return {
    notBefore: Math.max(...shown.map(({ notBefore }) => notBefore?.getTime() ?? Number.NaN)),
    notAfter: Math.min(...shown.map(({ notAfter }) => notAfter?.getTime() ?? Number.NaN)),
  };
}

/** One handshake per certificate: RunCloud may keep one for the domain and another for its `www.`. */
export async function proveAt(target: ProbeTarget, names: readonly string[]): Promise<AddressProof> {
  const shown: ShownCertificate[] = [];
  try {
    for (const name of names) {
      if (shown.some(({ covers }) => covers(name))) continue;
      const certificate = await handshake({ ...target, servername: name });
      if (!certificate.valid) {
        const fault = certificateFault(certificate, name);
        const where = `${target.address} port ${target.port}`;
        return { kind: 'invalid', why: `The certificate shown by ${where} ${fault}` };
      }
      shown.push(certificate);
    }
  } catch (error) {
    if (!(error instanceof TlsFailed)) throw error;
    // With an alert the server itself refuses the name (nginx: ssl_reject_handshake), and every visitor gets the same.
    // A silent, closed or resetting port proves nothing, because a firewall may cause it.
    return { kind: error.alert === null ? 'unverified' : 'invalid', why: error.message };
  }
  return { kind: 'valid', ...validity(shown) };
}
