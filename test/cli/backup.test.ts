import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { localDynamo } from '../../local/aws/clients.ts';
import { type CliWorld, startCliWorld } from '../support/stack/relay-cli.ts';
import { itemsOf, ledgerNameOf, restoreTo } from '../support/stack/restored-table.ts';
import { secretOfNetwork } from '../support/stack/stack.ts';

const secret = secretOfNetwork({ RELAY_READ_TOKEN: 'read-token-of-the-test-network-01234' });
const shop = 'shop.acme-bikes.com';
const later = 'later.acme-bikes.com';

const copyBack = ['backup', 'copy-back', '--from', 'before-the-damage', '--yes'];

let world: CliWorld;
let client: DynamoDBClient;

beforeAll(async () => {
  world = await startCliWorld({ secrets: { acme: secret } });
  client = localDynamo(world.stack.endpoints.dynamo, world.stack.region);
  expect(await world.relay(['add', shop, '--no-www'])).toMatchObject({ code: 0 });
  await world.stack.settled(shop);
  await restoreTo('before-the-damage', 'acme', { client, ledger: ledgerNameOf(world.stack) });
  expect(await world.relay(['remove', shop, '--yes'])).toMatchObject({ code: 0 });
  expect(await world.relay(['add', later, '--no-www'])).toMatchObject({ code: 0 });
  await Promise.all([world.stack.settled(shop), world.stack.settled(later)]);
});
afterAll(async () => {
  client?.destroy();
  await world?.close();
});

test('asks before it copies, and knows the ledger itself from a restored table', async () => {
  const unasked = await world.relay(['backup', 'copy-back', '--from', 'before-the-damage']);
  expect(unasked).toMatchObject({ code: 1, stdout: '' });
  expect(unasked.stderr).toMatch(/Nothing was copied, because there is no terminal to ask on/);
  expect((await world.relay(['network', 'list'])).stdout).toMatch(/acme +active/);
  const itself = ledgerNameOf(world.stack);
  expect(await world.relay(['backup', 'copy-back', '--from', itself, '--yes'])).toMatchObject({ code: 2 });
  const missing = await world.relay(['backup', 'copy-back', '--from', 'no-such-table', '--yes']);
  expect(missing).toMatchObject({ code: 1, stdout: '' });
  expect((await world.stack.domain(shop))?.state).toBe('absent');
});

test('puts back what the table knows, keeps what the ledger alone knows, and leaves the network paused', async () => {
  const hosted = world.stack.hosted();
  const result = await world.relay([...copyBack, '--wait', '0', '--json']);
  expect(result).toMatchObject({ code: 0 });
  const items = await itemsOf(client, 'before-the-damage', 'acme');
  const copied = items.filter(({ item }) => /^(domain|certificate)#/.test(item?.S ?? ''));
  expect(JSON.parse(result.stdout)).toMatchObject({
    from: 'before-the-damage',
    networks: ['acme'],
    resumed: [],
  });
  expect(JSON.parse(result.stdout)).toMatchObject({ copied: copied.length });
  expect(result.stderr).toMatch(/relay sync acme\.csv --remove-missing .*\n +relay network resume acme/);
  expect(await world.stack.domain(shop)).toMatchObject({ wanted: 'present', state: 'present', owner: null });
  expect(await world.stack.domain(later)).toMatchObject({ wanted: 'present', state: 'present' });
  // The copy itself changes nothing in RunCloud: what is true by now, the multisite says.
  expect(world.stack.hosted()).toEqual(hosted);
  expect((await world.relay(['network', 'list'])).stdout).toMatch(/acme +paused .*ledger-restored/);
});

test('a copied domain is shown as paused, with what ends it', async () => {
  const { stdout } = await world.relay(['status', shop, '--json']);
  expect(JSON.parse(stdout)).toMatchObject({
    hosting: { state: 'paused', reason: 'ledger-restored' },
    lastError: {
      code: 'ledger-restored',
      message: expect.stringContaining('relay network resume acme'),
    },
  });
  const list = await world.relay(['list']);
  expect(list.stdout).toMatch(/paused/);
  expect(list.stderr).toMatch(/The ledger was restored: .*relay network resume acme/);
  const doctor = await world.relay(['doctor', '--network', 'acme']);
  expect(`${doctor.stdout}${doctor.stderr}`).toMatch(/ledger-restored/);
});

test('the list of the multisite, both ways, then the resumption: nothing comes back, nothing goes', async () => {
  await writeFile(join(world.temporary, 'acme.csv'), `${later}\n`);
  const hosted = world.stack.hosted();
  const synced = await world.relay(['sync', join(world.temporary, 'acme.csv'), '--remove-missing', '--yes']);
  expect(synced).toMatchObject({ code: 0 });
  expect(await world.relay(['network', 'resume', 'acme'])).toMatchObject({ code: 0 });
  expect(await world.stack.settled(shop)).toMatchObject({ wanted: 'absent', state: 'absent' });
  expect(await world.stack.settled(later)).toMatchObject({ wanted: 'present', state: 'present' });
  expect(world.stack.hosted()).toEqual(hosted);
  expect((await world.relay(['network', 'list'])).stdout).toMatch(/acme +active/);
});

test('with the list it does all of that by itself', async () => {
  const hosted = world.stack.hosted();
  const list = join(world.temporary, 'acme.csv');
  const result = await world.relay([...copyBack, '--wait', '0', '--list', list, '--json']);
  expect(result).toMatchObject({ code: 0 });
  expect(JSON.parse(result.stdout)).toMatchObject({ resumed: ['acme'] });
  expect(await world.stack.settled(shop)).toMatchObject({ wanted: 'absent', state: 'absent' });
  expect(world.stack.hosted()).toEqual(hosted);
  expect((await world.relay(['network', 'list'])).stdout).toMatch(/acme +active/);
});

test('a list that cannot be read stops it before anything is paused', async () => {
  const missing = await world.relay([...copyBack, '--wait', '0', '--list', join(world.temporary, 'no.csv')]);
  expect(missing).toMatchObject({ code: 2, stdout: '' });
  expect((await world.relay(['network', 'list'])).stdout).toMatch(/acme +active/);
});
