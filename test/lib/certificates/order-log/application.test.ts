import { describe, expect, test } from '@jest/globals';
import {
  releaseAppLease,
  takeAppLease,
  withoutKept,
} from '../../../../lib/certificates/order-log/app-lease.ts';
import {
  amendAppOrder,
  amended,
  atApp,
  issuedAt,
  lastOrderError,
  recordAppOrder,
  runningOrder,
  workOf,
} from '../../../../lib/certificates/order-log/application.ts';
import {
  type CertificateWorkItem,
  freshCertificateWork,
} from '../../../../lib/sync/ledger/items/certificate-work-item.ts';
import { APP, DAY, MINUTE, NOW, networkItem, OTHER_APP, written } from '../../../support/sync/items.ts';

function order(at: number, failed = false) {
  return {
    at,
    set: 'a',
    how: 'install' as const,
    failed,
    refused: false,
    error: null,
    includedUnready: [],
  };
}
function work(part: Partial<CertificateWorkItem> = {}): CertificateWorkItem {
  return { ...freshCertificateWork, ...part };
}
const at = { owner: 'me', now: NOW, leaseMs: 5 * MINUTE };

describe('the lease', () => {
  test.each([
    ['no worker has looked yet', undefined],
    ['it is free', work()],
    ['its owner never came back', work({ owner: 'you', leaseUntil: NOW })],
    ['the write is repeated after a lost answer', work({ owner: 'me', leaseUntil: NOW + 1 })],
  ])('is taken where %s', (_title, stored) => {
    const updateItem = takeAppLease(undefined, at)(stored);
    expect(written(updateItem)).toMatchObject({ owner: 'me', leaseUntil: NOW + 5 * MINUTE });
    expect(updateItem.result).toEqual({ kind: 'taken' });
  });

  test('is not taken while another worker holds it', () => {
    expect(takeAppLease(undefined, at)(work({ owner: 'you', leaseUntil: NOW + 1 }))).toEqual({
      result: { kind: 'held', until: NOW + 1 },
    });
  });

  test('is given back by its owner only', () => {
    const item = work({ owner: 'me', leaseUntil: NOW, orders: [order(1)], ordered: ['a.example'] });
    const end = { now: NOW, nextAt: null, sharedMs: 0 };
    expect(written(releaseAppLease('me', end)(item))).toEqual({ ...item, owner: null, leaseUntil: null });
    expect(releaseAppLease('you', end)(item)).toEqual({ result: null });
    expect(releaseAppLease('me', end)(undefined)).toEqual({ result: null });
  });
});

describe('the message of the next pass', () => {
  const SECOND = MINUTE / 60;
  const sharedMs = 15 * SECOND;
  const ends = (messageAt: number | null, nextAt: number) =>
    releaseAppLease('me', { now: NOW, nextAt, sharedMs })(work({ owner: 'me', messageAt }));

  test.each<[title: string, messageAt: number | null, nextAt: number, comesAt: number]>([
    ['where no other was ever sent', null, NOW + MINUTE, NOW + MINUTE],
    ['where the last one has come', NOW - MINUTE, NOW + SECOND, NOW + SECOND],
    ['a little later where one has just come', NOW - SECOND, NOW + SECOND, NOW + 14 * SECOND],
    ['a little later where one comes right before', NOW + 59 * SECOND, NOW + MINUTE, NOW + 74 * SECOND],
    ['no later than a queue can hold it', NOW + 899 * SECOND, NOW + 900 * SECOND, NOW + 900 * SECOND],
    ['where one comes long before', NOW + SECOND, NOW + MINUTE, NOW + MINUTE],
    ['where one comes much later', NOW + 76 * SECOND, NOW + MINUTE, NOW + MINUTE],
    ['where one comes later, and this one is due shortly', NOW + 20 * SECOND, NOW + SECOND, NOW + SECOND],
  ])('is sent %s', (_title, messageAt, nextAt, comesAt) => {
    const ended = ends(messageAt, nextAt);
    expect(ended.result).toBe(comesAt);
    expect(written(ended)).toMatchObject({ owner: null, messageAt: comesAt });
  });

  test.each([0, 15 * SECOND])('is that which comes %i ms later', (laterMs) => {
    const ended = ends(NOW + MINUTE + laterMs, NOW + MINUTE);
    expect(ended.result).toBeNull();
    expect(written(ended)).toMatchObject({ owner: null, messageAt: NOW + MINUTE + laterMs });
  });

  test('is sent also where another worker has taken the lease', () => {
    const other = work({ owner: 'you' });
    const nextAt = NOW + MINUTE;
    expect(releaseAppLease('me', { now: NOW, nextAt, sharedMs })(other)).toEqual({ result: nextAt });
  });
});

describe('what 0.1.0 has kept in the network’s item', () => {
  const kept = {
    owner: null,
    leaseUntil: null,
    orders: [order(NOW - DAY), order(NOW - MINUTE)],
    ordered: ['a.example'],
    suspects: ['b.example'],
  };
  const claim = { ...APP, renewedAt: NOW, readAt: NOW };
  const network = networkItem({ certificates: kept, claim });

  test('is taken over with the lease: its orders count, and the last one is waited for', () => {
    expect(written(takeAppLease(network, at)(undefined))).toMatchObject({
      orders: kept.orders,
      ordered: ['a.example'],
      suspects: ['b.example'],
      app: APP,
    });
    expect(written(withoutKept(kept, NOW)(network)).certificates).toBeNull();
  });

  test('after a way back and forth is added to what is known: the newer order is the last one', () => {
    const known = work({
      app: APP,
      orders: [order(NOW - DAY, true), order(NOW - 5)],
      ordered: ['c.example'],
    });
    expect(written(takeAppLease(network, at)(known))).toMatchObject({
      orders: [order(NOW - DAY, true), order(NOW - MINUTE), order(NOW - 5)],
      ordered: ['c.example'],
      suspects: [],
    });
  });

  test('refuses others while a worker of that version holds its lease', () => {
    const held = networkItem({ certificates: { ...kept, owner: 'old', leaseUntil: NOW + 1 } });
    expect(takeAppLease(held, at)(work())).toEqual({ result: { kind: 'held', until: NOW + 1 } });
    expect(withoutKept(kept, NOW)(held)).toEqual({ result: undefined });
  });

  test('stays where a worker of that version has ordered since', () => {
    const orders = [...kept.orders, order(NOW)];
    const since = networkItem({ certificates: { ...kept, orders } });
    expect(withoutKept(kept, NOW)(since)).toEqual({ result: undefined });
  });
});

describe('an order', () => {
  test('is put on record by the owner, and those of a week ago are dropped', () => {
    const item = work({ owner: 'me', orders: [order(NOW - 8 * DAY), order(NOW - DAY)] });
    const updateItem = recordAppOrder('me', order(NOW), ['a.example'])(item);
    expect(updateItem.result).toBe(true);
    expect(written(updateItem)).toMatchObject({
      orders: [order(NOW - DAY), order(NOW)],
      ordered: ['a.example'],
      suspects: [],
    });
  });

  test.each([
    ['another’s lease', work({ owner: 'you' })],
    ['no lease', undefined],
  ])('is not put on record under %s', (_title, item) => {
    expect(recordAppOrder('me', order(NOW), [])(item)).toEqual({ result: false });
  });

  test('of another application is waited for no more, and counts', () => {
    const item = work({ app: APP, orders: [order(NOW)], ordered: ['a.example'] });
    expect(atApp(OTHER_APP)(item)).toEqual({ ...item, app: OTHER_APP, ordered: [] });
    expect(atApp(APP)(item)).toBe(item);
    expect(atApp(APP)({ ...item, app: null })).toEqual(item);
  });

  test('is amended as failed, or as never taken', () => {
    expect(amended([order(1), order(2)], 2, 'failed')).toEqual([order(1), order(2, true)]);
    expect(amended([order(1), order(2)], 2, 'undone')).toEqual([order(1)]);
  });

  test('keeps why the last one has failed', () => {
    const error = { code: 'runcloud-refused', message: 'No' } as const;
    const later = { code: 'runcloud-forbidden', message: 'Not yours' } as const;
    const once = amended([order(1), order(2)], 1, 'refused', error);
    expect(once).toMatchObject([
      { refused: true, error },
      { refused: false, error: null },
    ]);
    expect(lastOrderError(once)).toBeUndefined();
    const twice = amended(once, 2, 'failed', later);
    expect(twice).toMatchObject([{ error: null }, { refused: false, error: later }]);
    expect(lastOrderError(twice)).toEqual(later);
    expect(amended(twice, 2, 'failed')).toEqual(twice);
  });

  test('that ends is told with its set and its names, while it is the last one', () => {
    const item = work({ orders: [order(1), order(2)], ordered: ['a.example'] });
    expect(amendAppOrder(2, 'failed')(item).result).toEqual({ set: 'a', names: ['a.example'] });
  });

  test('runs until it is seen, amended, or too old', () => {
    const running = work({ orders: [order(NOW)], ordered: ['a.example'] });
    const isRunning = (item: CertificateWorkItem | undefined, now = NOW) =>
      runningOrder(workOf(item), now, 30 * MINUTE) !== undefined;
    expect(isRunning(running)).toBe(true);
    expect(isRunning(running, NOW + 30 * MINUTE)).toBe(false);
    expect(isRunning(issuedAt(NOW)(running))).toBe(false);
    expect(isRunning(written(amendAppOrder(NOW, 'failed')(running)))).toBe(false);
    expect(isRunning(written(amendAppOrder(NOW, 'undone')(running)))).toBe(false);
    expect(isRunning(undefined)).toBe(false);
  });

  test('that is not the last one, or is unknown, ends nothing', () => {
    const item = work({ orders: [order(1), order(2)], ordered: ['a.example'] });
    expect(issuedAt(1)(item)).toBe(item);
    expect(written(amendAppOrder(1, 'failed')(item))).toMatchObject({
      orders: [order(1, true), order(2)],
      ordered: ['a.example'],
      suspects: [],
    });
    expect(amendAppOrder(1, 'failed')(item).result).toEqual({ set: 'a', names: [] });
    expect(amendAppOrder(3, 'failed')(item)).toEqual({ result: undefined });
    expect(amendAppOrder(3, 'failed')(undefined)).toEqual({ result: undefined });
    expect(issuedAt(2)(freshCertificateWork)).toBe(freshCertificateWork);
  });
});
