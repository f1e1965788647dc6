import { describe, expect, test } from '@jest/globals';
import type { CertificateItem } from '../../../../../lib/sync/ledger/items/certificate-item.ts';
import { certificateKey } from '../../../../../lib/sync/ledger/keys.ts';
import {
  batchedMessage,
  requestCertificate,
  withMovedDomain,
  withRequest,
} from '../../../../../lib/sync/ledger/work/certificate-request.ts';
import { memoryLedger } from '../../../../doubles/ledger.ts';
import {
  certificateItem,
  DAY,
  DOMAIN,
  NETWORK,
  NOW,
  SECOND,
  written,
} from '../../../../support/sync/items.ts';

const batchMs = 20 * SECOND;
const at = { network: NETWORK, domain: DOMAIN, now: NOW, arrived: false, newRow: false, batchMs };

describe('a domain that is present', () => {
  test('wants a certificate, checked once a burst of such requests has gathered', () => {
    const { write, result } = withRequest(undefined, at);
    expect(result).toBe(true);
    expect(write).toMatchObject({
      network: NETWORK,
      domain: DOMAIN,
      wanted: true,
      version: null,
      state: 'pending',
      revision: 1,
      dueAt: NOW + batchMs,
      sendAt: NOW + batchMs,
      history: [{ what: 'certificate-wanted', detail: 'domain present' }],
    });
  });

  test.each(['pending', 'waiting-dns', 'requested', 'valid', 'failed'] as const)(
    'leaves a request that is %s as it is',
    (state) => {
      expect(withRequest(certificateItem({ state }), at)).toEqual({ result: false });
    },
  );

  test('that has just arrived has its old request checked again, no later than before', () => {
    const valid = certificateItem({ state: 'valid', revision: 3, dueAt: NOW + DAY, sendAt: NOW + DAY });
    const arrived = (item: CertificateItem) => written(withRequest(item, { ...at, arrived: true }));
    const anew = { state: 'valid', revision: 4, dueAt: NOW + batchMs, sendAt: NOW + batchMs };
    expect(arrived(valid)).toMatchObject(anew);
    expect(arrived({ ...valid, dueAt: null, sendAt: null })).toMatchObject(anew);
    const soon = NOW + SECOND;
    expect(arrived({ ...valid, dueAt: soon, sendAt: NOW + DAY })).toMatchObject({
      ...anew,
      dueAt: soon,
      sendAt: soon,
    });
  });

  test.each([true, false])(
    'is not ended by a pass under way, whose lease keeps its message (arrived: %s)',
    (arrived) => {
      const leased = certificateItem({
        state: 'valid',
        revision: 3,
        dueAt: NOW - SECOND,
        sendAt: NOW + DAY,
        owner: 'worker-1',
        leaseUntil: NOW + DAY,
      });
      const { write, result } = withRequest(leased, { ...at, arrived });
      expect(result).toBe(true);
      expect(write).toEqual({ ...leased, revision: 4 });
    },
  );

  test('in another row awaits no order that was made for the row before', () => {
    const ordered = certificateItem({
      state: 'requested',
      orderedAt: NOW,
      orderSaid: 'queued',
      readySince: 1,
    });
    const anew = { ...at, arrived: true, newRow: true };
    expect(written(withRequest(ordered, anew))).toMatchObject({
      state: 'pending',
      orderedAt: null,
      orderSaid: null,
      readySince: null,
      revision: ordered.revision + 1,
    });
    const valid = certificateItem({ state: 'valid', notAfter: '2027-01-01T00:00:00.000Z', orderedAt: NOW });
    expect(written(withRequest(valid, anew))).toMatchObject({
      state: 'valid',
      notAfter: valid.notAfter,
      orderedAt: null,
    });
    expect(written(withRequest(ordered, { ...anew, newRow: false }))).toMatchObject({
      state: 'requested',
      orderedAt: NOW,
    });
  });

  test('in another row has the half hour of AutoSSL anew', () => {
    const awaited = certificateItem({ state: 'pending', reason: 'autossl', readySince: 1 });
    const anew = withRequest(awaited, { ...at, arrived: true, newRow: true });
    expect(written(anew)).toMatchObject({ state: 'pending', reason: null, readySince: null });
  });

  test('begins a new try of a request that was given up, which has told its failure', () => {
    const failed = certificateItem({
      state: 'failed',
      reason: 'order-failed',
      fix: 'Fix it',
      revision: 3,
      deadLetteredRevision: 3,
      waitedMs: DAY,
      readySince: 1,
    });
    const arrives = (part: Partial<CertificateItem> = {}) =>
      written(withRequest({ ...failed, ...part }, { ...at, arrived: true }));
    expect(arrives()).toMatchObject({
      state: 'pending',
      fix: null,
      waitedMs: 0,
      readySince: null,
      revision: 4,
    });
    expect(arrives({ deadLetteredRevision: 2 })).toMatchObject({ state: 'failed', waitedMs: DAY });
  });

  test('opens a request that was closed, with all counts reset and no end', () => {
    const closed = certificateItem({
      wanted: false,
      state: 'none',
      reason: 'order-failed',
      attempts: 5,
      expiresAt: 9,
      revision: 3,
    });
    expect(written(withRequest(closed, at))).toMatchObject({
      wanted: true,
      state: 'pending',
      reason: null,
      attempts: 0,
      expiresAt: null,
      revision: 4,
    });
  });

  test('does not lose what was known of its certificate, nor the last update about it', () => {
    const version = { timestamp: '2026-11-20T00:00:00.000Z', id: 'msg_0' };
    const closed = certificateItem({
      wanted: false,
      state: 'none',
      version,
      notAfter: '2027-01-01T00:00:00.000Z',
    });
    expect(written(withRequest(closed, at))).toMatchObject({ version, notAfter: '2027-01-01T00:00:00.000Z' });
  });

  test('raises its request once, however often it is seen', async () => {
    const ledger = memoryLedger();
    expect(await requestCertificate(ledger, at)).toBe(true);
    expect(await requestCertificate(ledger, at)).toBe(false);
    expect((await ledger.read(certificateKey(NETWORK, DOMAIN)))?.writes).toBe(1);
  });
});

describe('a domain that moved to another application', () => {
  test('has its request checked again, and says so', () => {
    const valid = certificateItem({ state: 'valid', revision: 3, attempts: 2 });
    const moved = written(withMovedDomain(valid, NOW, NOW + SECOND));
    expect(moved).toMatchObject({ state: 'pending', revision: 4, attempts: 0, dueAt: NOW + SECOND });
    expect(moved.history.at(-1)).toMatchObject({ what: 'certificate-wanted', detail: 'domain moved' });
  });

  test('has none where none was requested, or none is any more', () => {
    expect(withMovedDomain(undefined, NOW, NOW)).toEqual({ result: undefined });
    expect(withMovedDomain(certificateItem({ wanted: false }), NOW, NOW)).toEqual({ result: undefined });
  });
});

test('a message waits as long as requests gather, if the queue can hold it that long', () => {
  expect(batchedMessage(NETWORK, 20_001)).toEqual({ message: { network: NETWORK }, delaySeconds: 21 });
  expect(batchedMessage(NETWORK, 20 * 60 * SECOND).delaySeconds).toBe(900);
});
