import { isIPv6 } from 'node:net';
import { certificateFault } from './certificate-fault.ts';
import { handshake, TlsFailed } from './handshake.ts';
import type { ShownCertificate } from './shown-certificate.ts';

export type Proof =
  /** Trusted, within its validity period, covers every name. `via`: 'edge' = seen at the public address only. */
  | {
      readonly kind: 'valid';
      readonly notBefore: number;
      readonly notAfter: number;
      readonly via: 'edge' | null;
    }
  /** The server showed a bad certificate, or refused the name. `why`: a sentence for an operator. */
  | { readonly kind: 'invalid'; readonly why: string }
  /** No handshake, so nothing is known. */
  | { readonly kind: 'unverified'; readonly why: string };

export interface ProofTerms {
  /** The domain, and its www. where served: each must be covered. */
  readonly names: readonly string[];
  readonly serverAddress: string;
  /** Public addresses of a proxied name, tried only when the server cannot be reached; [] otherwise. */
  readonly publicAddresses: readonly string[];
  /** For all handshakes together. */
  readonly timeoutMs: number;
}

export type Prove = (terms: ProofTerms) => Promise<Proof>;

/** All addresses of a proxy lead to the same edge, so the second is only a fallback. */
const edgesTried = 2;

/** The time in which all of them are valid. */
function validity(shown: readonly ShownCertificate[]) {
  return {
    notBefore: Math.max(...shown.map(({ notBefore }) => notBefore?.getTime() ?? Number.NaN)),
    notAfter: Math.min(...shown.map(({ notAfter }) => notAfter?.getTime() ?? Number.NaN)),
  };
}

/** Makes handshakes on this port of the given address. It asks no DNS, which may name another server. */
export function tlsProof(port: number, ca?: string): Prove {
  const trust = ca === undefined ? {} : { ca };

  /** One handshake per certificate: RunCloud may keep one for the domain and another for its `www.`. */
  const proveAt = async (address: string, names: readonly string[], timeoutMs: number): Promise<Proof> => {
    const signal = AbortSignal.timeout(Math.ceil(timeoutMs));
    const shown: ShownCertificate[] = [];
    try {
      for (const name of names) {
        if (shown.some(({ covers }) => covers(name))) continue;
        const certificate = await handshake({ address, port, servername: name, signal, ...trust });
        if (!certificate.valid) {
          const fault = certificateFault(certificate, name);
          return { kind: 'invalid', why: `The certificate shown by ${address} port ${port} ${fault}` };
        }
        shown.push(certificate);
      }
    } catch (error) {
      if (!(error instanceof TlsFailed)) throw error;
      // With an alert the server itself refuses the name (nginx: ssl_reject_handshake), and every visitor gets the same.
      // A silent, closed or resetting port proves nothing, because a firewall may cause it.
      return { kind: error.alert === null ? 'unverified' : 'invalid', why: error.message };
    }
    return { kind: 'valid', ...validity(shown), via: null };
  };

  return async ({ names, serverAddress, publicAddresses, timeoutMs }) => {
    if (names.length === 0) throw new RangeError('Nothing is proven by no names');
    const edges = publicAddresses
      .filter((address) => address !== serverAddress)
      // IPv4 first: Lambda reaches IPv6 addresses only through a VPC that provides it.
      .sort((a, b) => Number(isIPv6(a)) - Number(isIPv6(b)))
      .slice(0, edgesTried);
    const share = timeoutMs / (edges.length === 0 ? 1 : 2);
    const own = await proveAt(serverAddress, names, share);
    if (own.kind !== 'unverified') return own;
    for (const edge of edges) {
      const seen = await proveAt(edge, names, share / edges.length);
      // A bad certificate at the edge says nothing about the server's, and another order would not fix it.
      if (seen.kind === 'valid') return { ...seen, via: 'edge' };
    }
    return own;
  };
}
