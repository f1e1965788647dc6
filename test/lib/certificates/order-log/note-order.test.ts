import { describe, expect, test } from '@jest/globals';
import { OrderUnconfirmed } from '../../../../lib/certificates/errors.ts';
import { AppOrders } from '../../../../lib/certificates/order-log/app-orders.ts';
import { noteOrder } from '../../../../lib/certificates/order-log/note-order.ts';
import type { CertificateResult } from '../../../../lib/certificates/outcome/result.ts';
import type { CertificateOrder } from '../../../../lib/sync/ledger/items/certificate-item.ts';
import {
  type CertificateWorkItem,
  freshCertificateWork,
} from '../../../../lib/sync/ledger/items/certificate-work-item.ts';
import { certificateWorkKey, domainKey, domainOrdersKey } from '../../../../lib/sync/ledger/keys.ts';
import { follow } from '../../../../lib/sync/ledger/updates/followed.ts';
import { memoryLedger } from '../../../doubles/ledger.ts';
import { certificateItem, DAY, MINUTE, NETWORK, NOW, settledItem } from '../../../support/sync/items.ts';

const SHOP = 'shop.example.com';
const OTHER = 'other.example.org';
const LAST = NOW - 30 * MINUTE;

function order(at: number, set: string): CertificateOrder {
  const fresh = { how: 'install' as const, failed: false, refused: false, error: null, includedUnready: [] };
  return { at, set, ...fresh };
}

const failing: CertificateResult = { kind: 'failing', error: new OrderUnconfirmed('nothing answers') };

/** An application whose last order was for two names, each under a registered domain that counts it. */
async function noteWorld(part: Partial<CertificateWorkItem> = {}, own: readonly CertificateOrder[] = []) {
  const ledger = memoryLedger();
  const orders = [order(NOW - DAY, 'before'), order(LAST, 'last')];
  const work = { ...freshCertificateWork, owner: 'me', orders, ordered: [SHOP, OTHER], ...part };
  ledger.put(certificateWorkKey(NETWORK), work);
  for (const [n, name] of [SHOP, OTHER].entries()) {
    const registered = name.slice(name.indexOf('.') + 1);
    const counted = [
      { at: NOW - DAY, set: 'before', names: [], failed: false },
      { at: LAST, set: 'last', names: [], failed: false },
      { at: LAST, set: 'own', names: [], failed: false },
    ];
    ledger.put(domainOrdersKey(NETWORK, registered), { orders: counted, expiresAt: 9_999_999_999 });
    const since = new Date(NOW - n * DAY).toISOString();
    ledger.put(domainKey(NETWORK, name), settledItem({ domain: name, since }));
  }
  const followed = follow(
    ledger,
    certificateWorkKey(NETWORK),
    await ledger.read(certificateWorkKey(NETWORK)),
  );
  const appOrders = new AppOrders(followed, 'me');
  const note = (result: CertificateResult, failedOrderAt: number | null, orderedAt: number | null = LAST) =>
    noteOrder(
      certificateItem({ domain: SHOP, orders: own, orderedAt }),
      { kind: 'ended', result, failedOrderAt, shown: null, wwwAskedAt: null, pointsHere: true },
      { ledger, orders: appOrders },
    );
  const counted = async (registered: string) =>
    (await ledger.read(domainOrdersKey(NETWORK, registered)))?.item.orders
      .filter(({ failed }) => failed)
      .map(({ at, set }) => `${at} ${set}`);
  const stored = async () => (await ledger.read(certificateWorkKey(NETWORK)))?.item;
  return { note, counted, stored, appOrders };
}

describe('a failed order of the whole application', () => {
  test('that is the last one counts for all its names, and names the newest of them first', async () => {
    const world = await noteWorld();
    const result = await world.note(failing, LAST);
    expect(await world.counted('example.com')).toEqual([`${LAST} last`]);
    expect(await world.counted('example.org')).toEqual([`${LAST} last`]);
    expect(await world.stored()).toMatchObject({
      orders: [{ failed: false }, { failed: true, refused: false, error: { code: 'runcloud-unavailable' } }],
      ordered: [],
      suspects: [SHOP, OTHER],
    });
    expect(result).toHaveProperty('fix', expect.stringMatching(`first ${SHOP}, then ${OTHER}`));
  });

  test('that an earlier check has ended is told with the names that this one kept', async () => {
    const world = await noteWorld({ ordered: [], suspects: [OTHER] });
    const result = await world.note(failing, LAST);
    expect(result).toHaveProperty('fix', expect.stringContaining(`first ${OTHER}`));
    expect(await world.stored()).toMatchObject({ suspects: [OTHER] });
  });

  test('that is not the last one counts for this name alone, and leaves the last one waited for', async () => {
    const world = await noteWorld({ suspects: [OTHER] });
    await world.note(failing, NOW - DAY);
    expect(await world.counted('example.com')).toEqual([`${NOW - DAY} before`]);
    expect(await world.counted('example.org')).toEqual([]);
    expect(await world.stored()).toMatchObject({ ordered: [SHOP, OTHER], suspects: [OTHER] });
  });
});

describe('a failed order of one domain', () => {
  test('counts for its name, and names no other', async () => {
    const world = await noteWorld({ orders: [], ordered: [], suspects: [OTHER] }, [order(LAST, 'own')]);
    const result = await world.note(failing, LAST);
    expect(await world.counted('example.com')).toEqual([`${LAST} own`]);
    expect(await world.counted('example.org')).toEqual([]);
    expect(result).toHaveProperty('fix', expect.stringContaining(SHOP));
    expect(result).toHaveProperty('fix', expect.not.stringContaining(OTHER));
  });

  test('that is on no record any more counts for nothing', async () => {
    const world = await noteWorld({ orders: [], ordered: [] }, [order(NOW - DAY, 'before')]);
    await world.note(failing, LAST);
    expect(await world.counted('example.com')).toEqual([]);
  });
});

describe('an order whose certificate is served', () => {
  const shown = { notBefore: NOW - DAY, notAfter: NOW + 89 * DAY, via: null };
  const valid: CertificateResult = { kind: 'valid', shown };

  test('is waited for no more', async () => {
    const world = await noteWorld();
    expect(await world.note(valid, null)).toBe(valid);
    expect(world.appOrders.work.ordered).toEqual([]);
    expect(await world.counted('example.com')).toEqual([]);
  });

  test.each([
    ['of a request that waited for none', valid, null],
    ['of a request that waits on', { kind: 'requested', orderedAt: LAST } as const, LAST],
  ])('is waited for where the check is %s', async (_title, result, orderedAt) => {
    const world = await noteWorld();
    expect(await world.note(result, null, orderedAt)).toBe(result);
    expect(world.appOrders.work.ordered).toEqual([SHOP, OTHER]);
  });
});
