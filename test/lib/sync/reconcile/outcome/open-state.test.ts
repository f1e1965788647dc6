import { describe, expect, test } from '@jest/globals';
import { NotAnnounced, RepeatedCrash } from '../../../../../lib/sync/ledger/errors.ts';
import type { HostingState } from '../../../../../lib/sync/ledger/states.ts';
import type { ReconcileResult } from '../../../../../lib/sync/reconcile/outcome/next-state.ts';
import { MINUTE, NOW, owedDeadLetter, row } from '../../../../support/sync/items.ts';
import { ended, leased, observations, present, timeout } from './ended.ts';

const parking = { reason: 'dns-mismatch', at: NOW - MINUTE } as const;
const unannounced: ReconcileResult = { kind: 'failed', error: new NotAnnounced('Nobody has announced it') };

function saw(seen: 'row' | null) {
  return { observations: observations({ row: seen === 'row' ? row() : null }) };
}

describe('a name that is being parked', () => {
  test.each<[HostingState, HostingState]>([
    ['present', 'present'],
    ['parked', 'parked'],
    ['pending', 'pending'],
    ['failed', 'pending'],
  ])('and was %s is %s while nothing is seen of its row', (state, open) => {
    expect(ended(leased({ parking, state }), timeout)).toMatchObject({ state: open, parking });
  });

  test.each<HostingState>(['present', 'pending', 'parked'])(
    'and was %s is served while its row is seen, and parked once that is seen to be gone',
    (state) => {
      const item = leased({ parking, state });
      expect(ended(item, timeout, saw('row')).state).toBe('present');
      expect(ended(item, timeout, saw(null))).toMatchObject({ state: 'parked', reason: 'dns-mismatch' });
    },
  );

  test('settles as parked, for the reason and with the question of before', () => {
    const item = leased({ parking, state: 'present', askedAt: NOW - 7 });
    expect(ended(item, { kind: 'settled', target: { state: 'parked' } })).toMatchObject({
      state: 'parked',
      reason: 'dns-mismatch',
      parking,
      askedAt: NOW - 7,
      dueAt: null,
    });
  });

  test('is served on where that never succeeds: no failure, and another pass at once', () => {
    const item = leased({ parking, state: 'present', attempts: 3, waitedMs: MINUTE });
    const after = ended(item, unannounced);
    expect(after).toMatchObject({
      state: 'present',
      parking: null,
      attempts: 0,
      waitedMs: 0,
      dueAt: NOW,
      sendAt: NOW,
      toSend: [],
      lastError: { code: 'not-announced' },
    });
    expect(after.history.at(-1)).toMatchObject({ what: 'unparked', detail: 'not-announced' });
  });

  test('whose worker crashes again and again fails like any other', () => {
    const crash: ReconcileResult = { kind: 'failed', error: new RepeatedCrash() };
    expect(ended(leased({ parking, state: 'present' }), crash)).toMatchObject({
      state: 'failed',
      dueAt: null,
      toSend: [{ kind: 'dead-letter', code: 'internal-error' }, { kind: 'outcome' }],
    });
  });
});

describe('open work says why a domain stands where it does', () => {
  test('as long as it is present', () => {
    const item = leased({ state: 'present', reason: 'served-by-apex' });
    expect(ended(item, timeout)).toMatchObject({ state: 'present', reason: 'served-by-apex' });
    expect(ended(item, timeout, saw(null))).toMatchObject({ state: 'pending', reason: null });
  });

  test('and what it waits for', () => {
    const wait = { kind: 'held', until: NOW + 5, reason: 'removals-limited' } as const;
    const { reason, history } = ended(leased({ state: 'present', reason: 'served-by-apex' }), wait);
    expect(reason).toBe('removals-limited');
    expect(history.at(-1)).toMatchObject({ what: 'held', detail: 'removals-limited' });
    expect(ended(leased(), timeout).history.at(-1)).toMatchObject({
      what: 'waiting',
      detail: 'runcloud-timeout',
    });
  });

  test('and since when it fails, also while a write may still land', () => {
    const failing = leased({ firstFailureAt: NOW - MINUTE, ambiguousUntil: NOW + MINUTE });
    const after = ended(failing, unannounced);
    expect(after).toMatchObject({ state: 'pending', firstFailureAt: NOW - MINUTE, dueAt: NOW + MINUTE });
    expect(after.history.at(-1)).toMatchObject({ what: 'waiting', detail: 'not-announced' });
    expect(ended({ ...failing, firstFailureAt: null }, unannounced).firstFailureAt).toBe(NOW);
  });
});

describe('a settled domain whose outcome is told already', () => {
  const told = { state: 'present', reason: null, inReplyTo: 'msg_1', since: null, at: NOW - MINUTE };
  const known = leased({ state: 'present', told });

  test('has no message', () => {
    expect(ended(known, present)).toMatchObject({ dueAt: null, sendAt: null, toSend: [] });
  });

  test('has one at once where a dead letter of a try before is still owed', () => {
    const owing = { ...known, toSend: [owedDeadLetter] };
    expect(ended(owing, present)).toMatchObject({ dueAt: null, sendAt: NOW, toSend: [owedDeadLetter] });
  });
});
