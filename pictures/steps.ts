import type { CertificateState, HostingState } from '../lib/sync/ledger/states.ts';

export interface Step<State> {
  readonly from: State;
  readonly to: State;
  readonly when: string;
}

/** Every state of a domain, in a few words, in the order in which the arrows are shortest. */
export const hostingStates: Readonly<Record<HostingState, string>> = {
  parked: 'taken out until its DNS is right',
  pending: 'wanted, not there yet',
  paused: 'waits with its network',
  present: 'RunCloud serves it',
  absent: 'removed',
  failed: 'given up, with a dead letter',
  removing: 'to be removed, still there',
};

/** The usual steps, each of which the code makes (test/pictures.test.ts). */
export const hostingSteps: readonly Step<HostingState>[] = [
  { from: 'pending', to: 'paused', when: 'network paused' },
  { from: 'paused', to: 'pending', when: 'network resumed' },
  { from: 'pending', to: 'present', when: 'added' },
  { from: 'present', to: 'parked', when: 'DNS never right (basic SSL)' },
  { from: 'parked', to: 'present', when: 'DNS right' },
  { from: 'present', to: 'removing', when: 'domain.removed' },
  { from: 'removing', to: 'present', when: 'domain.added in time, or protected' },
  { from: 'removing', to: 'absent', when: 'removed' },
  { from: 'absent', to: 'pending', when: 'domain.added' },
  { from: 'pending', to: 'failed', when: 'refused for good' },
  { from: 'failed', to: 'pending', when: 'domain.added, or a retry' },
];

/** Every state of a domain's certificate, in a few words. */
export const certificateStates: Readonly<Record<CertificateState, string>> = {
  none: 'none is wanted yet',
  pending: 'wanted, not ordered',
  'waiting-dns': 'the customer sets the DNS',
  requested: 'ordered, not seen yet',
  valid: 'seen in a TLS handshake',
  failed: 'given up, with a dead letter',
};

/** The usual steps; docs/certificates.md draws all. */
export const certificateSteps: readonly Step<CertificateState>[] = [
  { from: 'none', to: 'pending', when: 'the domain is present' },
  { from: 'pending', to: 'waiting-dns', when: 'DNS not right' },
  { from: 'waiting-dns', to: 'requested', when: 'DNS right, ordered' },
  { from: 'pending', to: 'requested', when: 'ordered' },
  { from: 'requested', to: 'valid', when: 'seen' },
  { from: 'requested', to: 'pending', when: 'not seen in half an hour' },
  { from: 'pending', to: 'failed', when: 'failed for 15 hours' },
  { from: 'failed', to: 'requested', when: 'daily check, or a retry' },
  { from: 'valid', to: 'requested', when: 'renewed' },
];
