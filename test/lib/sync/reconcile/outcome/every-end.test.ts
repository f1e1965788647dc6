import { describe, expect, test } from '@jest/globals';
import type { DomainItem } from '../../../../../lib/sync/ledger/items/domain-item.ts';
import type { ReconcileResult } from '../../../../../lib/sync/reconcile/outcome/next-state.ts';
import { settle } from '../../../../../lib/sync/reconcile/outcome/settle.ts';
import { APP, MINUTE, NOW, OTHER_APP, row, settledItem } from '../../../../support/sync/items.ts';
import { absent, ended, input, leased, never, observations, present, timeout } from './ended.ts';

describe('a worker that lost the lease', () => {
  test('writes nothing more', () => {
    expect(settle(leased({ owner: 'other' }), input(present))).toEqual({ result: { kind: 'lost' } });
    expect(settle(leased({ owner: null }), input(present))).toEqual({ result: { kind: 'lost' } });
    expect(settle(undefined, input(present))).toEqual({ result: { kind: 'lost' } });
  });
});

describe('every end of a pass', () => {
  const ends: [string, ReconcileResult][] = [
    ['settled', present],
    ['failed', timeout],
    ['failed for good', never],
    ['paused', { kind: 'paused', until: NOW + 5, code: 'runcloud-unauthorized', message: 'No' }],
    ['held', { kind: 'held', until: NOW + 5, reason: null }],
  ];

  test.each(ends)('%s: gives the lease back and closes the attempt', (_, result) => {
    const attempt = { op: 'add', startedAt: NOW - 1 } as const;
    const item = ended(leased({ attempt }), result);
    expect(item).toMatchObject({ owner: null, leaseUntil: null, attempt: null });
  });

  test.each(ends)('%s: stores the id with the application it was read from', (_, result) => {
    const item = ended(leased(), result, {
      observations: observations({ row: row({ id: 9, www: true }) }),
      app: OTHER_APP,
    });
    expect(item).toMatchObject({ runcloudId: { id: 9, ...OTHER_APP }, wwwServed: true });
  });

  test.each(ends)('%s: takes no www. for served by a row that sends its visitors elsewhere', (_, result) => {
    const seen = observations({ row: row({ type: 'redirect', www: true }) });
    expect(ended(leased({ wwwServed: true }), result, { observations: seen })).toMatchObject({
      wwwServed: false,
    });
  });

  test.each(ends)('%s: forgets the id of a row that was seen to be missing', (_, result) => {
    const known = { runcloudId: { id: 5, ...APP }, wwwServed: true };
    expect(ended(leased(known), result, { observations: observations({ row: null }) })).toMatchObject({
      runcloudId: null,
      wwwServed: null,
    });
  });

  test.each(ends)('%s: keeps the id when nothing was seen', (_, result) => {
    const known = { runcloudId: { id: 5, ...APP }, wwwServed: true };
    expect(ended(leased(known), result)).toMatchObject(known);
  });

  test.each(ends)('%s: an answer about the domain ends the row of crashes', (_, result) => {
    expect(
      ended(leased({ crashes: 3 }), result, { observations: observations({ answered: true }) }),
    ).toMatchObject({
      crashes: 0,
      answered: true,
    });
  });

  test.each(ends)('%s: a write without an answer stays under watch', (_, result) => {
    const attempt = { op: 'add', startedAt: NOW - MINUTE } as const;
    expect(ended(leased({ attempt }), result, { unanswered: true }).ambiguousUntil).toBe(NOW + 14 * MINUTE);
  });

  test.each(ends)('%s: open work has a message, ended work has none but for what it owes', (_, result) => {
    const item = ended(leased(), result);
    expect(item.sendAt !== null).toBe(item.dueAt !== null || item.toSend.length > 0);
  });
});

describe('work made due since the pass began', () => {
  const moved = (part: Partial<DomainItem> = {}) =>
    leased({ revision: 2, state: 'removing', wanted: 'absent', ...part });

  test('is checked again', () => {
    expect(settle(moved(), input(present)).result).toEqual({ kind: 'again' });
  });

  test('is checked again once it is due, if that is later', () => {
    const dueAt = NOW + 15 * MINUTE;
    expect(settle(moved({ dueAt }), input(present)).write).toMatchObject({ dueAt, sendAt: dueAt });
  });

  test('keeps its state, its counts and its schedule', () => {
    const item = moved({ attempts: 3, dueAt: NOW - 1, lastError: null, answered: false });
    expect(
      ended(item, present, { observations: observations({ row: row(), answered: true }) }),
    ).toMatchObject({
      state: 'removing',
      attempts: 3,
      dueAt: NOW - 1,
      answered: false,
      history: [],
    });
  });

  test('stores what the pass saw, and what may still land', () => {
    const attempt = { op: 'add', startedAt: NOW } as const;
    const item = ended(moved({ attempt }), timeout, {
      observations: observations({ row: row() }),
      unanswered: true,
    });
    expect(item).toMatchObject({ runcloudId: { id: 5, ...APP }, ambiguousUntil: NOW + 15 * MINUTE });
  });

  test('gets a message from the next sweep, should this worker have no time left', () => {
    expect(ended(moved(), present)).toMatchObject({ owner: null, sendAt: NOW });
  });
});

test('a settled domain without a lease is left alone', () => {
  expect(settle(settledItem(), input(absent))).toEqual({ result: { kind: 'lost' } });
});
