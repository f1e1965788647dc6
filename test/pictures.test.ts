import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from '@jest/globals';
import { certificateDelays } from '../lib/certificates/delays.ts';
import { OrderUnconfirmed } from '../lib/certificates/errors.ts';
import { nextState as nextCertificateState } from '../lib/certificates/outcome/next-state.ts';
import type { CertificateResult } from '../lib/certificates/outcome/result.ts';
import { RuncloudRefused } from '../lib/runcloud/errors.ts';
import { applyUpdate } from '../lib/sync/events/record-update.ts';
import type { CertificateState, HostingState } from '../lib/sync/ledger/states.ts';
import { withRequest } from '../lib/sync/ledger/work/certificate-request.ts';
import { ALL_READERS } from '../lib/sync/ledger/work/owed-outcome.ts';
import { NO_OBSERVATIONS } from '../lib/sync/reconcile/converge/observations.ts';
import { nextState, type ReconcileResult } from '../lib/sync/reconcile/outcome/next-state.ts';
import { drawings } from '../pictures/all.ts';
import { certificateSteps, hostingSteps } from '../pictures/steps.ts';
import { pages, root } from './support/docs/pages.ts';
import { certificateItem, DAY, DOMAIN, delays, domainItem, NETWORK, NOW } from './support/sync/items.ts';

test.each(Object.entries(drawings))(
  'docs/images/%s is as the code draws it (npm run pictures)',
  (name, draw) => {
    expect(readFileSync(join(root, 'docs/images', name), 'utf8')).toBe(draw());
    expect(pages.flatMap(({ links }) => links).some((link) => link.endsWith(`images/${name}`))).toBe(true);
  },
);

describe('every step that is drawn is one that the code makes:', () => {
  const wantedIn = (state: HostingState) => (['removing', 'absent'].includes(state) ? 'absent' : 'present');
  const call = { method: 'POST', path: '/domains' };

  /** Where a pass over a domain may lead. */
  function afterPass(from: HostingState): HostingState[] {
    const item = domainItem({ state: from, wanted: wantedIn(from), refusedMs: delays.refusedMs });
    const results: ReconcileResult[] = [
      { kind: 'settled', target: { state: 'present', reason: null, row: null } },
      { kind: 'settled', target: { state: 'absent' } },
      { kind: 'settled', target: { state: 'parked' } },
      { kind: 'failed', error: new RuncloudRefused('no', call) },
      { kind: 'paused', until: NOW, code: 'paused', message: 'PAUSED is set' },
      { kind: 'held', until: NOW, reason: null },
    ];
    return results.map((result) => {
      const pass = {
        now: NOW,
        beganAt: NOW,
        result,
        observations: NO_OBSERVATIONS,
        unanswered: false,
        place: null,
        owner: 'o',
        revision: item.revision,
        writes: { last: null },
        asked: true,
        readers: ALL_READERS,
      };
      return nextState(item, { ...pass, app: undefined, delays, random: () => 0 }).state ?? from;
    });
  }

  /** Where an event may lead, also one that takes back a removal within its grace. */
  function afterEvent(from: HostingState): HostingState[] {
    const version = { timestamp: '2026-11-22T05:00:00.000Z', id: 'msg_later' };
    return (['present', 'absent'] as const).map((wanted) => {
      const update = {
        network: NETWORK,
        domain: DOMAIN,
        wanted,
        www: false,
        native: false,
        siteId: null,
        domainId: null,
        version,
      };
      const item = domainItem({ state: from, wanted: wantedIn(from) });
      const { write } = applyUpdate(item, update, { now: NOW, baseMs: 30_000 });
      return write?.state ?? from;
    });
  }

  test.each(hostingSteps)('a domain goes from $from to $to', ({ from, to }) => {
    expect([...afterPass(from), ...afterEvent(from)]).toContain(to);
  });

  const shown = { notBefore: NOW, notAfter: NOW + 90 * DAY, via: null };
  const error = new OrderUnconfirmed('not served');
  const results: readonly CertificateResult[] = [
    { kind: 'valid', shown },
    { kind: 'waiting-dns', reason: 'dns-none', fix: 'Add an A record' },
    { kind: 'requested', orderedAt: NOW },
    { kind: 'failing', error },
    { kind: 'failed', reason: 'order-failed', fix: 'Look', error },
  ];

  function afterCheck(state: CertificateState): CertificateState[] {
    const timing = { now: NOW, delays: certificateDelays(60_000), random: () => 0 };
    const item = certificateItem({ state });
    return results.map((result) => {
      const seen = result.kind === 'valid' ? shown : null;
      return nextCertificateState(item, { ...timing, result, shown: seen }).state ?? state;
    });
  }

  function afterRequest(state: CertificateState): CertificateState[] {
    const stored = certificateItem({ state, wanted: false });
    const terms = {
      network: NETWORK,
      domain: DOMAIN,
      now: NOW,
      arrived: true,
      newRow: false,
      batchMs: 20_000,
    };
    return [withRequest(stored, terms).write?.state ?? state];
  }

  test.each(certificateSteps)('a certificate goes from $from to $to', ({ from, to }) => {
    expect(from === 'none' ? afterRequest(from) : afterCheck(from)).toContain(to);
  });
});
