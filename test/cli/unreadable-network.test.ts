import { PutItemCommand } from '@aws-sdk/client-dynamodb';
import { marshall } from '@aws-sdk/util-dynamodb';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { localDynamo } from '../../local/aws/clients.ts';
import { type CliWorld, startCliWorld } from '../support/stack/relay-cli.ts';
import { ledgerNameOf } from '../support/stack/restored-table.ts';
import { secretOfNetwork } from '../support/stack/stack.ts';

let world: CliWorld;
beforeAll(async () => {
  const secret = secretOfNetwork({ RELAY_READ_TOKEN: 'read-token-of-the-test-network-01234' });
  world = await startCliWorld({ secrets: { acme: secret, newer: { ...secret, WU_RUNCLOUD_APP_ID: '8' } } });
  const { endpoints, region } = world.stack;
  const client = localDynamo(endpoints.dynamo, region);
  // As a newer version of the relay leaves it.
  const Item = marshall({
    network: 'newer',
    item: 'network',
    work: 'network',
    writes: 1,
    format: 99,
    sendAt: 1,
  });
  await client.send(new PutItemCommand({ TableName: ledgerNameOf(world.stack), Item }));
  client.destroy();
});
afterAll(() => world.close());

const fix = 'docs/operations/roll-back.md';

test('network list shows the other networks, and which one cannot be read', async () => {
  const { code, stdout } = await world.relay(['network', 'list', '--json']);
  expect(code).toBe(0);
  expect(JSON.parse(stdout)).toEqual({
    networks: expect.arrayContaining([
      expect.objectContaining({ network: 'acme', state: 'active' }),
      expect.objectContaining({
        network: 'newer',
        state: 'invalid',
        code: 'unreadable-item',
        reason: expect.stringContaining('newer network cannot be read'),
      }),
    ]),
  });
});

test('network resume changes nothing, and says what to do', async () => {
  const { code, stderr } = await world.relay(['network', 'resume', 'newer']);
  expect(code).toBe(1);
  expect(stderr).toContain(fix);
});
