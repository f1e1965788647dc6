import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, test } from '@jest/globals';
import { addressOf } from '../../local/address-of.ts';
import { kill, npmStart, type RunningStart } from '../support/stack/npm-start.ts';

const root = join(import.meta.dirname, '..', '..');

describe('npm start', () => {
  let dir: string;
  const running: RunningStart[] = [];
  const start = (...all: Parameters<typeof npmStart>) => {
    const one = npmStart(...all);
    running.push(one);
    return one;
  };

  beforeAll(async () => {
    dir = await mkdtemp(join(tmpdir(), 'main-test-'));
  });

  afterEach(async () => {
    await Promise.all(running.splice(0).map(kill));
  });

  afterAll(() => rm(dir, { recursive: true }));

  test('--once plays the events and ends well if RunCloud ended as they say', async () => {
    const { code, out, err } = await start({}, '--once').ended;
    expect({ code, err }).toEqual({ code: 0, err: '' });
    expect(out).toMatch(/^Relay ready on http:\/\/localhost:\d+$/m);
    expect(out).toMatch(/shop\.acme-bikes\.com +present +present +present/);
    expect(out).toMatch(/outlet\.acme-bikes\.com +absent +absent +absent/);
    expect(out).toContain('RunCloud ended as the events say.');

    const secrets: Record<string, Record<string, string>> = JSON.parse(
      await readFile(join(root, 'local', 'secrets.json'), 'utf8'),
    );
    for (const [key, value] of Object.entries(secrets.demo ?? {})) {
      if (/TOKEN|SECRET/.test(key)) expect(out).not.toContain(value);
    }
  });

  test('--once ends badly, and in time, if RunCloud did not', async () => {
    const faults = JSON.stringify([{ method: 'POST', path: '/domains$', answer: { status: 422, body: {} } }]);
    // So short a base that the relay gives up while the demo still waits.
    const env = { RUNCLOUD_FAULTS: faults, RETRY_BASE_SECONDS: '0.02' };
    const { code, out } = await start(env, '--once').ended;
    expect(code).toBe(1);
    expect(out).toMatch(/shop\.acme-bikes\.com +present +absent +failed \(runcloud-refused\)/);
    expect(out).toContain('RunCloud did not end as the events say.');
  });

  test.each(['SIGINT', 'SIGTERM'] as const)('%s ends it, and its port is free again', async (signal) => {
    const { child, ready, ended } = start({ DEMO: 'off' });
    const url = await ready;
    expect((await fetch(`${url}/demo/domain-added`, { method: 'POST' })).status).toBe(415);
    const before = Date.now();
    child.kill(signal);
    expect(await ended).toMatchObject({ code: 0, err: '' });
    // It does not wait for the receives of the queues to end, which take 20 s.
    expect(Date.now() - before).toBeLessThan(15_000);
    await expect(fetch(url)).rejects.toThrow();
  });

  test('two run side by side', async () => {
    const both = [start({ DEMO: 'off' }), start({ DEMO: 'off' })];
    const urls = await Promise.all(both.map(({ ready }) => ready));
    expect(new Set(urls).size).toBe(2);
  });

  test('one faulty network is named, without its values, and the others are served', async () => {
    const secretsFile = join(dir, 'one-faulty.json');
    const good = JSON.parse(await readFile(join(root, 'local', 'secrets.json'), 'utf8'));
    const bad = { ...good.demo, RELAY_SECRET: 'not-a-secret-of-the-right-form' };
    await writeFile(secretsFile, JSON.stringify({ ...good, bad }));
    const { child, ready, ended } = start({ DEMO: 'off', SECRETS_FILE: secretsFile });
    await ready;
    child.kill('SIGTERM');
    const { err } = await ended;
    expect(err).toContain('Network bad');
    expect(err).toContain('RELAY_SECRET');
    expect(err).not.toContain('not-a-secret-of-the-right-form');
  });

  test('a port in use ends it with one line', async () => {
    const other = createServer();
    await new Promise<void>((resolve) => other.listen(0, '127.0.0.1', resolve));
    const { port } = new URL(addressOf(other));
    const { code, err } = await start({ PORT: port }).ended;
    await new Promise((resolve) => other.close(resolve));
    expect({ code, err }).toEqual({ code: 1, err: `Port ${port} is in use: set PORT to a free one\n` });
  });

  test('what cannot be read ends it with one line', async () => {
    const secretsFile = join(dir, 'secrets.json');
    await writeFile(secretsFile, '{"demo": whsec_');
    const wrong: [Record<string, string>, string][] = [
      [{ SECRETS_FILE: secretsFile }, `${secretsFile} is not valid JSON\n`],
      [{ SECRETS_FILE: join(dir, 'none.json') }, `${join(dir, 'none.json')} cannot be read\n`],
      [{ PORT: 'three thousand' }, 'PORT must be a port\n'],
      [{ RETRY_BASE_SECONDS: '-1' }, 'RETRY_BASE_SECONDS must be above 0\n'],
      [{ RUNCLOUD_URL: 'ftp://runcloud' }, 'RUNCLOUD_URL must be an http(s) URL\n'],
    ];
    for (const [env, err] of wrong) expect(await start(env).ended).toMatchObject({ code: 1, err, out: '' });
    expect(await start({}, '--twice').ended).toMatchObject({
      code: 1,
      err: expect.stringContaining('--once'),
    });
  });
});
