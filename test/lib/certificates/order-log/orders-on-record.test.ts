import { describe, expect, test } from '@jest/globals';
import { requestsOnRecord } from '../../../../lib/certificates/order-log/orders-on-record.ts';
import type { CertificateItem, CertificateOrder } from '../../../../lib/sync/ledger/certificate-item.ts';
import { certificateKey } from '../../../../lib/sync/ledger/keys.ts';
import { memoryLedger } from '../../../doubles/ledger.ts';
import { manualClock } from '../../../doubles/manual-clock.ts';
import { certificateItem, DAY, NETWORK, NOW, order } from '../../../support/items.ts';

const history = [{ at: '2026-11-20T05:00:00.000Z', what: 'certificate-wanted', detail: 'domain present' }];

async function recordOf(
  requests: readonly Partial<CertificateItem>[],
  together: readonly CertificateOrder[] = [],
) {
  const ledger = memoryLedger();
  for (const part of requests) {
    const item = certificateItem({ history, ...part });
    ledger.put(certificateKey(NETWORK, item.domain), item);
  }
  return requestsOnRecord(NETWORK, together, { ledger, clock: manualClock(NOW) });
}

describe('the requests that orders of the last week may count against', () => {
  const requests = [
    { domain: 'never.example' },
    { domain: 'lately.example', orders: [order(NOW - 8 * DAY), order(NOW - DAY)] },
    { domain: 'long-ago.example', orders: [order(NOW - 8 * DAY)] },
    { domain: 'closed.example', wanted: false, state: 'none' as const, orders: [order(NOW - DAY)] },
  ];

  test('are those that were ordered for, whether or not anybody still requests for them', async () => {
    const record = await recordOf(requests);
    expect([...record.keys()].toSorted()).toEqual(['closed.example', 'lately.example']);
    expect(record.get('lately.example')).toEqual({
      domain: 'lately.example',
      orders: [order(NOW - DAY)],
      history: [],
    });
  });

  test('are all of them, with their history, once the whole application was ordered for', async () => {
    const record = await recordOf(requests, [order(NOW - DAY)]);
    expect(record.size).toBe(4);
    expect(record.get('never.example')).toEqual({ domain: 'never.example', orders: [], history });
  });

  test('are found however many there are', async () => {
    const many = Array.from({ length: 600 }, (_, n) => ({
      domain: `shop-${n}.example`,
      orders: [order(NOW - DAY)],
    }));
    expect((await recordOf(many)).size).toBe(600);
  });
});
