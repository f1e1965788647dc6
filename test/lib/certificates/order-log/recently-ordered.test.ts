import { describe, expect, test } from '@jest/globals';
import { countOrder } from '../../../../lib/certificates/order-log/counts.ts';
import { setOf } from '../../../../lib/certificates/order-log/limits.ts';
import { wasOrdered } from '../../../../lib/certificates/order-log/recently-ordered.ts';
import type {
  CertificateItem,
  CertificateOrder,
} from '../../../../lib/sync/ledger/items/certificate-item.ts';
import type { CertificateWork } from '../../../../lib/sync/ledger/items/certificate-work-item.ts';
import { memoryLedger } from '../../../doubles/ledger.ts';
import { manualClock } from '../../../doubles/manual-clock.ts';
import { timing } from '../../../support/certificates/certificate-world.ts';
import { certificateItem, DAY, DOMAIN, HOUR, NETWORK, NOW, order } from '../../../support/sync/items.ts';

const APP_NAMES = [DOMAIN, 'other.example'];
const SET = setOf(APP_NAMES);

/** `counted`: names of an order for the whole application, by its time. */
async function asked(
  item: Partial<CertificateItem>,
  work?: Partial<CertificateWork>,
  counted: ReadonlyMap<number, readonly string[]> = new Map(),
): Promise<boolean> {
  const ledger = memoryLedger();
  for (const [at, names] of counted) await countOrder({ network: NETWORK, at, set: SET, names }, ledger);
  const known = { orders: [], ordered: [], ...work };
  return wasOrdered(certificateItem(item), known, { ledger, clock: manualClock(NOW), delays: timing });
}

describe('a certificate was ordered for a name', () => {
  test.each<[title: string, orders: CertificateOrder[], expected: boolean]>([
    ['when an order of its own was taken', [order(NOW - DAY)], true],
    [
      'when one was taken before another that failed',
      [order(NOW - DAY), order(NOW - HOUR, { failed: true })],
      true,
    ],
    ['not when all of them failed', [order(NOW - DAY, { failed: true })], false],
    ['not when it was more than a week ago', [order(NOW - 7 * DAY)], false],
    ['not when there was none', [], false],
  ])('%s', async (_title, orders, expected) => {
    await expect(asked({ orders })).resolves.toBe(expected);
  });
});

describe('a certificate for the whole application was ordered for a name', () => {
  const yesterday = NOW - DAY;
  const made = (at: number, failed = false) => order(at, { set: SET, failed });
  const ofAll = (...times: readonly number[]) => new Map(times.map((at) => [at, APP_NAMES]));

  test('when the name was among its names', async () => {
    await expect(asked({}, { orders: [made(yesterday)] }, ofAll(yesterday))).resolves.toBe(true);
  });

  test.each<[title: string, orders: CertificateOrder[], counted: ReadonlyMap<number, readonly string[]>]>([
    ['the name was not among its names', [made(yesterday)], new Map([[yesterday, ['other.example']]])],
    ['the order failed', [made(yesterday, true)], ofAll(yesterday)],
    ['it was more than a week ago', [made(NOW - 8 * DAY)], ofAll(NOW - 8 * DAY)],
    [
      'only an earlier one had it',
      [made(NOW - 2 * DAY), made(yesterday)],
      new Map([
        [NOW - 2 * DAY, APP_NAMES],
        [yesterday, ['other.example']],
      ]),
    ],
  ])('not when %s', async (_title, orders, counted) => {
    await expect(asked({}, { orders }, counted)).resolves.toBe(false);
  });

  test('by the last that was taken, whatever failed after it', async () => {
    const orders = [made(yesterday), made(NOW - HOUR, true)];
    await expect(asked({}, { orders }, ofAll(yesterday, NOW - HOUR))).resolves.toBe(true);
  });

  test('but one whose certificate may still appear is waited for by the ordering step', async () => {
    const running = (at: number) =>
      asked({}, { orders: [made(at)], ordered: [DOMAIN], suspects: [] }, ofAll(at));
    await expect(running(NOW - timing.unconfirmedMs + 1)).resolves.toBe(false);
    await expect(running(NOW - timing.unconfirmedMs)).resolves.toBe(true);
  });
});
