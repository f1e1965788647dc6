import { describe, expect, test } from '@jest/globals';
import { RepeatedCrash } from '../../../../../lib/sync/ledger/errors.ts';
import type { DomainItem } from '../../../../../lib/sync/ledger/items/domain-item.ts';
import type { ReconcileResult } from '../../../../../lib/sync/reconcile/outcome/next-state.ts';
import { DOMAIN, HOUR, MINUTE, NETWORK, NOW, row, SECOND } from '../../../../support/sync/items.ts';
import { ended, leased, never, observations, refusal, timeout } from './ended.ts';

describe('failed, but it may pass', () => {
  test('waits, has the wait counted as it passes and says why', () => {
    const item = ended(leased(), timeout);
    expect(item).toMatchObject({
      state: 'pending',
      dueAt: NOW + 30 * SECOND,
      sendAt: NOW + 30 * SECOND,
      attempts: 1,
      waitedMs: 0,
      backoff: { since: NOW, until: NOW + 30 * SECOND, counter: 'waitedMs' },
      firstFailureAt: NOW,
      lastError: {
        code: 'runcloud-timeout',
        message: 'RunCloud did not answer in time',
        at: '2026-11-21T05:00:30.250Z',
      },
    });
    expect(item.history.at(-1)).toMatchObject({ what: 'waiting', detail: 'runcloud-timeout' });
  });

  test('keeps the time of the first failure', () => {
    expect(ended(leased({ firstFailureAt: 5 }), timeout).firstFailureAt).toBe(5);
  });

  test('owes no dead letter', () => {
    expect(ended(leased(), timeout).toSend).toEqual([]);
  });

  test('what was seen present stays present, unless the pass saw that it is gone', () => {
    const item = leased({ state: 'present' });
    expect(ended(item, timeout).state).toBe('present');
    expect(ended(item, timeout, { observations: observations({ row: null }) }).state).toBe('pending');
  });

  test('what was seen absent stays absent, unless the pass saw that it is there', () => {
    const item = leased({ wanted: 'absent', state: 'absent' });
    expect(ended(item, timeout).state).toBe('absent');
    expect(ended(item, timeout, { observations: observations({ row: row() }) }).state).toBe('removing');
  });

  test('a refusal is counted by itself', () => {
    expect(ended(leased(), refusal)).toMatchObject({ refusedMs: 0, backoff: { counter: 'refusedMs' } });
  });
});

describe('given up', () => {
  const tired = (part: Partial<DomainItem> = {}) =>
    leased({ waitedMs: 15 * HOUR, firstFailureAt: NOW - 16 * HOUR, revision: 1, ...part });

  test('ends the schedule and leaves one dead letter that says everything, in the same write', () => {
    expect(ended(tired(), timeout)).toMatchObject({
      state: 'failed',
      reason: 'runcloud-timeout',
      dueAt: null,
      sendAt: NOW,
      toSend: [
        {
          kind: 'dead-letter',
          id: `${NETWORK}/${DOMAIN}/1/dead-letter`,
          revision: 1,
          code: 'runcloud-timeout',
          reason: 'RunCloud did not answer in time',
          firstFailureAt: NOW - 16 * HOUR,
          lastFailureAt: NOW,
        },
        { kind: 'outcome', type: 'domain.failed' },
      ],
    });
  });

  test('names the dead letter by the revision: two tries never share one', () => {
    const [first] = ended(tired(), timeout).toSend;
    const [second] = ended(tired({ revision: 2 }), timeout, { revision: 2 }).toSend;
    expect(first?.id).not.toBe(second?.id);
  });

  test('after an hour of refusals too', () => {
    expect(ended(leased({ refusedMs: HOUR }), refusal).state).toBe('failed');
  });

  test('at once where no later pass could succeed', () => {
    expect(ended(leased({ wanted: 'absent' }), never)).toMatchObject({
      state: 'failed',
      reason: 'protected-domain',
      firstFailureAt: null,
      toSend: [{ firstFailureAt: NOW, lastFailureAt: NOW }, { kind: 'outcome' }],
    });
  });

  test('after five crashes at once', () => {
    const crash: ReconcileResult = { kind: 'failed', error: new RepeatedCrash() };
    expect(ended(leased({ crashes: 5 }), crash)).toMatchObject({ state: 'failed', reason: 'internal-error' });
  });

  test('adds its dead letter to one still owed', () => {
    const [owed] = ended(tired(), timeout).toSend;
    if (owed === undefined) throw new Error('no dead letter');
    const item = ended(tired({ revision: 2, toSend: [owed] }), timeout, { revision: 2 });
    expect(item.toSend.filter(({ kind }) => kind === 'dead-letter')).toHaveLength(2);
  });

  test('is never forgotten', () => {
    expect(ended(tired({ wanted: 'absent' }), timeout).expiresAt).toBeNull();
  });

  test('not while a write may still land, for no later pass would see it', () => {
    const ambiguousUntil = NOW + 4 * MINUTE;
    expect(ended(tired({ ambiguousUntil }), timeout)).toMatchObject({
      state: 'pending',
      dueAt: ambiguousUntil,
      sendAt: ambiguousUntil,
      toSend: [],
      lastError: { code: 'runcloud-timeout' },
    });
  });

  test('comes as soon as a pass has begun after that', () => {
    const ambiguousUntil = NOW - 10 * SECOND;
    expect(ended(tired({ ambiguousUntil }), timeout).state).toBe('failed');
  });
});
