import { describe, expect, test } from '@jest/globals';
import type { ReconcileResult } from '../../../../../lib/sync/reconcile/outcome/next-state.ts';
import { MINUTE, NOW } from '../../../../support/sync/items.ts';
import { absent, ended, leased } from './ended.ts';

describe('paused with its network', () => {
  const until = NOW + 12 * MINUTE;
  const paused: ReconcileResult = {
    kind: 'paused',
    until,
    code: 'runcloud-unauthorized',
    message: 'The token is wrong',
  };

  test('waits for the probe and says why', () => {
    expect(ended(leased(), paused)).toMatchObject({
      state: 'paused',
      reason: 'runcloud-unauthorized',
      dueAt: until,
      sendAt: until,
      lastError: { code: 'runcloud-unauthorized', message: 'The token is wrong' },
    });
  });

  test('counts nothing, however often', () => {
    const item = ended(leased({ attempts: 3, waitedMs: 9 }), paused);
    expect(item).toMatchObject({ attempts: 3, waitedMs: 9, firstFailureAt: null, toSend: [] });
  });
});

describe('held', () => {
  const until = NOW + 40 * MINUTE;

  test('by the removal limit waits for its turn, visibly', () => {
    const item = ended(leased({ wanted: 'absent', state: 'removing' }), {
      kind: 'held',
      until,
      reason: 'removals-limited',
    });
    expect(item).toMatchObject({
      state: 'removing',
      reason: 'removals-limited',
      dueAt: until,
      sendAt: until,
    });
    expect(item.history.at(-1)).toMatchObject({ what: 'held', detail: 'removals-limited' });
  });

  test('by pacing waits without an entry in the history, which has room for little', () => {
    const item = ended(leased(), { kind: 'held', until, reason: null });
    expect(item).toMatchObject({ state: 'pending', reason: null, dueAt: until, history: [] });
  });

  test('counts nothing', () => {
    const item = ended(leased({ attempts: 3, waitedMs: 9, refusedMs: 8 }), {
      kind: 'held',
      until,
      reason: null,
    });
    expect(item).toMatchObject({ attempts: 3, waitedMs: 9, refusedMs: 8, lastError: null });
  });

  test('ends the hold’s reason once it is settled', () => {
    const held = leased({ wanted: 'absent', state: 'removing', reason: 'removals-limited' });
    expect(ended(held, absent).reason).toBeNull();
  });
});
