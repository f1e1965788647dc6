import { nextState } from '../../../../../lib/certificates/outcome/next-state.ts';
import type { CertificateResult, ServedCertificate } from '../../../../../lib/certificates/outcome/result.ts';
import { RuncloudRefused } from '../../../../../lib/runcloud/errors.ts';
import type { CertificateItem } from '../../../../../lib/sync/ledger/items/certificate-item.ts';
import { timing } from '../../../../support/certificates/certificate-world.ts';
import { certificateItem, DAY, MINUTE, NOW } from '../../../../support/sync/items.ts';

export const error = new RuncloudRefused('RunCloud refused', { method: 'POST', path: '/ssl', status: 422 });

export const shown: ServedCertificate = { notBefore: NOW - DAY, notAfter: NOW + 89 * DAY, via: null };

function item(part: Partial<CertificateItem> = {}) {
  return certificateItem({ revision: 3, dueAt: NOW, sendAt: NOW, ...part });
}

export function ended(
  from: Partial<CertificateItem>,
  result: CertificateResult,
  seen: ServedCertificate | null = null,
): CertificateItem {
  const stored = item(from);
  return {
    ...stored,
    ...nextState(stored, { result, shown: seen, now: NOW, delays: timing, random: () => 0.5 }),
  };
}

export const results: Record<CertificateResult['kind'], CertificateResult> = {
  closed: { kind: 'closed' },
  left: { kind: 'left', until: NOW + MINUTE },
  'hosting-failed': { kind: 'hosting-failed', error: null },
  valid: { kind: 'valid', shown },
  'waiting-dns': { kind: 'waiting-dns', reason: 'dns-none', fix: 'Add an A record' },
  unverified: { kind: 'unverified', why: 'Nobody answered' },
  requested: { kind: 'requested', orderedAt: NOW },
  waiting: { kind: 'waiting', until: NOW + MINUTE, reason: 'held-by-name', fix: 'Mend it' },
  later: { kind: 'later' },
  troubled: { kind: 'troubled', error },
  failing: { kind: 'failing', error },
  failed: {
    kind: 'failed',
    reason: 'name-limit',
    fix: 'Switch',
    error: { code: 'runcloud-refused', message: '101 names' },
  },
  held: { kind: 'held', until: NOW + MINUTE },
  paused: { kind: 'paused', until: NOW + MINUTE, code: 'paused', message: 'PAUSED is set' },
};
