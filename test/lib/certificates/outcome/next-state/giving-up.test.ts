import { describe, expect, test } from '@jest/globals';
import type { CertificateResult } from '../../../../../lib/certificates/outcome/result.ts';
import { RuncloudUnavailable } from '../../../../../lib/runcloud/errors.ts';
import { toInstant } from '../../../../../lib/sync/ledger/time.ts';
import { DAY, DOMAIN, HOUR, MINUTE, NOW } from '../../../../support/sync/items.ts';
import { ended, error, results, shown } from './ended.ts';

describe('giving up', () => {
  const spent = { waitedMs: 15 * HOUR, firstFailureAt: NOW - 15 * HOUR };

  test('counts the waits of failures, which end with the time for trying', () => {
    const next = ended({ attempts: 7, waitedMs: 14.5 * HOUR }, results.failing);
    expect(next).toMatchObject({
      state: 'pending',
      attempts: 8,
      waitedMs: 14.5 * HOUR,
      backoff: { since: NOW, until: NOW + HOUR / 2, counter: 'waitedMs' },
      dueAt: NOW + 30 * MINUTE,
    });
    expect(next.lastError).toMatchObject({ code: 'runcloud-refused' });
  });

  test('fails with one dead letter, due at once', () => {
    const next = ended(spent, results.failing);
    expect(next).toMatchObject({
      state: 'failed',
      reason: 'order-failed',
      deadLetteredRevision: 3,
      sendAt: NOW,
    });
    expect(next.toSend).toEqual([
      {
        kind: 'dead-letter',
        id: `demo/${DOMAIN}/certificate/3/dead-letter`,
        revision: 3,
        code: 'runcloud-refused',
        reason: error.message,
        firstFailureAt: NOW - 15 * HOUR,
        lastFailureAt: NOW,
      },
    ]);
  });

  test('again in the same try sends none, and checks daily', () => {
    const next = ended({ ...spent, state: 'failed', deadLetteredRevision: 3 }, results.failing);
    expect(next).toMatchObject({ state: 'failed', toSend: [], dueAt: NOW + DAY, sendAt: NOW + DAY });
    expect(ended({ state: 'failed', deadLetteredRevision: 3 }, results.failing)).toMatchObject({
      state: 'failed',
    });
  });

  test.each(['requested', 'waiting', 'later', 'failing', 'unverified'] as const)(
    'a name that has room again and is %s is a new try; so is nothing that failed otherwise',
    (kind) => {
      const told = { ...spent, state: 'failed' as const, deadLetteredRevision: 3 };
      expect(ended({ ...told, reason: 'name-limit' }, results[kind]).revision).toBe(4);
      expect(ended({ ...told, reason: 'order-failed' }, results[kind]).revision).toBe(3);
    },
  );

  test.each([
    { title: 'valid', from: {}, result: results.valid, revision: 4 },
    {
      title: 'within the name limit',
      from: { reason: 'name-limit' },
      result: results.requested,
      revision: 4,
    },
    {
      title: 'over the name limit still',
      from: { reason: 'name-limit' },
      result: results.failed,
      revision: 3,
    },
    { title: 'waiting for DNS', from: {}, result: results['waiting-dns'], revision: 3 },
    { title: 'ordered by a daily look', from: {}, result: results.requested, revision: 3 },
  ])('what had failed and is $title stands at revision $revision', ({ from, result, revision }) => {
    const seen = result.kind === 'valid' ? shown : null;
    const before = {
      ...spent,
      state: 'failed' as const,
      reason: 'order-failed',
      deadLetteredRevision: 3,
      ...from,
    };
    expect(ended(before, result, seen).revision).toBe(revision);
  });

  test('an order-budget counts only where failures have spent it', () => {
    const budget: CertificateResult = {
      kind: 'waiting',
      until: NOW + 7 * DAY,
      reason: 'order-budget',
      fix: 'Wait',
    };
    expect(ended({}, budget)).toMatchObject({ waitedMs: 0, dueAt: NOW + 7 * DAY, state: 'pending' });
    expect(ended({ firstFailureAt: NOW - HOUR }, budget)).toMatchObject({ waitedMs: 0 });
    const lastError = { code: 'runcloud-refused' as const, message: 'No', at: '2026-11-21T05:00:00.000Z' };
    expect(ended({ lastError }, budget)).toMatchObject({ waitedMs: 0 });
    const failing = { firstFailureAt: NOW - HOUR, lastError, waitedMs: HOUR };
    expect(ended(failing, budget)).toMatchObject({
      waitedMs: HOUR,
      backoff: { since: NOW, until: NOW + 14 * HOUR, counter: 'waitedMs' },
      dueAt: NOW + 14 * HOUR,
      state: 'pending',
    });
    expect(ended({ ...failing, waitedMs: 15 * HOUR }, budget)).toMatchObject({
      state: 'failed',
      reason: 'order-failed',
      fix: expect.stringMatching(/^RunCloud refuses .* the relay checks again daily/),
      deadLetteredRevision: 3,
    });
  });

  test.each(['registered-domain', 'account'] as const)(
    'an order-budget that others have spent counts for nothing: %s',
    (limit) => {
      const budget: CertificateResult = {
        kind: 'waiting',
        until: NOW + 7 * DAY,
        reason: 'order-budget',
        limit,
        fix: 'Wait',
      };
      const lastError = { code: 'runcloud-refused' as const, message: 'No', at: '2026-11-21T05:00:00.000Z' };
      const failing = { firstFailureAt: NOW - HOUR, lastError, waitedMs: 15 * HOUR };
      expect(ended(failing, budget)).toMatchObject({
        state: 'pending',
        reason: 'order-budget',
        waitedMs: 15 * HOUR,
        dueAt: NOW + 7 * DAY,
        toSend: [],
      });
    },
  );

  test.each(['registered-domain', 'account', 'week'] as const)(
    'beside the failure of an order, `fix` says what to do about that, whichever limit is spent: %s',
    (limit) => {
      const fix = 'Nothing is to be done';
      const budget: CertificateResult = {
        kind: 'waiting',
        until: NOW + 7 * DAY,
        reason: 'order-budget',
        limit,
        fix,
      };
      const lastError = { code: 'runcloud-refused' as const, message: 'No', at: '2026-11-21T05:00:00.000Z' };
      const failing = { firstFailureAt: NOW - HOUR, lastError };
      expect(ended(failing, { ...budget, failedFix: 'Check the firewall' })).toMatchObject({
        state: 'pending',
        reason: 'order-budget',
        fix: 'Check the firewall',
      });
      expect(ended({}, budget)).toMatchObject({ fix });
    },
  );

  describe('limits that failed orders have spent', () => {
    const failure = { code: 'runcloud-refused' as const, message: 'The order could not be completed.' };
    const budget: CertificateResult = {
      kind: 'waiting',
      until: NOW + 7 * DAY,
      reason: 'order-budget',
      limit: 'same-names',
      fix: null,
      failure,
    };
    const at = '2026-11-21T04:00:00.000Z';
    const limited = { code: 'runcloud-rate-limited' as const, message: 'Too many calls', at };

    test.each([
      ['that is tried still', { waitedMs: 0 }, 'pending'],
      ['that was given up', { waitedMs: 15 * HOUR }, 'failed'],
    ])('are explained by the last of these orders, for a request %s', (_, part, state) => {
      const next = ended({ firstFailureAt: NOW - HOUR, lastError: limited, ...part }, budget);
      expect(next).toMatchObject({ state, lastError: { ...failure, at: toInstant(NOW) } });
    });

    test('leave the error that is told already', () => {
      const lastError = { ...failure, at };
      expect(ended({ firstFailureAt: NOW - HOUR, lastError }, budget)).toMatchObject({ lastError });
    });

    test.each([
      ['of the same code with other words', { ...failure, message: 'No', at }],
      ['of another code with the same words', { ...failure, code: 'runcloud-forbidden' as const, at }],
      ['none', null],
    ])('explain themselves where another error is told: %s', (_, lastError) => {
      const next = ended({ firstFailureAt: NOW - HOUR, lastError }, budget);
      expect(next.lastError).toEqual({ ...failure, at: toInstant(NOW) });
    });

    test('explain the wait for a limit that other names have spent too', () => {
      const account = { ...budget, limit: 'account' as const };
      const next = ended({ firstFailureAt: NOW - HOUR, lastError: limited }, account);
      expect(next).toMatchObject({ dueAt: NOW + 7 * DAY, lastError: { ...failure, at: toInstant(NOW) } });
    });

    test('leave the passing error of a request that no order has failed', () => {
      expect(ended({ lastError: limited }, budget).lastError).toEqual(limited);
    });

    test('leave since when the name is ready', () => {
      const failing = { firstFailureAt: NOW - HOUR, lastError: limited };
      expect(ended(failing, budget).readySince).toBe(NOW);
      expect(ended({ ...failing, readySince: NOW - HOUR }, budget).readySince).toBe(NOW - HOUR);
    });

    test('are no failure of a request that has had none', () => {
      expect(ended({ lastError: null }, budget).lastError).toBeNull();
    });
  });

  test('AutoSSL has its time from when it alone is waited for', () => {
    const autossl: CertificateResult = { kind: 'waiting', until: NOW + MINUTE, reason: 'autossl', fix: null };
    const since = NOW - HOUR;
    expect(ended({ reason: 'held-by-name', readySince: since }, autossl).readySince).toBe(NOW);
    expect(ended({ reason: 'autossl', readySince: since }, autossl).readySince).toBe(since);
  });

  test('AutoSSL is waited for while RunCloud cannot be asked, and no more once it refuses an order', () => {
    const away: CertificateResult = {
      kind: 'failing',
      error: new RuncloudUnavailable('Away', { method: 'GET', path: '/ssl' }),
    };
    expect(ended({ reason: 'autossl' }, away).reason).toBe('autossl');
    expect(ended({ reason: 'autossl' }, results.failing).reason).toBeNull();
    expect(ended({ reason: 'held-by-name' }, away).reason).toBeNull();
  });

  test('an order that was waited for is marked as failed', () => {
    const order = {
      at: NOW - HOUR,
      set: 'a',
      how: 'install' as const,
      failed: false,
      refused: false,
      error: null,
      includedUnready: [],
    };
    const next = ended({ orders: [order], orderedAt: NOW - HOUR }, results.failing);
    expect(next).toMatchObject({ orderedAt: null, orders: [{ failed: true }] });
  });
});
