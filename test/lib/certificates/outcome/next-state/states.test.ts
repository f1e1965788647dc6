import { describe, expect, test } from '@jest/globals';
import type { CertificateResult, ServedCertificate } from '../../../../../lib/certificates/outcome/result.ts';
import { RuncloudRefused } from '../../../../../lib/runcloud/errors.ts';
import type { CertificateItem } from '../../../../../lib/sync/ledger/items/certificate-item.ts';
import type { CertificateState } from '../../../../../lib/sync/ledger/states.ts';
import { fc } from '../../../../support/property.ts';
import { DAY, HOUR, MINUTE, NOW, SECOND } from '../../../../support/sync/items.ts';
import { ended, results, shown } from './ended.ts';

const expiring: ServedCertificate = { notBefore: NOW - 80 * DAY, notAfter: NOW + 10 * DAY, via: 'edge' };

describe('the state of a request after a pass', () => {
  test.each([
    { result: results.closed, state: 'none', reason: null },
    { result: results.left, state: 'pending', reason: null },
    { result: results['hosting-failed'], state: 'failed', reason: null },
    { result: results.valid, seen: shown, state: 'valid', reason: null },
    { result: results['waiting-dns'], state: 'waiting-dns', reason: 'dns-none' },
    { result: results['waiting-dns'], seen: expiring, state: 'valid', reason: 'expiring' },
    { result: results.requested, state: 'requested', reason: null },
    { result: results.requested, seen: expiring, state: 'valid', reason: 'expiring' },
    { result: results.waiting, state: 'pending', reason: 'held-by-name' },
    { result: results.waiting, seen: expiring, state: 'valid', reason: 'expiring' },
    { result: results.later, state: 'pending', reason: null },
    { result: results.failing, state: 'pending', reason: null },
    { result: results.failing, seen: expiring, state: 'valid', reason: 'expiring' },
    { result: results.failed, state: 'failed', reason: 'name-limit' },
    { result: results.failed, seen: expiring, state: 'failed', reason: 'name-limit' },
  ])('$end.kind, shown $seen.via: $state $reason', ({ result, seen = null, state, reason }) => {
    const item = ended({}, result, seen);
    expect(item).toMatchObject({ state, reason });
    expect(item.since).toBe(state === 'pending' ? '2026-11-21T05:00:00.200Z' : new Date(NOW).toISOString());
  });

  test('a domain that failed leaves its certificate the full time for when it is served', () => {
    const counted = { attempts: 3, waitedMs: MINUTE, refusedMs: MINUTE, firstFailureAt: NOW - HOUR };
    const none = { attempts: 0, waitedMs: 0, refusedMs: 0, firstFailureAt: null };
    expect(ended({ state: 'waiting-dns', ...counted }, results['hosting-failed'])).toMatchObject(none);
  });

  test.each(['left', 'troubled', 'held', 'paused'] as const)(
    '%s changes neither state nor reason',
    (kind) => {
      for (const state of ['waiting-dns', 'requested', 'valid', 'failed'] as const) {
        expect(ended({ state, reason: 'r', fix: 'f' }, results[kind])).toMatchObject({
          state,
          reason: 'r',
          fix: 'f',
        });
      }
    },
  );

  const inForce = {
    notBefore: new Date(NOW - DAY).toISOString(),
    notAfter: new Date(NOW + 80 * DAY).toISOString(),
  };
  test.each<{ from: Partial<CertificateItem>; state: CertificateState; reason: string | null; inMs: number }>(
    [
      { from: { state: 'valid', ...inForce }, state: 'valid', reason: null, inMs: HOUR },
      {
        from: { state: 'valid', ...inForce, notAfter: new Date(NOW + 1).toISOString() },
        state: 'valid',
        reason: 'expiring',
        inMs: HOUR,
      },
      {
        from: { state: 'valid', ...inForce, notAfter: new Date(NOW).toISOString() },
        state: 'requested',
        reason: 'unverified',
        inMs: 67.5 * SECOND,
      },
      {
        from: { state: 'requested', orderedAt: NOW - 20 * SECOND },
        state: 'requested',
        reason: 'unverified',
        inMs: 10 * SECOND,
      },
      {
        from: { state: 'pending', reason: 'order-budget', attempts: 2 },
        state: 'pending',
        reason: 'order-budget',
        inMs: 4.5 * MINUTE,
      },
      {
        from: { state: 'failed', reason: 'order-failed' },
        state: 'failed',
        reason: 'order-failed',
        inMs: 67.5 * SECOND,
      },
      { from: { state: 'waiting-dns' }, state: 'requested', reason: 'unverified', inMs: 67.5 * SECOND },
    ],
  )('silence leaves $from.state as $state $reason', ({ from, state, reason, inMs }) => {
    const next = ended(from, results.unverified);
    expect(next).toMatchObject({ state, reason, lastError: { code: 'runcloud-timeout' } });
    expect((next.dueAt ?? 0) - NOW).toBe(inMs);
  });
});

test('what is waited for a customer’s DNS counts neither towards what came before nor what comes after', () => {
  const waited = ended({ attempts: 5, waitedMs: HOUR, firstFailureAt: NOW - HOUR }, results['waiting-dns']);
  expect(waited).toMatchObject({
    attempts: 1,
    waitedMs: 0,
    firstFailureAt: null,
    backoff: { since: NOW, until: NOW + 67.5 * SECOND, counter: 'waitedMs' },
  });
  const again = ended({ state: 'waiting-dns', attempts: 1, waitedMs: HOUR }, results['waiting-dns']);
  expect(again).toMatchObject({ attempts: 2, waitedMs: HOUR, dueAt: NOW + 135 * SECOND });
  const ready = ended({ state: 'waiting-dns', attempts: 9, waitedMs: 15 * HOUR }, results.failing);
  expect(ready).toMatchObject({ state: 'pending', attempts: 1 });
});

test.each(['requested', 'waiting', 'later', 'failing', 'unverified'] as const)(
  'once DNS is right a request that is %s has all its time before it',
  (kind) => {
    const next = ended({ state: 'waiting-dns', attempts: 9, waitedMs: 15 * HOUR }, results[kind]);
    expect(next.waitedMs).toBeLessThan(HOUR);
    expect(next.attempts).toBeLessThanOrEqual(1);
  },
);

test.each(['later', 'unverified', 'troubled', 'failing'] as const)('%s counts one more try', (kind) => {
  expect(ended({ attempts: 2 }, results[kind]).attempts).toBe(3);
});

test('a name is ready since it was first found so', () => {
  for (const result of [results.requested, results.waiting]) {
    expect(ended({}, result).readySince).toBe(NOW);
    expect(ended({ readySince: NOW - HOUR }, result).readySince).toBe(NOW - HOUR);
  }
});

test('what RunCloud said of an order is kept as long as that order is awaited', () => {
  const before = { orderedAt: NOW, orderSaid: 'It may take a while' };
  expect(ended(before, results.requested).orderSaid).toBe('It may take a while');
  expect(ended(before, { kind: 'requested', orderedAt: NOW, said: 'Installed' }).orderSaid).toBe('Installed');
  expect(ended(before, { kind: 'requested', orderedAt: NOW, said: null }).orderSaid).toBeNull();
  expect(ended({ ...before, orderedAt: NOW - HOUR }, results.requested).orderSaid).toBeNull();
});

test('a name that leads elsewhere while its visitors are served is checked every four hours, and counts nothing', () => {
  const before = { attempts: 5, waitedMs: HOUR };
  const next = ended(before, results['waiting-dns'], expiring);
  expect(next).toMatchObject({ ...before, dueAt: NOW + 4 * HOUR, backoff: null });
});

test('however long RunCloud asks for, a good certificate is checked again within four hours', () => {
  const asked = { method: 'GET', path: '/ssl', status: 422, retryAfterMs: 30 * DAY };
  const troubled: CertificateResult = { kind: 'troubled', error: new RuncloudRefused('Later', asked) };
  expect(ended({ state: 'valid' }, troubled).dueAt).toBe(NOW + 4 * HOUR);
});

test('a closed request still owes its dead letter, and is remembered for 32 days', () => {
  const deadLetter = {
    kind: 'dead-letter' as const,
    id: 'id',
    revision: 3,
    code: 'runcloud-refused' as const,
    reason: 'No',
    firstFailureAt: NOW,
    lastFailureAt: NOW,
  };
  const next = ended({ toSend: [deadLetter] }, results.closed);
  expect(next).toMatchObject({ dueAt: null, sendAt: NOW, toSend: [deadLetter] });
  expect(next.expiresAt).toBe(Math.ceil((NOW + 32 * DAY) / SECOND));
});

test('whatever a pass ends with, an open request is due later with a message for then, and a closed one has no work', () => {
  const froms = fc.record({
    state: fc.constantFrom<CertificateState>('pending', 'waiting-dns', 'requested', 'valid', 'failed'),
    attempts: fc.nat(200),
    waitedMs: fc.nat(20 * DAY),
    orderedAt: fc.option(fc.integer({ min: NOW - 8 * DAY, max: NOW })),
    deadLetteredRevision: fc.option(fc.constantFrom(2, 3)),
    readySince: fc.option(fc.integer({ min: NOW - 8 * DAY, max: NOW })),
  });
  fc.assert(
    fc.property(
      froms,
      fc.constantFrom(...Object.values(results)),
      fc.constantFrom(null, expiring),
      (from, result, seen) => {
        const next = ended(from, result, result.kind === 'valid' ? shown : seen);
        if (result.kind === 'closed') {
          expect(next).toMatchObject({
            wanted: false,
            dueAt: null,
            sendAt: null,
            expiresAt: expect.any(Number),
          });
          return;
        }
        expect(next.dueAt).toBeGreaterThan(NOW);
        expect(next.sendAt).toBe(next.toSend.length > 0 ? NOW : next.dueAt);
        const fails = next.state === 'failed' && from.state !== 'failed' && result.kind !== 'hosting-failed';
        if (fails) expect(next.deadLetteredRevision).toBe(next.revision);
        expect(next.revision).toBeGreaterThanOrEqual(3);
      },
    ),
  );
});
