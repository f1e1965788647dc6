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
});
