import type { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { localDynamo } from '../../local/aws/clients.ts';
import { type CliWorld, startCliWorld } from '../support/relay-cli.ts';
import { itemsOf, ledgerNameOf, restoreTo } from '../support/restored-table.ts';
import { secretOfNetwork } from '../support/stack.ts';

const secret = secretOfNetwork({ RELAY_READ_TOKEN: 'read-token-of-the-test-network-01234' });
const shop = 'shop.acme-bikes.com';
const later = 'later.acme-bikes.com';

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

test('puts back what the table knows, keeps what the ledger alone knows, and ends its own pause', async () => {
  const hosted = world.stack.hosted();
  const args = ['backup', 'copy-back', '--from', 'before-the-damage', '--wait', '0', '--yes', '--json'];
  const result = await world.relay(args);
  expect(result).toMatchObject({ code: 0 });
  expect(JSON.parse(result.stdout)).toEqual({
    from: 'before-the-damage',
    networks: ['acme'],
    copied: (await itemsOf(client, 'before-the-damage', 'acme')).length,
    resumed: ['acme'],
  });
  expect(await world.stack.domain(shop)).toMatchObject({ wanted: 'present', state: 'present', owner: null });
  expect(await world.stack.domain(later)).toMatchObject({ wanted: 'present', state: 'present' });
  // The copy itself changes nothing in RunCloud: what is true by now, the multisite says.
  expect(world.stack.hosted()).toEqual(hosted);
  expect((await world.relay(['network', 'list'])).stdout).toMatch(/acme +active/);
  expect(await world.relay(['remove', shop, '--yes'])).toMatchObject({ code: 0 });
  expect(await world.stack.settled(shop)).toMatchObject({ wanted: 'absent', state: 'absent' });
});

test('leaves a network paused that was paused before', async () => {
  expect(await world.relay(['network', 'pause', 'acme'])).toMatchObject({ code: 0 });
  const result = await world.relay(['backup', 'copy-back', '--from', 'before-the-damage', '--yes']);
  expect(result).toMatchObject({ code: 0 });
  expect(result.stderr).toMatch(/acme: paused before, and still paused/);
  expect((await world.relay(['network', 'list'])).stdout).toMatch(/acme +paused/);
});
