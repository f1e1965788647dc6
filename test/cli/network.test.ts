import { readFile } from 'node:fs/promises';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { z } from 'zod';
import { type CliWorld, startCliWorld } from '../support/stack/relay-cli.ts';
import { secretOfNetwork } from '../support/stack/stack.ts';

const token = 'token-of-the-test-workspace';
const acme = secretOfNetwork({ RELAY_READ_TOKEN: 'read-token-of-the-test-network-01234' });

const secretsSchema = z.record(z.string(), z.record(z.string(), z.string()));
const addedSchema = z.strictObject({
  network: z.string(),
  url: z.string(),
  relaySecret: z.string().startsWith('whsec_'),
  readToken: z.string().min(32),
});

let world: CliWorld;

async function secrets() {
  return secretsSchema.parse(JSON.parse(await readFile(world.stack.secretsFile, 'utf8')));
}

/** A new value counts as soon as the API reads the secret again, ten seconds later at most. */
function reads(readToken: string, network: string) {
  return world.relay(['list', '--json', '--url', `${world.stack.url}/${network}`], {
    env: { RELAY_READ_TOKEN: readToken },
  });
}

beforeAll(async () => {
  const app = (id: number, name: string) => ({ id, domains: [{ name, type: 'primary' as const }] });
  world = await startCliWorld({
    secrets: { acme },
    runcloud: {
      workspaces: [
        {
          tokens: [token],
          servers: [
            {
              id: 42,
              apps: [
                app(7, 'network.example.com'),
                app(8, 'second.example.com'),
                app(9, 'third.example.com'),
              ],
            },
          ],
        },
      ],
    },
  });
});
afterAll(() => world.close());

describe('network add', () => {
  const env = {
    WU_RUNCLOUD_API_TOKEN: token,
    WU_RUNCLOUD_SERVER_ID: '42',
    WU_RUNCLOUD_APP_ID: '8',
    PROTECTED_DOMAINS: 'second.example.com',
  };

  test('saves nothing while the connection fails, and names the fault', async () => {
    const result = await world.relay(['network', 'add', 'second'], {
      env: { ...env, WU_RUNCLOUD_APP_ID: '99' },
    });
    expect(result).toMatchObject({ code: 1, stdout: '' });
    expect(result.stderr).toMatch(/^failed +web-app: /m);
    expect(result.stderr).toMatch(/^Nothing was saved, because the check "web-app" failed: /m);
    expect(result.stderr).not.toContain(token);
    expect(Object.keys(await secrets())).toEqual(['acme']);
  });

  test('takes its values from the environment where there is no terminal', async () => {
    const lacking = await world.relay(['network', 'add', 'second'], { env: { WU_RUNCLOUD_APP_ID: '8' } });
    expect(lacking).toMatchObject({
      code: 1,
      stderr:
        'Nothing was saved, because there is no terminal to ask on: set WU_RUNCLOUD_API_TOKEN, WU_RUNCLOUD_SERVER_ID in the environment.\n',
    });
    const result = await world.relay(['network', 'add', 'second', '--json'], { env });
    expect(result.code).toBe(0);
    const added = addedSchema.parse(JSON.parse(result.stdout));
    expect((await secrets()).second).toEqual({
      ...env,
      RELAY_SECRET: added.relaySecret,
      RELAY_READ_TOKEN: added.readToken,
    });
    expect(await reads(added.readToken, 'second')).toMatchObject({ code: 0 });
    const again = await world.relay(['network', 'add', 'second'], { env });
    expect(again).toMatchObject({ code: 1, stdout: '' });
    expect(again.stderr).toMatch(/^Network second is there already/);
  });

  test('asks in a terminal, and does not show the token', async () => {
    const terminal = world.terminal(['network', 'add', 'third']);
    await terminal.shows('WU_RUNCLOUD_API_TOKEN');
    terminal.type(`${token}\r`);
    await terminal.shows('WU_RUNCLOUD_SERVER_ID');
    terminal.type('42\r');
    await terminal.shows('WU_RUNCLOUD_APP_ID');
    terminal.type('9\r');
    await terminal.shows('PROTECTED_DOMAINS');
    terminal.type('third.example.com\r');
    expect(await terminal.ended).toMatchObject({ code: 0 });
    expect(terminal.text()).toContain(`define( 'WU_RUNCLOUD_RELAY_URL', '${world.stack.url}/third' );`);
    expect(terminal.text()).not.toContain(token);
    expect((await secrets()).third).toMatchObject({ WU_RUNCLOUD_API_TOKEN: token, WU_RUNCLOUD_APP_ID: '9' });
  });

  test('refuses a name that the relay would never read', async () => {
    const result = await world.relay(['network', 'add', 'Shop_A']);
    expect(result).toMatchObject({ code: 2, stdout: '' });
    expect(result.stderr).toMatch(/^The name of a network must be/);
  });
});

describe('secret rotate', () => {
  test('lets both values count, and ends the old one with the second call', async () => {
    const before = (await secrets()).second?.RELAY_READ_TOKEN ?? '';
    const first = await world.relay(['secret', 'rotate', 'second', '--read', '--json']);
    expect(first.code).toBe(0);
    const { value } = z.looseObject({ value: z.string() }).parse(JSON.parse(first.stdout));
    expect((await secrets()).second?.RELAY_READ_TOKEN).toBe(`${value} ${before}`);
    expect(await reads(before, 'second')).toMatchObject({ code: 0 });

    const unasked = await world.relay(['secret', 'rotate', 'second', '--read']);
    expect(unasked).toMatchObject({ code: 1, stdout: '' });
    expect(unasked.stderr).toMatch(/^Both values stay valid, because there is no terminal/);
    const ended = await world.relay(['secret', 'rotate', 'second', '--read', '--yes', '--json']);
    expect(JSON.parse(ended.stdout)).toEqual({
      network: 'second',
      key: 'RELAY_READ_TOKEN',
      step: 'ended',
      value: null,
    });
    expect((await secrets()).second?.RELAY_READ_TOKEN).toBe(value);
  });

  test('keeps what was changed in the secret while it asked', async () => {
    const values = async () => ((await secrets()).second?.RELAY_READ_TOKEN ?? '').split(' ');
    await world.relay(['secret', 'rotate', 'second', '--read']);
    const [newest] = await values();
    const terminal = world.terminal(['secret', 'rotate', 'second', '--read']);
    await terminal.shows('The old one ends');
    expect(await world.relay(['network', 'pause', 'second'])).toMatchObject({ code: 0 });
    terminal.type('y\r');
    expect(await terminal.ended).toMatchObject({ code: 0 });
    expect((await secrets()).second).toMatchObject({ PAUSED: 'true', RELAY_READ_TOKEN: newest });
    expect(await world.relay(['network', 'resume', 'second'])).toMatchObject({ code: 0 });
  });

  test("tests RunCloud's new token before it is saved", async () => {
    const refused = await world.relay(['secret', 'rotate', 'second', '--runcloud'], {
      env: { WU_RUNCLOUD_API_TOKEN: 'a-token-that-was-mistyped' },
    });
    expect(refused).toMatchObject({ code: 1, stdout: '' });
    expect(refused.stderr).toMatch(/^Nothing was saved, because the check "token" failed/m);
    expect((await secrets()).second?.WU_RUNCLOUD_API_TOKEN).toBe(token);
  });
});

describe('network pause, resume, list and remove', () => {
  test('pauses, shows it, and resumes', async () => {
    expect(await world.relay(['network', 'pause', 'second', '--json'])).toMatchObject({ code: 0 });
    const { stdout } = await world.relay(['network', 'list', '--json']);
    expect(JSON.parse(stdout)).toEqual({
      networks: expect.arrayContaining([
        { network: 'acme', state: 'active', code: null, reason: null, since: null, nextProbeAt: null },
        expect.objectContaining({ network: 'second', state: 'paused', code: 'paused' }),
      ]),
    });
    expect((await secrets()).second?.WU_RUNCLOUD_APP_ID).toBe('8');
    expect(await world.relay(['network', 'resume', 'second'])).toMatchObject({ code: 0 });
    const shown = await world.relay(['network', 'list']);
    expect(shown.stdout).toMatch(/^second +active/m);
    const unchanged = await world.relay(['network', 'resume', 'second', '--json']);
    expect(JSON.parse(unchanged.stdout)).toEqual({ network: 'second', paused: false, changed: false });
  });

  test('removes after a question', async () => {
    const refused = await world.relay(['network', 'remove', 'second']);
    expect(refused).toMatchObject({ code: 1, stdout: '' });
    expect(refused.stderr).toMatch(/Nothing was removed, because there is no terminal/);
    const terminal = world.terminal(['network', 'remove', 'second']);
    await terminal.shows('Remove network second');
    terminal.type('y\r');
    expect(await terminal.ended).toMatchObject({ code: 0 });
    expect(Object.keys(await secrets())).toEqual(['acme', 'third']);
    const gone = await world.relay(['network', 'pause', 'second']);
    expect(gone).toMatchObject({
      code: 1,
      stderr: 'There is no network second: relay network list shows all.\n',
    });
  });
});
