import { createHash } from 'node:crypto';
import { GetItemCommand, PutItemCommand, UpdateItemCommand } from '@aws-sdk/client-dynamodb';
import { marshall } from '@aws-sdk/util-dynamodb';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { getAll } from '../../../lib/aws/get-all.ts';
import { dynamoClient, dynamoLedger } from '../../../lib/aws/ledger.ts';
import { domainKey, networkKey } from '../../../lib/sync/ledger/keys.ts';
import type { Ledger } from '../../../lib/sync/ledger/ports.ts';
import { loadListing, storeListing } from '../../../lib/sync/network/listing/stored-listing.ts';
import { ledgerContract } from '../../contracts/ledger.ts';
import { bareDomain, manyRows, network } from '../../contracts/ledger-items.ts';
import { type Dynalite, startDynalite } from '../../support/aws/dynalite.ts';
import { patient } from '../../support/aws/patient.ts';
import { scriptedAws } from '../../support/aws/scripted-aws.ts';
import { startFaultyProxy } from '../../support/http/faulty-proxy.ts';
import { APP, NOW } from '../../support/sync/items.ts';

let dynamo: Dynalite;

beforeAll(async () => {
  dynamo = await startDynalite();
});
afterAll(() => dynamo.close());

async function emptyLedger() {
  const table = await dynamo.table();
  return {
    ...dynamoLedger({ client: dynamo.client, table }, getAll),
    spoil: async ({ network, item }: { readonly network: string; readonly item: string }) => {
      const command = new UpdateItemCommand({
        TableName: table,
        Key: marshall({ network, item }),
        UpdateExpression: 'SET revision = :revision ADD writes :one',
        ExpressionAttributeValues: marshall({ ':revision': 'of a newer version', ':one': 1 }),
      });
      await dynamo.client.send(command);
    },
  };
}

ledgerContract('the ledger in DynamoDB', emptyLedger);

/** A ledger behind a proxy, and the table itself. */
async function ledgerBehindProxy(limits = patient) {
  const table = await dynamo.table();
  const proxy = await startFaultyProxy(dynamo.endpoint);
  const client = dynamoClient({ endpoint: proxy.endpoint, ...limits });
  return {
    table,
    proxy,
    ledger: dynamoLedger({ client, table }),
    async close() {
      client.destroy();
      await proxy.close();
    },
  };
}

/** As long as DNS allows, and nothing in it repeats. */
function longName(n: number): string {
  const digest = createHash('shake256', { outputLength: 160 }).update(String(n)).digest('hex');
  const letters = BigInt(`0x${digest}`).toString(36);
  return [0, 63, 126, 189].map((start) => letters.slice(start, start + 61)).join('.');
}

test('a list whose names are as long as they can be fits into its parts', async () => {
  const table = await dynamo.table();
  const ledger = dynamoLedger({ client: dynamo.client, table });
  const rows = manyRows(5_000).map((row, n) => ({ ...row, name: longName(n) }));
  const read = { begunAt: NOW, doneAt: NOW, reading: null, complete: true, confirmed: true, rows };
  expect(await storeListing(ledger, 'default', APP, read)).toBe(true);
  expect(await loadListing(ledger, 'default', APP)).toEqual(read);
});

test('an item shows its fields as attributes of their own, leaves nulls out and is indexed only while it has work', async () => {
  const table = await dynamo.table();
  const ledger = dynamoLedger({ client: dynamo.client, table });
  const key = domainKey('default', 'a.example.com');
  const stored = async () => {
    const item = marshall({ network: key.network, item: key.item });
    return (await dynamo.client.send(new GetItemCommand({ TableName: table, Key: item }))).Item ?? {};
  };

  await ledger.write(key, bareDomain('a.example.com', { sendAt: 7 }), 0);
  expect(await stored()).toMatchObject({
    work: { S: 'domain' },
    sendAt: { N: '7' },
    writes: { N: '1' },
    wanted: { S: 'present' },
  });
  await ledger.write(key, bareDomain('a.example.com'), 1);
  expect(Object.keys(await stored())).toEqual(
    expect.not.arrayContaining(['work', 'sendAt', 'dueAt', 'owner']),
  );
});

test('a write whose answer was lost is not taken for a lost race when the SDK repeats it', async () => {
  const { ledger, proxy, close } = await ledgerBehindProxy();
  const key = networkKey('default');
  proxy.next('lose-answer');
  expect(await ledger.write(key, network({ revision: 1 }), 0)).toBe(true);
  expect((await ledger.read(key))?.writes).toBe(1);
  proxy.next('lose-answer');
  expect(await ledger.write(key, undefined, 1)).toBe(true);
  expect(proxy.seen.filter((fault) => fault === 'lose-answer')).toHaveLength(2);
  await close();
});

test('a new item is created by one call, and one that is there comes back with its refusal', async () => {
  const { ledger, proxy, close } = await ledgerBehindProxy();
  const key = networkKey('default');
  expect(await ledger.create(key, network({ revision: 1 }))).toBeUndefined();
  expect(await ledger.create(key, network({ revision: 2 }))).toMatchObject({
    item: { revision: 1 },
    writes: 1,
  });
  expect(proxy.seen).toHaveLength(2);
  await close();
});

test("an item whose creation had no answer is not taken for another writer's when the SDK repeats it", async () => {
  const { ledger, proxy, close } = await ledgerBehindProxy();
  proxy.next('lose-answer');
  expect(await ledger.create(networkKey('default'), network({ revision: 1 }))).toBeUndefined();
  expect(proxy.seen).toEqual(['lose-answer', undefined]);
  await close();
});

test.each([
  ['a new item', 0],
  ['an item that is there', 1],
  ['an item with a long past', 40],
])(
  'a write over %s whose answer was lost is its own although others have written since',
  async (_title, before) => {
    const { ledger, proxy, table, close } = await ledgerBehindProxy();
    const others = dynamoLedger({ client: dynamo.client, table });
    const key = networkKey('default');
    const writeOver = async (over: Ledger, revision: number) => {
      const writes = (await over.read(key))?.writes ?? 0;
      return over.write(key, network({ revision }), writes);
    };
    for (let n = 0; n < before; n += 1) await writeOver(others, n);
    await ledger.read(key);
    proxy.next('lose-answer', async () => {
      for (let n = 0; n < 10; n += 1) expect(await writeOver(others, 100 + n)).toBe(true);
    });
    expect(await ledger.write(key, network({ revision: 50 }), before)).toBe(true);
    expect(await ledger.read(key)).toEqual({ item: network({ revision: 109 }), writes: before + 11 });
    await close();
  },
);

test('a write that follows another without a read is its own as well, although others have written since', async () => {
  const { ledger, proxy, table, close } = await ledgerBehindProxy();
  const others = dynamoLedger({ client: dynamo.client, table });
  const key = networkKey('default');
  expect(await ledger.write(key, network({ revision: 1 }), 0)).toBe(true);
  proxy.next('lose-answer', async () => {
    expect(await others.write(key, network({ revision: 3 }), (await others.read(key))?.writes ?? 0)).toBe(
      true,
    );
  });
  expect(await ledger.write(key, network({ revision: 2 }), 1)).toBe(true);
  const tokens = await dynamo.client.send(
    new GetItemCommand({ TableName: table, Key: marshall({ network: key.network, item: key.item }) }),
  );
  expect(tokens.Item?.earlierTokens?.L).toHaveLength(2);
  await close();
});

test('an item that DynamoDB leaves out of an answer for several is read alone, and its fault is its own', async () => {
  const there = marshall({ network: 'default', item: 'network' });
  const throttled = marshall({ network: 'default', item: 'domain#a.example.com' });
  const aws = await scriptedAws((body) =>
    body.includes('RequestItems')
      ? {
          status: 200,
          body: { Responses: { ledger: [] }, UnprocessedKeys: { ledger: { Keys: [there, throttled] } } },
        }
      : body.includes('domain#')
        ? { status: 400, body: { __type: 'ThrottlingException', message: 'Not this call' } }
        : { status: 200, body: {} },
  );
  const client = dynamoClient({ endpoint: aws.endpoint, maxAttempts: 1, ...patient });
  const ledger = dynamoLedger({ client, table: 'ledger' }, getAll);
  const keys = [networkKey('default'), domainKey('default', 'a.example.com')] as const;
  const read = await ledger.readAll(keys);
  expect(read.of(keys[0])).toBeUndefined();
  expect(() => read.of(keys[1])).toThrow(expect.objectContaining({ name: 'Unavailable', what: 'ledger' }));
  client.destroy();
  await aws.close();
});

test('a repeated write or deletion that another worker outran is still a lost race', async () => {
  const { ledger, proxy, close } = await ledgerBehindProxy();
  const key = networkKey('default');
  await ledger.write(key, network({ revision: 1 }), 0);
  proxy.next('drop');
  expect(await ledger.write(key, network({ revision: 2 }), 0)).toBe(false);
  expect((await ledger.read(key))?.item.revision).toBe(1);
  await ledger.write(key, network({ revision: 3 }), 1);
  proxy.next('drop');
  expect(await ledger.write(key, undefined, 1)).toBe(false);
  expect((await ledger.read(key))?.item.revision).toBe(3);
  await close();
});

test.each(['drop', 'hang', 'throttle', 'broken'] as const)(
  'a ledger that answers with %s is out of reach',
  async (fault) => {
    const { ledger, proxy, close } = await ledgerBehindProxy({ ...patient, requestTimeoutMs: 300 });
    proxy.always(fault);
    const unavailable = expect.objectContaining({ name: 'Unavailable', what: 'ledger' });
    await expect(ledger.read(networkKey('default'))).rejects.toEqual(unavailable);
    await expect(ledger.write(networkKey('default'), network(), 0)).rejects.toEqual(unavailable);
    await close();
  },
);

test('a call that DynamoDB finds invalid is a bug and not an outage', async () => {
  const ledger = dynamoLedger({ client: dynamo.client, table: await dynamo.table() });
  await expect(ledger.due('domain', 1, -1)).rejects.toMatchObject({ name: 'ValidationException' });
});

test('an item that was spoiled by hand is named with its faulty fields, and not shown', async () => {
  const table = await dynamo.table();
  const spoiled = { network: 'default', item: 'network', writes: 1, readsFirst: 'a-secret' };
  await dynamo.client.send(new PutItemCommand({ TableName: table, Item: marshall(spoiled) }));
  const error = await dynamoLedger({ client: dynamo.client, table })
    .read(networkKey('default'))
    .catch((caught: unknown) => caught);
  expect(error).toMatchObject({
    name: 'UnreadableItem',
    message: expect.stringMatching(/default network .*readsFirst.*removals/),
  });
  expect(String(error)).not.toContain('a-secret');
});

test.each([
  ['of a later format', { format: { N: '2' } }, 'format'],
  ['with a number beyond all measure', { revision: { N: `${'9'.repeat(20)}.5` } }, 'the item itself'],
])('an item %s is left to the version that wrote it', async (_title, attributes, field) => {
  const table = await dynamo.table();
  const ledger = dynamoLedger({ client: dynamo.client, table });
  const key = networkKey('default');
  await ledger.write(key, network(), 0);
  const id = marshall({ network: key.network, item: key.item });
  const { Item = {} } = await dynamo.client.send(new GetItemCommand({ TableName: table, Key: id }));
  await dynamo.client.send(new PutItemCommand({ TableName: table, Item: { ...Item, ...attributes } }));
  await expect(ledger.read(key)).rejects.toMatchObject({
    name: 'UnreadableItem',
    message: expect.stringContaining(field),
  });
});

test('a row of the index that is spoiled is due all the same, and holds back no other', async () => {
  const table = await dynamo.table();
  const ledger = dynamoLedger({ client: dynamo.client, table });
  await ledger.write(domainKey('default', 'a.example.com'), bareDomain('a.example.com', { sendAt: 7 }), 0);
  const spoiled = {
    network: 'default',
    item: 'domain#b.example.com',
    work: 'domain',
    sendAt: 6,
    dueAt: 'soon',
  };
  await dynamo.client.send(new PutItemCommand({ TableName: table, Item: marshall(spoiled) }));
  expect((await ledger.due('domain', 9, 10)).map(({ item, dueAt }) => ({ item, dueAt }))).toEqual([
    { item: 'domain#b.example.com', dueAt: null },
    { item: 'domain#a.example.com', dueAt: null },
  ]);
});

test('an item that is not what its kind says is not written', async () => {
  const ledger = await emptyLedger();
  const write = ledger.write(networkKey('default'), network({ revision: Number.NaN }), 0);
  await expect(write).rejects.toMatchObject({
    name: 'InvalidItem',
    message: expect.stringContaining('revision'),
  });
});
