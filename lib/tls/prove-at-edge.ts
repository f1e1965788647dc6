import { isIPv6 } from 'node:net';
import { allEnded } from '../all-ended.ts';
import { httpStatus } from './http-status.ts';
import { type AddressProof, type ProbeTarget, proveAt } from './prove-at.ts';

/** A zone may hold hundreds of addresses. */
const MOST_ASKED = 16;

/** The proxy says that it accepts no certificate of the server (docs/external-systems.md, "The certificate authority and DNS"). */
const ORIGIN_REFUSED: ReadonlySet<number | null> = new Set([525, 526]);

async function proveThrough(target: ProbeTarget, names: readonly string[]): Promise<AddressProof> {
  const shown = await proveAt(target, names);
  if (shown.kind !== 'valid') return shown;
  const statuses = await allEnded(names.map((servername) => httpStatus({ ...target, servername })));
  const refused = statuses.find((status) => ORIGIN_REFUSED.has(status));
  return refused === undefined
    ? shown
    : {
        kind: 'invalid',
        why: `${target.address} answers ${refused}: it accepts no certificate of the server`,
      };
}

/**
 * What visitors of a proxied name get. They use any of its addresses, so one bad one is enough; those that do not answer are
 * left out, for Lambda reaches IPv6 addresses only through a VPC that provides it.
 */
export async function proveAtEdge(
  addresses: readonly string[],
  { names, ...target }: Omit<ProbeTarget, 'address'> & { readonly names: readonly string[] },
): Promise<AddressProof> {
  const asked = addresses.toSorted((a, b) => Number(isIPv6(a)) - Number(isIPv6(b))).slice(0, MOST_ASKED);
  const proofs = await allEnded(asked.map((address) => proveThrough({ ...target, address }, names)));
  const valid = proofs.filter((proof) => proof.kind === 'valid');
  const bad = proofs.find((proof) => proof.kind === 'invalid');
  if (bad !== undefined) return bad;
  if (valid.length === 0) return { kind: 'unverified', why: 'No address of the proxy answers' };
  return {
    kind: 'valid',
    notBefore: Math.max(...valid.map(({ notBefore }) => notBefore)),
    notAfter: Math.min(...valid.map(({ notAfter }) => notAfter)),
  };
}
