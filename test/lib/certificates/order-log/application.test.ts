import { describe, expect, test } from '@jest/globals';
import {
  amendAppOrder,
  amended,
  issuedAppOrder,
  lastOrderError,
  recordAppOrder,
  releaseAppLease,
  runningOrder,
  takeAppLease,
  workOf,
} from '../../../../lib/certificates/order-log/application.ts';
import type { CertificateWork } from '../../../../lib/sync/ledger/items/network-item.ts';
import {
  APP,
  DAY,
  MINUTE,
  NETWORK,
  NOW,
  networkItem,
  OTHER_APP,
  written,
} from '../../../support/sync/items.ts';

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
function network(part: Partial<CertificateWork> = {}) {
  return networkItem({
    certificates: { owner: null, leaseUntil: null, orders: [], ordered: [], suspects: [], ...part },
  });
}
const mine = { owner: 'me', app: APP };
const at = { owner: 'me', now: NOW, leaseMs: 5 * MINUTE };

describe('the lease', () => {
  test.each([
    ['no worker has looked yet', undefined],
    ['it is free', network()],
    ['its owner never came back', network({ owner: 'you', leaseUntil: NOW })],
    ['the write is repeated after a lost answer', network({ owner: 'me', leaseUntil: NOW + 1 })],
  ])('is taken where %s', (_title, stored) => {
    const updateItem = takeAppLease(NETWORK, at)(stored);
    expect(written(updateItem).certificates).toMatchObject({ owner: 'me', leaseUntil: NOW + 5 * MINUTE });
    expect(updateItem.result).toEqual(updateItem.write);
  });

  test('is not taken while another worker holds it', () => {
    expect(takeAppLease(NETWORK, at)(network({ owner: 'you', leaseUntil: NOW + 1 }))).toEqual({
      result: undefined,
    });
  });

  test('is given back by its owner only', () => {
    const item = network({
      owner: 'me',
      leaseUntil: NOW,
      orders: [order(1)],
      ordered: ['a.example'],
      suspects: [],
    });
    expect(written(releaseAppLease('me')(item)).certificates).toEqual({
      owner: null,
      leaseUntil: null,
      orders: [order(1)],
      ordered: ['a.example'],
      suspects: [],
    });
    expect(releaseAppLease('you')(item)).toEqual({ result: undefined });
    expect(releaseAppLease('me')(undefined)).toEqual({ result: undefined });
  });
});

describe('an order', () => {
  test('is put on record by the owner, and those of a week ago are dropped', () => {
    const item = network({ owner: 'me', orders: [order(NOW - 8 * DAY), order(NOW - DAY)] });
    const updateItem = recordAppOrder(mine, order(NOW), ['a.example'])(item);
    expect(updateItem.result).toBe(true);
    expect(written(updateItem).certificates).toMatchObject({
      orders: [order(NOW - DAY), order(NOW)],
      ordered: ['a.example'],
      suspects: [],
    });
  });

  test.each([
    ['another’s lease', network({ owner: 'you' })],
    ['no network', undefined],
    [
      'a claim of another application',
      { ...network({ owner: 'me' }), claim: { ...OTHER_APP, renewedAt: NOW, readAt: NOW } },
    ],
  ])('is not put on record under %s', (_title, item) => {
    expect(recordAppOrder(mine, order(NOW), [])(item)).toEqual({ result: false });
  });

  test('is amended as failed, or as never taken', () => {
    expect(amended([order(1), order(2)], 2, 'failed')).toEqual([order(1), order(2, true)]);
    expect(amended([order(1), order(2)], 2, 'undone')).toEqual([order(1)]);
  });

  test('keeps why the last one has failed', () => {
    const error = { code: 'runcloud-refused', message: 'No' } as const;
    const later = { code: 'runcloud-forbidden', message: 'Not yours' } as const;
    const once = amended([order(1), order(2)], 1, 'refused', error);
    expect(once).toMatchObject([{ error }, { error: null }]);
    expect(lastOrderError(once)).toBeUndefined();
    const twice = amended(once, 2, 'failed', later);
    expect(twice).toMatchObject([{ error: null }, { error: later }]);
    expect(lastOrderError(twice)).toEqual(later);
    expect(amended(twice, 2, 'failed')).toEqual(twice);
  });

  test('runs until it is seen, amended, or too old', () => {
    const running = network({ orders: [order(NOW)], ordered: ['a.example'], suspects: [] });
    const isRunning = (item: typeof running | undefined, now = NOW) =>
      runningOrder(workOf(item), now, 30 * MINUTE) !== undefined;
    expect(isRunning(running)).toBe(true);
    expect(isRunning(running, NOW + 30 * MINUTE)).toBe(false);
    expect(isRunning(written(issuedAppOrder(NOW)(running)))).toBe(false);
    expect(isRunning(written(amendAppOrder(NOW, 'failed')(running)))).toBe(false);
    expect(isRunning(written(amendAppOrder(NOW, 'undone')(running)))).toBe(false);
    expect(isRunning(undefined)).toBe(false);
  });

  test('that is not the last one, or is unknown, ends nothing', () => {
    const item = network({ orders: [order(1), order(2)], ordered: ['a.example'], suspects: [] });
    expect(issuedAppOrder(1)(item)).toEqual({ result: undefined });
    expect(written(amendAppOrder(1, 'failed')(item)).certificates).toMatchObject({
      orders: [order(1, true), order(2)],
      ordered: ['a.example'],
      suspects: [],
    });
    expect(amendAppOrder(3, 'failed')(item)).toEqual({ result: undefined });
    expect(issuedAppOrder(2)(undefined)).toEqual({ result: undefined });
  });
});
