import { describe, expect, test } from '@jest/globals';
import { type CertificatePassEnd, settle } from '../../../../lib/certificates/outcome/settle.ts';
import { ALL_READERS } from '../../../../lib/sync/ledger/work/owed-outcome.ts';
import { timing } from '../../../support/certificates/certificate-world.ts';
import { certificateItem, MINUTE, NOW, written } from '../../../support/sync/items.ts';

const leased = certificateItem({
  owner: 'me',
  leaseUntil: NOW + MINUTE,
  revision: 3,
  dueAt: NOW,
  sendAt: NOW + MINUTE,
  crashes: 2,
});
const input: CertificatePassEnd = {
  owner: 'me',
  revision: 3,
  wwwAskedAt: null,
  pointsHere: false,
  outcomeId: 'pass-1',
  readers: ALL_READERS,
  maySend: true,
  result: { kind: 'requested', orderedAt: NOW - 1_000 },
  shown: null,
  now: NOW,
  delays: timing,
  random: () => 0.5,
};

describe('the end of a pass', () => {
  test('stores state and schedule, gives the lease back, and forgets the crashes before it', () => {
    const { write, result } = settle(leased, input);
    expect(write).toMatchObject({
      owner: null,
      leaseUntil: null,
      crashes: 0,
      state: 'requested',
      orderedAt: NOW - 1_000,
      dueAt: NOW + 29_000,
    });
    expect(result).toEqual({ kind: 'done', item: write });
  });

  test('stores facts alone once a newer update has come, and is checked again', () => {
    const newer = { ...leased, revision: 4, dueAt: NOW - 1, orderedAt: NOW - 2_000 };
    const updateItem = settle(newer, { ...input, wwwAskedAt: NOW });
    expect(updateItem.result).toEqual({ kind: 'again' });
    expect(written(updateItem)).toEqual({
      ...newer,
      owner: null,
      leaseUntil: null,
      wwwAskedAt: NOW,
      sendAt: NOW,
    });
  });

  test.each([
    ['another’s', { ...leased, owner: 'you' }],
    ['no worker’s', undefined],
  ])('writes nothing to a request that is %s by now', (_title, item) => {
    expect(settle(item, input)).toEqual({ result: { kind: 'lost' } });
  });

  test('keeps when it was last asked where www. points, if this pass did not ask', () => {
    expect(written(settle({ ...leased, wwwAskedAt: 5 }, input)).wwwAskedAt).toBe(5);
  });
});
