import { describe, expect, test } from '@jest/globals';
import { type CertificatePassEnd, settle } from '../../../../lib/certificates/outcome/settle.ts';
import type { CertificateItem } from '../../../../lib/sync/ledger/items/certificate-item.ts';
import { ALL_READERS } from '../../../../lib/sync/ledger/work/owed-outcome.ts';
import { timing } from '../../../support/certificates/certificate-world.ts';
import {
  certificateItem,
  MINUTE,
  NOW,
  owedDeadLetter,
  SECOND,
  written,
} from '../../../support/sync/items.ts';
import { results, shown } from './next-state/ended.ts';

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

  test('sends the message of the next pass itself, where it may; the sweep’s comes somewhat later', () => {
    const ended = written(settle(leased, input));
    expect(ended.sendAt).toBe(NOW + 29 * SECOND + timing.messageMarginMs);
    expect(written(settle(leased, { ...input, maySend: false })).sendAt).toBe(NOW + 29 * SECOND);
  });

  test('has what is still to be sent sent at once, and not with a pass that may be a day away', () => {
    const ended = written(
      settle({ ...leased, toSend: [owedDeadLetter] }, { ...input, result: results.held }),
    );
    expect(ended).toMatchObject({ dueAt: NOW + MINUTE, sendAt: NOW, toSend: [owedDeadLetter] });
  });

  describe('owes an outcome', () => {
    const update = { timestamp: '2026-11-21T05:00:00.000Z', id: 'msg_update' };
    const ofPass = (from: Partial<CertificateItem>, result: CertificatePassEnd['result']) => {
      const seen = result.kind === 'valid' ? shown : null;
      return written(settle({ ...leased, ...from }, { ...input, result, shown: seen })).toSend;
    };

    test('named after the pass', () => {
      expect(ofPass({ version: null }, results.valid)).toEqual([
        expect.objectContaining({ kind: 'outcome', about: 'certificate', id: 'msg_pass-1', state: 'valid' }),
      ]);
    });

    test.each(['held', 'paused', 'left', 'troubled'] as const)(
      'not where the pass says nothing new of the certificate: %s',
      (kind) => {
        expect(ofPass({ state: 'valid', version: update }, results[kind])).toEqual([]);
      },
    );

    test('of a failure always, whatever the pass has learnt', () => {
      expect(ofPass({ state: 'failed', version: update }, results.paused)).toEqual([
        expect.objectContaining({ type: 'domain.failed', inReplyTo: 'msg_update' }),
      ]);
    });

    test('of a state on the way where an update has had no reply, and only there', () => {
      expect(ofPass({ version: update }, results.requested)).toEqual([
        expect.objectContaining({ state: 'requested', inReplyTo: 'msg_update' }),
      ]);
      expect(ofPass({ version: null }, results.requested)).toEqual([]);
    });
  });
});
