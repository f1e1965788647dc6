import { describe, expect, test } from '@jest/globals';
import type { Ready } from '../../../../lib/certificates/checks/check-certificate.ts';
import { setOf } from '../../../../lib/certificates/order-log/limits.ts';
import { splitWww } from '../../../../lib/certificates/orders/split-www.ts';
import type { CertificateOrder } from '../../../../lib/sync/ledger/items/certificate-item.ts';
import type { DomainItem } from '../../../../lib/sync/ledger/items/domain-item.ts';
import { domainKey } from '../../../../lib/sync/ledger/keys.ts';
import { toInstant } from '../../../../lib/sync/ledger/time.ts';
import { certificateWorld, timing } from '../../../support/certificates/certificate-world.ts';
import {
  certificateItem,
  DAY,
  DOMAIN,
  HOUR,
  MINUTE,
  NETWORK,
  NOW,
  order,
  settledItem,
} from '../../../support/sync/items.ts';
import { ready } from './ready.ts';

const both = [DOMAIN, `www.${DOMAIN}`];
const set = setOf(both);

function failedAt(at: number, part: Partial<CertificateOrder> = {}): CertificateOrder {
  return order(at, { set, failed: true, ...part });
}
const twice = [failedAt(NOW - HOUR), failedAt(NOW - MINUTE)];

async function split(
  orders: readonly CertificateOrder[],
  part: Partial<Ready> = {},
  domain: Partial<DomainItem> = {},
  protectedDomains: readonly string[] = [],
) {
  const { services, ledger } = certificateWorld();
  ledger.put(domainKey(NETWORK, DOMAIN), settledItem({ wwwServed: true, www: true, ...domain }));
  const result = await splitWww(ready({ names: both, ...part }), orders, { protectedDomains }, services);
  return { result, item: ledger.peek(domainKey(NETWORK, DOMAIN)) };
}

const soon = { kind: 'waiting', until: NOW + timing.openHostingMs, reason: null, fix: null };

describe('the order for a domain and its www.', () => {
  test('that has failed twice waits until the domain is served alone', async () => {
    const { result, item } = await split(twice);
    expect(result).toEqual(soon);
    expect(item).toMatchObject({ wwwWithheld: { at: NOW, over: false }, dueAt: NOW });
  });

  test.each<[string, readonly CertificateOrder[]]>([
    ['has failed once', twice.slice(1)],
    ['has failed once, beside one that was taken', [failedAt(NOW - HOUR), order(NOW - MINUTE, { set })]],
    [
      'has failed once, beside one for other names',
      [failedAt(NOW - HOUR), failedAt(NOW, { set: setOf([DOMAIN]) })],
    ],
  ])('that %s is made as it is', async (_what, orders) => {
    const { result, item } = await split(orders);
    expect([result, item?.wwwWithheld]).toEqual([undefined, null]);
  });

  test('is made as it is while a certificate that is served covers both', async () => {
    const shown = { notBefore: NOW - DAY, notAfter: NOW + DAY, via: null };
    expect((await split(twice, { shown })).result).toBeUndefined();
  });

  test.each([
    ['the domain', DOMAIN],
    ['its www.', `www.${DOMAIN}`],
  ])('is made as it is where %s is protected: RunCloud keeps serving both', async (_what, own) => {
    const { result, item } = await split(twice, {}, {}, [own]);
    expect([result, item?.wwwWithheld, item?.dueAt]).toEqual([undefined, null, null]);
    const before = { wwwWithheld: { at: NOW, over: false } };
    expect((await split(twice, {}, before, [own])).result).toBeUndefined();
    expect((await split(twice, {}, {}, [`shop.${DOMAIN}`])).result).toEqual(soon);
  });

  test('for the domain alone has nothing to split', async () => {
    const alone = twice.map((one) => ({ ...one, set: setOf([DOMAIN]) }));
    expect((await split(alone, { names: [DOMAIN] })).result).toBeUndefined();
  });

  test('is a new try after a retry of its owner, and failures of that very moment are of the try before', async () => {
    const retried = (at: number) =>
      ready({ item: certificateItem({ version: { timestamp: toInstant(at), id: 'msg_9' } }) }).item;
    expect((await split(twice, { item: retried(NOW - 2 * HOUR) })).result).toEqual(soon);
    expect((await split(twice, { item: retried(NOW - HOUR) })).result).toBeUndefined();
    expect((await split(twice, { item: retried(NOW) })).result).toBeUndefined();
  });

  test('waits no longer than for any open hosting work', async () => {
    const withheld = (ageMs: number) => ({ wwwWithheld: { at: NOW - ageMs, over: false } });
    const lastMs = timing.openHostingMs - 1;
    expect((await split(twice, {}, withheld(timing.oldestMs - timing.openHostingMs))).result).toEqual(soon);
    expect((await split(twice, {}, withheld(timing.oldestMs - lastMs))).result).toEqual({
      ...soon,
      until: NOW + lastMs,
    });
    expect((await split(twice, {}, withheld(timing.oldestMs))).result).toBeUndefined();
  });

  test('is made as it is once the www. was given back this week: the domain alone has failed too', async () => {
    expect(
      (await split(twice, {}, { wwwWithheld: { at: NOW - MINUTE, over: true } })).result,
    ).toBeUndefined();
  });
});
