import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { type ApiRelay, startApiRelay } from '../../support/api/api-relay.ts';
import { relaySecret } from '../../support/api/api-world.ts';
import { readToken } from '../../support/api/read-world.ts';
import { eventually } from '../../support/eventually.ts';
import { startRelayCli } from '../../support/stack/relay-cli.ts';

const names = Array.from({ length: 2_000 }, (_, index) => `shop-${index}.example.com`);

let relay: ApiRelay;
let temporary: string;

beforeAll(async () => {
  relay = await startApiRelay();
  temporary = await mkdtemp(join(tmpdir(), 'relay-resume-'));
});
afterAll(async () => {
  await relay.stop();
  await rm(temporary, { recursive: true });
});

function startSync() {
  return startRelayCli(['sync', '-', '--yes', '--json', '--url', `${relay.url}/demo`], temporary, {
    env: { RELAY_SECRET: relaySecret, RELAY_READ_TOKEN: readToken },
    input: names.join('\n'),
  });
}

async function sent(count: number): Promise<void> {
  await eventually(() => expect(relay.answers.size).toBeGreaterThan(count));
}

test('a sync of 2,000 domains that is stopped and killed goes on, with none twice and none missing', async () => {
  const stopped = startSync();
  await sent(200);
  stopped.child.kill('SIGINT');
  const result = await stopped.result;
  expect(result.signal).toBe('SIGINT');
  expect(result.stderr).toMatch(
    /Stopped\. \d+ of \d+ were not sent: run the same command again to go on\.\n$/,
  );
  const { domains }: { domains: readonly { domain: string; status: string }[] } = JSON.parse(result.stdout);
  const arrived = domains.filter(({ status }) => status === 'accepted').map(({ domain }) => domain);
  expect(arrived.toSorted()).toEqual([...relay.answers.keys()].toSorted());

  const killed = startSync();
  await sent(1_000);
  killed.child.kill('SIGKILL');
  expect(await killed.result).toMatchObject({ signal: 'SIGKILL' });
  await eventually(() => expect(relay.underWay()).toBe(0));

  const { code, stdout } = await startSync().result;
  expect(code).toBe(0);
  expect(JSON.parse(stdout)).toMatchObject({ missing: [], unreadable: [] });
  expect(Object.fromEntries(relay.answers)).toEqual(
    Object.fromEntries(names.map((name) => [name, ['accepted']])),
  );
});
