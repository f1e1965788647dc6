import { describe, expect, test } from '@jest/globals';
import { redriven, redrivenCertificate } from '../../../../../lib/sync/ledger/work/dead-letters.ts';
import { failedDomain } from '../../../../support/sync/failed-domain.ts';
import { certificateItem, domainItem, MINUTE, NOW, written } from '../../../../support/sync/items.ts';

describe('a dead letter moved back', () => {
  const at = { now: NOW, apiMarginMs: 2 * MINUTE };

  test('reopens the failure it names, as one more try with all counts reset', () => {
    const item = failedDomain({
      attempts: 9,
      waitedMs: 8,
      refusedMs: 7,
      crashes: 5,
      firstFailureAt: 6,
      toSend: [],
    });
    const { write, result } = redriven(item, 1, at);
    expect(result).toBe(true);
    expect(write).toMatchObject({
      state: 'pending',
      reason: null,
      attempts: 0,
      waitedMs: 0,
      refusedMs: 0,
      crashes: 0,
      firstFailureAt: null,
      revision: 2,
      dueAt: NOW,
      sendAt: NOW + 2 * MINUTE,
      history: [{ what: 'redriven' }],
    });
  });

  test('of a removal reopens the removal', () => {
    expect(written(redriven(failedDomain({ wanted: 'absent' }), 1, at)).state).toBe('removing');
  });

  test('reopens once: its second copy does nothing', () => {
    const once = written(redriven(failedDomain(), 1, at));
    expect(redriven(once, 1, at)).toEqual({ result: false });
  });

  test.each([
    ['another failure since', failedDomain({ revision: 2 })],
    ['a domain that is settled', domainItem({ state: 'present', dueAt: null })],
    ['a domain whose work is open', domainItem()],
    ['an unknown domain', undefined],
  ])('does nothing to %s', (_, item) => {
    expect(redriven(item, 1, at)).toEqual({ result: false });
  });
});

describe('a certificate’s dead letter moved back', () => {
  const told = certificateItem({
    state: 'failed',
    reason: 'order-failed',
    fix: 'Mend it',
    revision: 3,
    attempts: 9,
    readySince: NOW - MINUTE,
    dueAt: NOW + MINUTE,
  });

  test('reopens the failure it names, though that is checked daily anyway', () => {
    const { write, result } = redrivenCertificate(told, 3, NOW);
    expect(result).toBe(true);
    expect(write).toMatchObject({
      state: 'pending',
      reason: null,
      fix: null,
      readySince: null,
      attempts: 0,
      revision: 4,
      dueAt: NOW,
      sendAt: NOW,
    });
    expect(write?.history.at(-1)).toMatchObject({ what: 'redriven', detail: 'dead letter redriven' });
  });

  test.each([
    ['another try', { ...told, revision: 4 }],
    ['what is valid now', { ...told, state: 'valid' as const }],
    ['nothing that is known', undefined],
  ])('of %s is an old story', (_title, item) => {
    expect(redrivenCertificate(item, 3, NOW)).toEqual({ result: false });
  });
});
