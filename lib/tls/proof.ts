import { type NotValid, proveAt, type Valid } from './prove-at.ts';
import { proveAtEdge } from './prove-at-edge.ts';

export interface ValidProof extends Valid {
  /** 'edge': seen at the public addresses only. */
  readonly via: 'edge' | null;
  /** The proxy shows a certificate of its own, and not the server's: that one is bad. */
  readonly edgeRenews: boolean;
}

export type Proof = ValidProof | NotValid;

export interface ProofTerms {
  /** The domain, and its www. where served: each must be covered. */
  readonly names: readonly string[];
  readonly serverAddress: string;
  /** Public addresses of a proxied name, asked unless the server itself shows a good certificate; [] otherwise. */
  readonly publicAddresses: readonly string[];
  /** For all handshakes together. */
  readonly timeoutMs: number;
}

export type Prove = (terms: ProofTerms) => Promise<Proof>;

/** Makes handshakes on this port of the given address. It asks no DNS, which may name another server. */
export function tlsProof(port: number, ca?: string): Prove {
  const trust = ca === undefined ? {} : { ca };
  return async ({ names, serverAddress, publicAddresses, timeoutMs }) => {
    if (names.length === 0) throw new RangeError('Nothing is proven by no names');
    const inTime = AbortSignal.timeout(Math.ceil(timeoutMs));
    const edges = publicAddresses.filter((address) => address !== serverAddress);
    const half = AbortSignal.timeout(Math.ceil(edges.length === 0 ? timeoutMs : timeoutMs / 2));
    const own = await proveAt({ address: serverAddress, port, signal: half, ...trust }, names);
    if (own.kind === 'valid') return { ...own, via: null, edgeRenews: false };
    // Visitors who come to the server itself see what it shows.
    const seenByVisitors = own.kind === 'invalid' && edges.length < publicAddresses.length;
    if (edges.length === 0 || seenByVisitors) return own;
    const edge = await proveAtEdge(edges, { names, port, signal: inTime, ...trust });
    // A bad certificate at the edge says nothing about the server's.
    return edge.kind === 'valid' ? { ...edge, via: 'edge', edgeRenews: own.kind === 'invalid' } : own;
  };
}
