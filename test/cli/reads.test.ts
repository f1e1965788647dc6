import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { point } from '../../local/demo/world.ts';
import { type CliWorld, startCliWorld } from '../support/stack/relay-cli.ts';
import { secretOfNetwork } from '../support/stack/stack.ts';

const readToken = 'read-token-of-the-test-network-01234';
const shop = 'shop.acme-bikes.com';

let world: CliWorld;

beforeAll(async () => {
  world = await startCliWorld({ secrets: { acme: secretOfNetwork({ RELAY_READ_TOKEN: readToken }) } });
  point(world.stack.internet, shop, 'here');
  point(world.stack.internet, 'network.example.com', 'here');
  const added = await world.relay(['add', shop, '--no-www', '--wait']);
  expect(added).toMatchObject({ code: 0, stderr: `${shop}: accepted\n` });
});
afterAll(() => world.close());

function readJson(path: string): Promise<unknown> {
  return fetch(`${world.stack.url}/acme${path}`, { headers: { authorization: `Bearer ${readToken}` } }).then(
    (response) => response.json(),
  );
}

describe('reads', () => {
  test('status --json prints the answer of the read route', async () => {
    const result = await world.relay(['status', shop, '--json']);
    expect(result.code).toBe(0);
    expect(JSON.parse(result.stdout)).toEqual(await readJson(`/domains/${shop}`));
  });

  test('status --live shows each finding on a line of its own', async () => {
    const { stdout } = await world.relay(['status', shop, '--live']);
    expect(stdout).toMatch(/^live runcloud \{/m);
    expect(stdout).toMatch(/^live dns {6}\{/m);
  });

  test('history --json prints what happened', async () => {
    const result = await world.relay(['history', shop, '--json']);
    const status = await readJson(`/domains/${shop}`);
    expect(JSON.parse(result.stdout)).toEqual({
      network: 'acme',
      domain: shop,
      history: expect.arrayContaining([expect.objectContaining({ what: 'valid' })]),
    });
    expect(status).toMatchObject({ history: JSON.parse(result.stdout).history });
  });

  test('list --json holds all pages, list a line for each domain', async () => {
    const result = await world.relay(['list', '--json']);
    expect(JSON.parse(result.stdout)).toMatchObject({
      network: 'acme',
      domains: [{ domain: shop, wanted: 'present', certificate: { state: 'valid' } }],
      unreadable: [],
    });
    const shown = await world.relay(['list']);
    expect(shown.stdout).toMatch(/^DOMAIN +WANTED +HOSTING +CERTIFICATE/);
    expect(shown.stdout).toMatch(new RegExp(`^${shop} +present +present +valid`, 'm'));
    expect(shown.stdout).not.toContain('\u001b');
  });

  test('an unknown network is told as such', async () => {
    for (const args of [['list'], ['add', 'a.example.com'], ['status', shop]]) {
      expect(await world.relay([...args, '--network', 'acne'])).toMatchObject({
        code: 1,
        stdout: '',
        stderr: 'There is no network acne: relay network list shows all.\n',
      });
    }
  });

  test('an unknown domain ends with 1 and the next step', async () => {
    const result = await world.relay(['status', 'unknown.example.com']);
    expect(result).toMatchObject({ code: 1, stdout: '' });
    expect(result.stderr).toBe(
      'Network acme does not know this domain: check its name, or announce it with relay add.\n',
    );
  });
});
