import { type AttributeValue, GetItemCommand, PutItemCommand } from '@aws-sdk/client-dynamodb';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { restoredTable } from '../../../cli/actions/backup/restored-table.ts';
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

/** An empty ledger behind a proxy, and a restored table that is copied into it. */
async function tables() {
  const ledger = await dynamo.table();
  const { aws, proxy } = await proxiedAws(dynamo.endpoint, { ledger });
  const restored = restoredTable(await dynamo.table(), aws);
  return {
    proxy,
    restored,
    put: (Item: Record<string, AttributeValue>) =>
      dynamo.client.send(new PutItemCommand({ TableName: ledger, Item })),
    async stored() {
      const Key = { network: { S: 'acme' }, item: { S: 'orders' } };
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
