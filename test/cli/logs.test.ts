import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { z } from 'zod';
import { eventually } from '../support/eventually.ts';
import { type CliWorld, startCliWorld } from '../support/stack/relay-cli.ts';
import { secretOfNetwork } from '../support/stack/stack.ts';

const shop = 'shop.acme-bikes.com';
const linesSchema = z.object({
  lines: z.array(z.looseObject({ timestamp: z.string(), level: z.string(), message: z.string() })),
});

let world: CliWorld;

async function linesOf(...args: readonly string[]) {
  const result = await world.relay(['logs', ...args, '--json']);
  expect(result).toMatchObject({ code: 0, stderr: '' });
  return linesSchema.parse(JSON.parse(result.stdout)).lines;
}

beforeAll(async () => {
  const secret = secretOfNetwork({ RELAY_READ_TOKEN: 'read-token-of-the-test-network-01234' });
  world = await startCliWorld({ secrets: { acme: secret } });
  expect(await world.relay(['add', shop, 'other.acme-bikes.com', '--no-www'])).toMatchObject({ code: 0 });
  await world.stack.settled(shop);
});
afterAll(() => world.close());

test('logs tells the story of one domain, the oldest line first', async () => {
  await eventually(async () => {
    const messages = (await linesOf(shop)).map(({ message }) => message);
    expect(messages).toEqual(expect.arrayContaining(['event answered', 'domain reconciled']));
  });
  const lines = await linesOf(shop, '--network', 'acme');
  expect(new Set(lines.map(({ domain }) => domain))).toEqual(new Set([shop]));
  const times = lines.map(({ timestamp }) => timestamp);
  expect(times).toEqual(times.toSorted());
  expect(lines.filter((line) => '_aws' in line || 'outcomes' in line)).toEqual([]);
  expect(await linesOf(shop, '--network', 'second')).toEqual([]);
  const shown = await world.relay(['logs', shop]);
  expect(shown.stdout).toMatch(
    /^20\d\d-\S+ \S+Z INFO {2}domain-added: event answered .*domain=shop\.acme-bikes\.com/m,
  );
});

test('logs without a domain shows warnings and errors alone', async () => {
  world.stack.runcloud.arm({ times: Number.POSITIVE_INFINITY, answer: { status: 401, body: {} } });
  await world.relay(['add', 'late.acme-bikes.com']);
  await eventually(async () => {
    const lines = await linesOf();
    expect(lines.map(({ level }) => level)).toContain('WARN');
    expect(lines.filter(({ level }) => level === 'INFO')).toEqual([]);
  });
});

test('logs refuses what is no time and no name', async () => {
  const since = await world.relay(['logs', '--since', 'yesterday']);
  expect(since).toMatchObject({ code: 2, stdout: '' });
  expect(since.stderr).toContain('30m, 1h, 7d');
  expect(await world.relay(['logs', 'no"name'])).toMatchObject({ code: 2 });
});
