import type { DomainSummary } from './schemas.ts';

/** What a domain is to the person who waits for it. */
export type Standing = 'done' | 'failed' | 'waiting-dns' | 'open';

const doneHosting = ['present', 'absent'];
const doneCertificate = ['none', 'valid'];

/** `waiting-dns`: nothing is left to do but for the owner of the domain. */
export function standingOf({ hosting, certificate }: DomainSummary): Standing {
  if (hosting.state === 'failed' || certificate.state === 'failed') return 'failed';
  if (hosting.nextTryAt === null && certificate.state === 'waiting-dns') return 'waiting-dns';
  const isDone =
    hosting.nextTryAt === null &&
    doneHosting.includes(hosting.state) &&
    doneCertificate.includes(certificate.state);
  return isDone ? 'done' : 'open';
}
