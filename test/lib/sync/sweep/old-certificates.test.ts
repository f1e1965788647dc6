import { GetItemCommand, PutItemCommand } from '@aws-sdk/client-dynamodb';
import { marshall, unmarshall } from '@aws-sdk/util-dynamodb';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { toAttributes } from '../../../../lib/aws/item-attributes.ts';
import { dynamoLedger } from '../../../../lib/aws/ledger.ts';
import { Unavailable } from '../../../../lib/errors.ts';
import { freshNetwork } from '../../../../lib/sync/ledger/items/network-item.ts';
import { certificateKey, type Key, type Kind, networkKey } from '../../../../lib/sync/ledger/keys.ts';
import { type Dynalite, startDynalite } from '../../../support/aws/dynalite.ts';
import { certificateItem, NETWORK, NOW } from '../../../support/sync/items.ts';
import { certificateDelays, name, sweepWorld } from '../../../support/sync/sweep-world.ts';

let dynamo: Dynalite;

beforeAll(async () => {
  dynamo = await startDynalite();
});
afterAll(() => dynamo.close());

/** A table of 0.1.0, with so many due certificates in a network without a schedule. */
async function oldLedger(certificates: number) {
  const table = await dynamo.table();
  const put = (item: Record<string, unknown>) =>
    dynamo.client.send(new PutItemCommand({ TableName: table, Item: marshall(item) }));
  const write = { writes: 1, token: 't', earlierTokens: [] };
  // In that version a network without work had no row in an index, and a certificate one in that of all work.
  const network = unmarshall(toAttributes(networkKey(NETWORK), freshNetwork(NETWORK), write));
  const { work: _work, sendAt: _sendAt, ...unlisted } = network;
  await put(unlisted);
  for (let n = 0; n < certificates; n += 1) {
    const item = certificateItem({ domain: name(n), dueAt: NOW, sendAt: NOW });
    const attributes = unmarshall(toAttributes(certificateKey(NETWORK, name(n)), item, write));
    const { certificatesOf: _of, ...old } = attributes;
    await put({ ...old, work: 'certificate' });
  }
  const stored = async ({ network: of, item }: Key<Kind>) => {
    const Key = marshall({ network: of, item });
    const { Item = {} } = await dynamo.client.send(new GetItemCommand({ TableName: table, Key }));
    return unmarshall(Item);
  };
  return { ledger: dynamoLedger({ client: dynamo.client, table }), stored, put };
}

test('certificates that 0.1.0 has written are found, those of a network without a schedule too', async () => {
  const { ledger, stored } = await oldLedger(3);
  expect(await ledger.networks()).toEqual([]);
  expect(await ledger.dueCertificates(NETWORK, { until: NOW, limit: 10 })).toEqual([]);
  expect(await ledger.dueOldCertificates(NOW, 10)).toHaveLength(3);
  const world = await sweepWorld([], { ledger: () => ledger });
  await world.sweep();
  expect(world.sentForCertificates).toEqual([{ message: { network: NETWORK }, delaySeconds: 0 }]);
  for (let n = 0; n < 3; n += 1) {
    const item = await stored(certificateKey(NETWORK, name(n)));
    expect(item).toMatchObject({ certificatesOf: NETWORK, sendAt: NOW + certificateDelays.resendMs });
    expect(item.work).toBeUndefined();
  }
  expect(await ledger.dueOldCertificates(Number.MAX_SAFE_INTEGER, 10)).toEqual([]);
  expect(await ledger.networks()).toEqual([NETWORK]);
});

test('one that cannot be read, or is out of reach, holds up no other', async () => {
  const { ledger, stored, put } = await oldLedger(4);
  const spoilt = certificateKey(NETWORK, name(1));
  await put({ ...(await stored(spoilt)), revision: 'many' });
  const world = await sweepWorld([], {
    ledger: () => ({
      ...ledger,
      read: (key) =>
        key.item === certificateKey(NETWORK, name(2)).item
          ? Promise.reject(new Unavailable('ledger'))
          : ledger.read(key),
    }),
  });
  await expect(world.sweep()).rejects.toMatchObject({ what: 'ledger' });
  expect(world.reported).toMatchObject([{ item: spoilt.item }]);
  expect(world.sentForCertificates).toHaveLength(1);
  const old = await ledger.dueOldCertificates(NOW, 10);
  expect(old.map(({ item }) => item).toSorted()).toEqual([1, 2].map((n) => `certificate#${name(n)}`));
});

test('a network that cannot be listed keeps its certificates as they are, until it can', async () => {
  const { ledger, stored, put } = await oldLedger(2);
  const network = await stored(networkKey(NETWORK));
  await put({ ...network, revision: 'many' });
  const world = await sweepWorld([], { ledger: () => ledger });
  await world.sweep();
  expect(world.reported).toMatchObject([{ item: certificateKey(NETWORK, name(0)).item }]);
  expect(await ledger.dueOldCertificates(NOW, 10)).toHaveLength(2);
  await put(network);
  await world.sweep();
  expect(await ledger.dueOldCertificates(NOW, 10)).toEqual([]);
  expect(world.sentForCertificates).toHaveLength(1);
});

test('thousands of them take turns with other work', async () => {
  const { ledger } = await oldLedger(250);
  const asked: string[] = [];
  const world = await sweepWorld([], {
    ledger: () => ({
      ...ledger,
      dueOldCertificates: async (until, limit) => {
        asked.push('old certificates');
        return ledger.dueOldCertificates(until, limit);
      },
      due: async (kind, until, limit) => {
        if (kind === 'outcome') asked.push(kind);
        return ledger.due(kind, until, limit);
      },
    }),
  });
  await world.sweep();
  expect(asked).toEqual(['old certificates', 'outcome', 'old certificates', 'old certificates']);
  expect(await ledger.dueOldCertificates(NOW, 10)).toEqual([]);
  const isDue = ({ sendAt }: { readonly sendAt: number }) => sendAt === NOW;
  expect((await ledger.dueCertificates(NETWORK, { until: NOW, limit: 500 })).filter(isDue)).toHaveLength(0);
});
