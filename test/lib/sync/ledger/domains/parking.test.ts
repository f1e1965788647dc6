import { describe, expect, test } from '@jest/globals';
import { reopenMissing } from '../../../../../lib/sync/drift/reopen-missing.ts';
import { applyUpdate } from '../../../../../lib/sync/events/record-update.ts';
import { park, unpark, withParkingReason } from '../../../../../lib/sync/ledger/domains/parking.ts';
import type { DomainItem } from '../../../../../lib/sync/ledger/items/domain-item.ts';
import { matchesState } from '../../../../../lib/sync/status/list-domains.ts';
import { toSummary } from '../../../../../lib/sync/status/view.ts';
import {
  APP,
  certificateItem,
  DAY,
  NOW,
  row,
  SECOND,
  settledItem,
  update,
  written,
} from '../../../../support/sync/items.ts';

const parking = { reason: 'dns-mismatch', at: NOW } as const;
const served = settledItem({ addedId: 5 });
const parked = settledItem({
  state: 'parked',
  reason: 'dns-mismatch',
  runcloudId: null,
  wwwServed: null,
  parking,
});

describe('a name is recorded as parked', () => {
  test('and its domain becomes due, so that no pass under way settles over it', () => {
    const item = written(park(row(), parking)(served));
    expect(item).toMatchObject({
      state: 'present',
      parking,
      dueAt: NOW,
      sendAt: NOW,
      revision: served.revision + 1,
    });
    expect(item.history.at(-1)).toMatchObject({ what: 'parking', detail: 'dns-mismatch' });
  });

  test.each<[string, Partial<DomainItem>]>([
    ['it is not wanted', { wanted: 'absent', state: 'removing' }],
    ['it is not served', { state: 'pending' }],
    ['it is parked already', { parking }],
    ['the relay has not made its row', { addedId: null }],
    ['the relay has made another row', { addedId: 6 }],
    ['it has another row by now', { runcloudId: { id: 6, serverId: '42', appId: '7' }, addedId: 6 }],
  ])('unless %s', (_why, part) => {
    expect(park(row(), parking)({ ...served, ...part })).toEqual({ result: false });
  });

  test.each([
    ['the primary', row({ type: 'primary' })],
    ['a redirect', row({ type: 'redirect' })],
    ['of unknown type', row({ type: undefined })],
    ['that serves its www.', row({ www: true })],
    ['with a wildcard', row({ wildcard: true })],
  ])('unless its row is one %s', (_what, shown) => {
    expect(park(shown, parking)(served)).toEqual({ result: false });
  });

  test('is told whether it was, so that nothing else follows from one that was not', () => {
    expect(park(row(), parking)(served).result).toBe(true);
    expect(park(row(), parking)(undefined)).toEqual({ result: false });
  });

  test('also with the www. in its row, where no certificate can cover it', () => {
    const unsupported = { ...parking, reason: 'name-unsupported' } as const;
    expect(park(row({ www: true }), unsupported)(served).result).toBe(true);
    expect(park(row({ www: true, wildcard: true }), unsupported)(served).result).toBe(false);
  });
});

describe('a parked name', () => {
  test('that may be served is open work again, without a row', () => {
    const item = written(unpark(NOW)(parked));
    expect(item).toMatchObject({ state: 'pending', parking: null, answered: false, dueAt: NOW, sendAt: NOW });
    expect(item.history.at(-1)).toMatchObject({ what: 'unparked' });
  });

  test('whose row is still there keeps it, whatever the pass under way finds', () => {
    const leased = { ...served, parking, owner: 'worker-1', leaseUntil: NOW + DAY, sendAt: NOW + DAY };
    const item = written(unpark(NOW)(leased));
    expect(item).toMatchObject({ state: 'present', parking: null, owner: 'worker-1', sendAt: NOW + DAY });
    expect(item.revision).toBe(leased.revision + 1);
  });

  test('that a pass has under its lease keeps what the pass may still need, and its message', () => {
    const leased = { ...parked, owner: 'worker-1', leaseUntil: NOW + DAY, sendAt: NOW + DAY };
    expect(written(unpark(NOW)(leased))).toMatchObject({ state: 'parked', parking: null, sendAt: NOW + DAY });
  });

  test('alone is taken back', () => {
    expect(unpark(NOW)(parked).result).toBe(true);
    expect(unpark(NOW)(served)).toEqual({ result: false });
    expect(unpark(NOW)(undefined)).toEqual({ result: false });
  });

  test('whose row is still there keeps the reason that it shows', () => {
    const parkedSoon = { ...served, reason: 'served-by-apex', parking };
    expect(written(withParkingReason('dns-none')(parkedSoon))).toMatchObject({
      reason: 'served-by-apex',
      parking: { reason: 'dns-none' },
    });
    expect(withParkingReason('dns-none')(undefined)).toEqual({ result: undefined });
  });

  test('says why by the newest finding', () => {
    expect(written(withParkingReason('dns-none')(parked))).toMatchObject({
      reason: 'dns-none',
      parking: { reason: 'dns-none', at: NOW },
    });
    expect(withParkingReason('dns-mismatch')(parked)).toEqual({ result: undefined });
    expect(withParkingReason('dns-none')(served)).toEqual({ result: undefined });
  });

  test('stays parked when it is announced again, and is forgotten as such when it is removed', () => {
    const at = { now: NOW + SECOND, baseMs: SECOND };
    expect(written(applyUpdate(parked, update(), at))).toMatchObject({
      state: 'parked',
      reason: 'dns-mismatch',
      parking,
    });
    const removed = written(applyUpdate(parked, update({ wanted: 'absent' }), at));
    expect(removed).toMatchObject({ state: 'removing', reason: null, parking: null });
    expect(
      written(
        applyUpdate(removed, update({ version: { timestamp: '2026-11-21T05:01:00.000Z', id: 'msg_3' } }), at),
      ),
    ).toMatchObject({ state: 'pending', parking: null });
  });

  test('is not missing in RunCloud', () => {
    expect(reopenMissing({ app: APP, begunAt: NOW + DAY, now: NOW + DAY, dueAt: NOW + DAY })(parked)).toEqual(
      {
        result: false,
      },
    );
  });

  test('is listed among those that wait for DNS, and not as open or failed', () => {
    const waiting = certificateItem({ state: 'waiting-dns', reason: 'dns-mismatch', dueAt: NOW });
    const summary = toSummary(parked, waiting);
    expect(summary.hosting).toMatchObject({ state: 'parked', reason: 'dns-mismatch', nextTryAt: null });
    expect(matchesState(summary, 'waiting-dns')).toBe(true);
    expect(matchesState(summary, 'open') || matchesState(summary, 'failed')).toBe(false);
  });
});
