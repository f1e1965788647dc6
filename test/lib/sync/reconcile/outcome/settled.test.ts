import { describe, expect, test } from '@jest/globals';
import { settle } from '../../../../../lib/sync/reconcile/outcome/settle.ts';
import { APP, DAY, MINUTE, NOW, owedDeadLetter, SECOND, written } from '../../../../support/sync/items.ts';
import { absent, ended, input, leased, present, timeout } from './ended.ts';

describe('settled', () => {
  test('ends the schedule and resets all counts', () => {
    const tired = leased({ attempts: 4, waitedMs: 5, refusedMs: 6, firstFailureAt: 7 });
    expect(ended(tired, present)).toMatchObject({
      dueAt: null,
      sendAt: NOW,
      attempts: 0,
      waitedMs: 0,
      refusedMs: 0,
      firstFailureAt: null,
    });
  });

  test('says since when and why, and clears the error of before', () => {
    const lastError = { code: 'runcloud-timeout', message: '', at: '2026-11-21T05:00:00.000Z' } as const;
    const target = { state: 'present', reason: 'covered-by-wildcard', row: null } as const;
    const item = ended(leased({ lastError }), { kind: 'settled', target });
    expect(item).toMatchObject({
      state: 'present',
      reason: 'covered-by-wildcard',
      since: '2026-11-21T05:00:30.250Z',
      lastError: null,
    });
    expect(item.history.at(-1)).toMatchObject({ what: 'present', detail: 'covered-by-wildcard' });
  });

  test('present as before keeps its since', () => {
    const item = leased({ state: 'present' });
    expect(ended(item, present).since).toBe(item.since);
  });

  test('present has been asked for no longer', () => {
    expect(written(settle(leased({ askedAt: NOW - MINUTE }), input(present))).askedAt).toBeNull();
    expect(written(settle(leased({ askedAt: NOW - MINUTE }), input(timeout))).askedAt).toBe(NOW - MINUTE);
  });

  test('absent is remembered for longer than an update may be old, then forgotten', () => {
    const { expiresAt } = ended(leased({ wanted: 'absent', state: 'removing' }), absent);
    expect(expiresAt).toBeGreaterThan((NOW + 30 * DAY) / SECOND);
    expect(expiresAt).toBeLessThan((NOW + 40 * DAY) / SECOND);
  });

  test('without a row, notes at which application, and when', () => {
    const removal = { wanted: 'absent', state: 'removing' } as const;
    const earlier = { settledAt: { ...APP, at: 1 } };
    expect(ended(leased(removal), absent).settledAt).toEqual({ ...APP, at: NOW });
    expect(ended(leased({ ...removal, ...earlier }), absent, { app: undefined }).settledAt).toBeNull();
    expect(ended(leased(earlier), present).settledAt).toBeNull();
    expect(ended(leased(earlier), timeout).settledAt).toEqual(earlier.settledAt);
  });

  test('present is never forgotten', () => {
    expect(ended(leased(), present).expiresAt).toBeNull();
  });

  test('still sends a dead letter owed by a try before', () => {
    const toSend = [owedDeadLetter];
    const told = { kind: 'outcome' };
    expect(ended(leased({ toSend }), present)).toMatchObject({
      toSend: [...toSend, told],
      dueAt: null,
      sendAt: NOW,
    });
  });
});

describe('settled while a write may still land', () => {
  const ambiguousUntil = NOW + 5 * MINUTE;

  test('shows what was seen, and has another pass when nothing can land any longer', () => {
    expect(ended(leased({ ambiguousUntil }), present)).toMatchObject({
      state: 'present',
      dueAt: ambiguousUntil,
      sendAt: ambiguousUntil,
      ambiguousUntil,
    });
  });

  test('is not forgotten yet', () => {
    const item = leased({ wanted: 'absent', ambiguousUntil });
    expect(ended(item, absent)).toMatchObject({ state: 'absent', expiresAt: null });
  });

  test('has another pass also when that time ended during this one', () => {
    const over = NOW - 5 * SECOND;
    expect(ended(leased({ ambiguousUntil: over }), present)).toMatchObject({ dueAt: over });
  });

  test('ends once a pass has begun after it', () => {
    const over = NOW - 10 * SECOND;
    expect(ended(leased({ ambiguousUntil: over }), present)).toMatchObject({
      dueAt: null,
      ambiguousUntil: null,
    });
  });
});
