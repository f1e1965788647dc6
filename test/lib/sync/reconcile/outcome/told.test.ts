import { describe, expect, test } from '@jest/globals';
import type { DomainItem } from '../../../../../lib/sync/ledger/items/domain-item.ts';
import { toInstant } from '../../../../../lib/sync/ledger/time.ts';
import { MINUTE, NOW } from '../../../../support/sync/items.ts';
import { ended, leased, never, present, timeout } from './ended.ts';

describe('the outcome of a pass', () => {
  const outcomesOf = (item: DomainItem) => item.toSend.filter(({ kind }) => kind === 'outcome');
  const told = { state: 'present', reason: null, inReplyTo: 'msg_1', since: toInstant(NOW), at: NOW };

  test('answers the update, in the write that settles it', () => {
    const item = ended(leased(), present);
    expect(outcomesOf(item)).toEqual([
      {
        kind: 'outcome',
        toMultisite: true,
        id: expect.stringMatching(/^msg_[!-~]+$/),
        about: 'hosting',
        type: 'domain.settled',
        state: 'present',
        reason: null,
        message: null,
        fix: null,
        inReplyTo: 'msg_1',
        at: NOW,
      },
    ]);
    expect(item.told).toEqual(told);
  });

  test('answers an update that changes nothing', () => {
    const item = leased({ state: 'present', told: { ...told, inReplyTo: 'msg_0' } });
    expect(outcomesOf(ended(item, present))).toMatchObject([{ inReplyTo: 'msg_1' }]);
  });

  test('is told once: a settled domain that is checked again owes none', () => {
    expect(outcomesOf(ended(leased({ state: 'present', since: told.since, told }), present))).toEqual([]);
  });

  test('of a state that a pass has seen before it could settle it is told when it settles', () => {
    const item = leased({ state: 'present', told: { ...told, state: 'failed' } });
    expect(outcomesOf(ended(item, present))).toHaveLength(1);
  });

  test('of a state that was left and is entered again is told again: a copy of the last one may have said the state between', () => {
    const since = toInstant(NOW + MINUTE);
    const item = leased({ state: 'present', since, told });
    expect(outcomesOf(ended(item, present))).toHaveLength(1);
    const older = leased({ state: 'present', since, told: { ...told, since: null } });
    expect(outcomesOf(ended(older, present))).toEqual([]);
  });

  test('did not happen before what was told before: the clock of that worker was fast', () => {
    const fast = { ...told, state: 'failed', at: NOW + 3_000 };
    const item = ended(leased({ state: 'present', told: fast }), present);
    expect(outcomesOf(item)).toMatchObject([{ at: NOW + 3_000 }]);
    expect(item.told?.at).toBe(NOW + 3_000);
  });

  test('of a failure after a failure is told each time', () => {
    const item = leased({ wanted: 'absent', told: { ...told, state: 'failed', reason: 'protected-domain' } });
    expect(outcomesOf(ended(item, never))).toMatchObject([{ type: 'domain.failed' }]);
  });

  test('waits as long as the work is open', () => {
    expect(outcomesOf(ended(leased(), timeout))).toEqual([]);
    expect(outcomesOf(ended(leased({ ambiguousUntil: NOW + MINUTE }), present))).toEqual([]);
  });
});
