import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { dynamoClient, dynamoLedger } from '../../../lib/aws/ledger.ts';
import { domainKey } from '../../../lib/sync/ledger/keys.ts';
import type { Ledger } from '../../../lib/sync/ledger/ports.ts';
import { type Dynalite, startDynalite } from '../../support/aws/dynalite.ts';
import { patient } from '../../support/aws/patient.ts';
import { startFaultyProxy } from '../../support/http/faulty-proxy.ts';
import { DOMAIN, domainItem, NETWORK } from '../../support/sync/items.ts';
import { reconcileWorld } from '../../support/sync/reconcile-world.ts';

let dynamo: Dynalite;

beforeAll(async () => {
  dynamo = await startDynalite();
});
afterAll(() => dynamo.close());

test('a lease is given back of whose write DynamoDB has stored the first try and answered none', async () => {
  const table = await dynamo.table();
  const key = domainKey(NETWORK, DOMAIN);
  const there = dynamoLedger({ client: dynamo.client, table });
  await there.write(key, domainItem(), 0);

  const proxy = await startFaultyProxy(dynamo.endpoint);
  const client = dynamoClient({ endpoint: proxy.endpoint, ...patient });
  const ledger = dynamoLedger({ client, table });
  const owners: (string | null | undefined)[] = [];
  const write: Ledger['write'] = async (...call) => {
    if (owners.length > 0) return ledger.write(...call);
    proxy.always('lose-answer');
    try {
      return await ledger.write(...call);
    } finally {
      proxy.always(undefined);
      owners.push((await there.read(key))?.item.owner);
    }
  };
  const world = reconcileWorld();
  await expect(world.passWith({ ...world.services, ledger: { ...ledger, write } })).rejects.toMatchObject({
    what: 'ledger',
  });
  expect(proxy.seen.filter((fault) => fault === 'lose-answer').length).toBeGreaterThan(1);
  expect(owners).toEqual([expect.any(String)]);
  expect((await there.read(key))?.item).toMatchObject({ owner: null, crashes: 0, ambiguousUntil: null });

  client.destroy();
  await proxy.close();
});
