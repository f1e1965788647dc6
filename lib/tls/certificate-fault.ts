import type { ShownCertificate } from './shown-certificate.ts';

/** A certificate may hold a hundred names, too many for a sentence. */
const shownAtMost = 3;

function listed(names: readonly string[]): string {
  const more = names.length - shownAtMost;
  return names.slice(0, shownAtMost).join(', ') + (more > 0 ? ` and ${more} more` : '');
}

function on(date: Date | null) {
  return date === null ? '' : ` on ${date.toISOString()}`;
}

/** Why a certificate does not serve a name, as the end of a sentence. */
export function certificateFault(
  { problem, names, notBefore, notAfter, covers }: ShownCertificate,
  name: string,
): string {
  // First, because nginx shows its default certificate for unknown names: it is untrusted too, but the name says more.
  if (!covers(name)) return `is for ${names.length === 0 ? 'no host name' : listed(names)}, not for ${name}`;
  if (problem === 'CERT_HAS_EXPIRED') return `ended${on(notAfter)}`;
  if (problem === 'CERT_NOT_YET_VALID') return `begins${on(notBefore)}`;
  return `is not trusted (${problem ?? 'for no reason given'})`;
}
