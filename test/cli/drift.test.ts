import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { type CliWorld, startCliWorld } from '../support/stack/relay-cli.ts';
import { secretOfNetwork } from '../support/stack/stack.ts';

const secret = secretOfNetwork({ RELAY_READ_TOKEN: 'read-token-of-the-test-network-01234' });
const kept = 'kept.acme-bikes.com';
const deleted = 'deleted.acme-bikes.com';
const byHand = 'by-hand.acme-bikes.com';

let world: CliWorld;

function runcloud(method: 'POST' | 'DELETE', path: string, body?: object) {
  return fetch(`${world.stack.runcloudUrl}/api/v3/servers/42/webapps/7/domains${path}`, {
    method,
    headers: {
      authorization: `Bearer ${secret.WU_RUNCLOUD_API_TOKEN}`,
      'content-type': 'application/json',
      accept: 'application/json',
    },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  });
}

beforeAll(async () => {
  world = await startCliWorld({ secrets: { acme: secret } });
});
afterAll(() => world.close());

test('drift shows what the next comparison would do, and changes nothing', async () => {
  expect(await world.relay(['add', kept, deleted, '--no-www'])).toMatchObject({ code: 0 });
  const [, item] = await Promise.all([world.stack.settled(kept), world.stack.settled(deleted)]);
  const agreed = await world.relay(['drift']);
  expect(agreed).toMatchObject({ code: 0, stdout: 'RunCloud and the ledger agree.\n' });

  expect(await runcloud('DELETE', `/${item.runcloudId?.id}`)).toMatchObject({ ok: true });
  const added = await runcloud('POST', '', { name: byHand, www: false, redirection: 'none', type: 'alias' });
  expect(added).toMatchObject({ ok: true });
  const result = await world.relay(['drift', '--json']);
  expect(result).toMatchObject({ code: 0, stderr: '' });
  expect(JSON.parse(result.stdout)).toEqual({
    network: 'acme',
    at: expect.stringMatching(/^20\d\d-.*Z$/),
    complete: true,
    missing: [deleted],
    unwanted: [],
    unknown: [byHand],
  });
  const shown = await world.relay(['drift']);
  expect(shown.stdout).toMatch(new RegExp(`^${deleted} +missing +is added again$`, 'm'));
  expect(world.stack.hosted()).not.toContain(deleted);
  expect((await world.stack.domain(deleted))?.state).toBe('present');
});

test('drift says why RunCloud cannot be read, and needs more than an address', async () => {
  await world.stack.setSecrets({ acme: { ...secret, WU_RUNCLOUD_API_TOKEN: 'revoked' } });
  expect(await world.relay(['drift'])).toMatchObject({
    code: 1,
    stdout: '',
    stderr: "RunCloud's list cannot be read (runcloud-unauthorized): relay doctor names the cause.\n",
  });
  const byAddress = await world.relay(['drift', '--url', `${world.stack.url}/acme`]);
  expect(byAddress.code).toBe(2);
});
