import { type AttributeValue, GetItemCommand, PutItemCommand } from '@aws-sdk/client-dynamodb';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { restoredTable } from '../../../cli/actions/backup/restored-table.ts';
import { keyAttributes } from '../../../lib/aws/item-attributes.ts';
import * as keys from '../../../lib/sync/ledger/keys.ts';
import { type Dynalite, startDynalite } from '../../support/aws/dynalite.ts';
import { proxiedAws } from '../../support/aws/proxied-aws.ts';

let dynamo: Dynalite;

beforeAll(async () => {
  dynamo = await startDynalite();
});
afterAll(() => dynamo.close());

function orders(time: number): Record<string, AttributeValue> {
  return {
    network: { S: 'acme' },
    item: { S: 'orders' },
    times: { L: [{ N: String(time) }] },
    writes: { N: '1' },
  };
}

/** The orders of a whole application, as a worker has left them that was under way at the time of the backup. */
const underWay: Record<string, AttributeValue> = {
  network: { S: 'acme' },
  item: { S: 'certificates' },
  orders: { L: [{ M: { at: { N: '1' }, set: { S: 'set' }, failed: { BOOL: false } } }] },
  ordered: { L: [{ S: 'shop.acme-bikes.com' }] },
  owner: { S: 'worker-1' },
  leaseUntil: { N: '2' },
  messageAt: { N: '3' },
  writes: { N: '7' },
};

/** An empty ledger behind a proxy, and a restored table that is copied into it. */
async function tables() {
  const ledger = await dynamo.table();
  const { aws, proxy } = await proxiedAws(dynamo.endpoint, { ledger });
  const from = await dynamo.table();
  const restored = restoredTable(from, aws);
  return {
    proxy,
    restored,
    backedUp: (Item: Record<string, AttributeValue>) =>
      dynamo.client.send(new PutItemCommand({ TableName: from, Item })),
    put: (Item: Record<string, AttributeValue>) =>
      dynamo.client.send(new PutItemCommand({ TableName: ledger, Item })),
    async stored(item = 'orders') {
      const Key = { network: { S: 'acme' }, item: { S: item } };
      return (await dynamo.client.send(new GetItemCommand({ TableName: ledger, Key }))).Item;
    },
    async close() {
      restored.close();
      await proxy.close();
    },
  };
}

test('counted orders are put where the ledger has none, and counts of the ledger stay', async () => {
  const { restored, put, stored, close } = await tables();
  expect(await restored.copy(orders(1))).toBe(true);
  expect(await restored.copy(orders(1))).toBe(false);
  await put(orders(2));
  expect(await restored.copy(orders(1))).toBe(false);
  expect(await stored()).toEqual(orders(2));
  await close();
});

test('counted orders whose answer was lost are its own when the SDK repeats the write', async () => {
  const { restored, proxy, stored, close } = await tables();
  proxy.next('lose-answer');
  expect(await restored.copy(orders(1))).toBe(true);
  expect(proxy.seen).toEqual(['lose-answer', undefined]);
  expect(await stored()).toEqual(orders(1));
  await close();
});

test('counts that a worker has written while the answer was lost are the ledger’s own', async () => {
  const { restored, proxy, put, stored, close } = await tables();
  proxy.next('lose-answer', async () => {
    await put(orders(3));
  });
  expect(await restored.copy(orders(1))).toBe(false);
  expect(await stored()).toEqual(orders(3));
  await close();
});

test('the orders of a whole application are put where the ledger has none, free of the worker that held them', async () => {
  const { restored, backedUp, put, stored, close } = await tables();
  await backedUp(underWay);
  const [found] = await restored.items('acme');
  expect(found).toEqual(underWay);
  const { owner, leaseUntil, messageAt, ...atRest } = underWay;
  expect(await restored.copy(underWay)).toBe(true);
  expect(await stored('certificates')).toEqual(atRest);
  await put({ ...atRest, ordered: { L: [] } });
  expect(await restored.copy(underWay)).toBe(false);
  expect(await stored('certificates')).toMatchObject({ ordered: { L: [] } });
  await close();
});

/** A key of each kind, and whether an item of it is copied. */
const kinds = {
  domain: [keys.domainKey('acme', 'shop.acme-bikes.com'), true],
  certificate: [keys.certificateKey('acme', 'shop.acme-bikes.com'), true],
  certificateWork: [keys.certificateWorkKey('acme'), true],
  domainOrders: [keys.domainOrdersKey('acme', 'acme-bikes.com'), true],
  appOrders: [keys.appOrdersKey('acme'), true],
  network: [keys.networkKey('acme'), false],
  comparison: [keys.comparisonKey('acme'), false],
  listing: [keys.listingKey('acme', 0), false],
  outcome: [keys.outcomeKey('acme', 'msg_1'), false],
  notices: [keys.noticesKey('acme'), false],
  claim: [keys.claimKey('1', '7'), false],
  rateLimit: [keys.rateLimitKey('f'), false],
  sweep: [keys.sweepKey, false],
  identity: [keys.identityKey, false],
} as const satisfies { readonly [K in keys.Kind]: readonly [keys.Key<K>, boolean] };

test('what the multisite said is copied, and orders: nothing of another kind', async () => {
  const { restored, backedUp, close } = await tables();
  const all = Object.values(kinds);
  for (const [key] of all) await backedUp(keyAttributes(key));
  const found = (await restored.items('acme')).map(({ item }) => item?.S ?? '');
  const copied = all.filter(([, isCopied]) => isCopied).map(([{ item }]) => item);
  expect(found.toSorted()).toEqual(copied.toSorted());
  await close();
});
