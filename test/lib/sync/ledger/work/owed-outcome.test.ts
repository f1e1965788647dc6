import { describe, expect, test } from '@jest/globals';
import { withOutcome } from '../../../../../lib/sync/ledger/work/owed-outcome.ts';
import { domainItem, NOW } from '../../../../support/sync/items.ts';

const before = domainItem();
const served = { ...before, state: 'present', dueAt: null, sendAt: null } as const;
const failed = { ...before, state: 'failed', reason: 'runcloud-refused', dueAt: null, sendAt: null } as const;
const noReader = { multisite: false, people: false };
const outcome = { about: 'hosting', id: 'msg_1', now: NOW } as const;

describe('an outcome', () => {
  test.each([
    [{ multisite: true, people: false }, true],
    [{ multisite: false, people: true }, false],
  ])('is owed where %j reads it', (readers, toMultisite) => {
    const ended = withOutcome(before, served, { ...outcome, readers });
    expect(ended).toMatchObject({ sendAt: NOW, toSend: [{ id: 'msg_1', toMultisite }] });
  });

  test('without a reader is not owed, and counts as told: a CALLBACK_URL that comes later is told what comes later', () => {
    const ended = withOutcome(before, served, { ...outcome, readers: noReader });
    expect(ended).toMatchObject({ sendAt: null, toSend: [], told: { state: 'present' } });
    const again = withOutcome(ended, ended, { ...outcome, readers: { multisite: true, people: true } });
    expect(again).toBe(ended);
  });

  test('of a failure is always owed', () => {
    const ended = withOutcome(before, failed, { ...outcome, readers: noReader });
    expect(ended).toMatchObject({ sendAt: NOW, toSend: [{ type: 'domain.failed', toMultisite: false }] });
  });

  describe('of a domain whose last outcome is told', () => {
    const readers = { multisite: true, people: true };
    const told = { state: 'failed', reason: 'runcloud-refused', inReplyTo: 'msg_1', since: null, at: NOW };
    const known = { ...failed, told };

    test('is not owed again', () => {
      expect(withOutcome(known, known, { ...outcome, readers })).toBe(known);
    });

    test('is owed for another reason too, and says in its words what went wrong', () => {
      const lastError = {
        code: 'runcloud-timeout',
        message: 'No answer',
        at: '2026-11-21T05:00:30.000Z',
      } as const;
      const ended = withOutcome(
        known,
        { ...known, reason: 'runcloud-timeout', lastError },
        { ...outcome, readers },
      );
      expect(ended.toSend).toMatchObject([
        { state: 'failed', reason: 'runcloud-timeout', message: 'No answer' },
      ]);
    });

    test('is owed for a reason that was left and came back untold', () => {
      const waiting = { ...known, state: 'pending', reason: 'runcloud-refused' };
      expect(withOutcome(waiting, known, { ...outcome, readers }).toSend).toHaveLength(1);
    });
  });
});
