import { describe, expect, test } from '@jest/globals';
import { wasOrdered } from '../../../../lib/certificates/order-log/recently-ordered.ts';
import type { CertificateItem, CertificateOrder } from '../../../../lib/sync/ledger/certificate-item.ts';
import { networkKey } from '../../../../lib/sync/ledger/keys.ts';
import type { CertificateWork } from '../../../../lib/sync/ledger/network-item.ts';
import { toInstant } from '../../../../lib/sync/ledger/time.ts';
import { memoryLedger } from '../../../doubles/ledger.ts';
import { manualClock } from '../../../doubles/manual-clock.ts';
import { timing } from '../../../support/certificate-world.ts';
import {
  certificateItem,
  DAY,
  DOMAIN,
  HOUR,
  MINUTE,
  NETWORK,
  NOW,
  networkItem,
  order,
} from '../../../support/items.ts';

function since(at: number, what = 'pending') {
  return [{ at: toInstant(at), what, detail: '' }];
}

function asked(item: Partial<CertificateItem>, work?: Partial<CertificateWork>): Promise<boolean> {
  const ledger = memoryLedger();
  if (work !== undefined) {
    const certificates = { owner: null, leaseUntil: null, orders: [], ordered: [], ...work };
    ledger.put(networkKey(NETWORK), networkItem({ certificates }));
  }
  return wasOrdered(certificateItem(item), { ledger, clock: manualClock(NOW), delays: timing });
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
  const wanted = { history: since(NOW - 2 * DAY) };

  test('when the name was wanted for at that time', async () => {
    await expect(asked(wanted, { orders: [order(NOW - DAY)] })).resolves.toBe(true);
  });

  test('when what it was at that time is no longer known', async () => {
    const history = Array.from({ length: 20 }, (_, n) => since(NOW - n * MINUTE)).flat();
    await expect(asked({ history }, { orders: [order(NOW - DAY)] })).resolves.toBe(true);
  });

  test.each<[title: string, item: Partial<CertificateItem>, orders: CertificateOrder[]]>([
    ['it was wanted for only later', { history: since(NOW - HOUR) }, [order(NOW - DAY)]],
    ['its request was closed at that time', { history: since(NOW - 2 * DAY, 'none') }, [order(NOW - DAY)]],
    ['the order failed', wanted, [order(NOW - DAY, { failed: true })]],
    ['it was more than a week ago', { history: since(NOW - 9 * DAY) }, [order(NOW - 8 * DAY)]],
    [
      'only an earlier one found it so',
      { history: [...since(NOW - 3 * DAY), ...since(NOW - 36 * HOUR, 'none')] },
      [order(NOW - 2 * DAY), order(NOW - DAY)],
    ],
  ])('not when %s', async (_title, item, orders) => {
    await expect(asked(item, { orders })).resolves.toBe(false);
  });

  test('by the last that was taken, whatever failed after it', async () => {
    const orders = [order(NOW - DAY), order(NOW - HOUR, { failed: true })];
    await expect(asked(wanted, { orders })).resolves.toBe(true);
  });

  test('but one whose fruit may still be seen is waited for by those who order', async () => {
    const running = (at: number) => asked(wanted, { orders: [order(at)], ordered: [DOMAIN] });
    await expect(running(NOW - timing.unconfirmedMs + 1)).resolves.toBe(false);
    await expect(running(NOW - timing.unconfirmedMs)).resolves.toBe(true);
  });
});
