import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { receive as receiveAdded } from '../../../functions/domain-added.ts';
import { receive as receiveRead } from '../../../functions/domain-status.ts';
import type { Observability, Receive } from '../../../functions/http/api-handler.ts';
import { systemClock } from '../../../lib/clock.ts';
import { memoryLedger } from '../../doubles/ledger.ts';
import { startApiServer } from '../../support/api-server.ts';
import { apiWorld, json, relaySecret } from '../../support/api-world.ts';
import { eventually } from '../../support/eventually.ts';
import { readToken, readWorld } from '../../support/read-world.ts';
import { startRelayCli } from '../../support/relay-cli.ts';

const names = Array.from({ length: 2_000 }, (_, index) => `shop-${index}.example.com`);

/** The real API handlers over a ledger in memory: no worker makes two thousand domains of it. */
async function startRelay() {
  const part = { ledger: memoryLedger(), clock: systemClock };
  const { services: api } = apiWorld(part);
  const { services: read } = readWorld(part);
  /** The status that each update was answered with, by domain. */
  const answers = new Map<string, unknown[]>();
  let underWay = 0;
  const added: Receive<Observability> = async (event) => {
    underWay += 1;
    try {
      const reply = await receiveAdded(event, api);
      const { domain, status } = Object(json(reply));
      answers.set(domain, [...(answers.get(domain) ?? []), status]);
      return reply;
    } finally {
      underWay -= 1;
    }
  };
  const server = await startApiServer<Observability>(
    [
      { path: '/{network}/domain-added', receive: added },
      { path: '/{network}/domains', receive: (event) => receiveRead(event, read) },
    ],
    api,
  );
  return { ...server, answers, underWay: () => underWay };
}

let relay: Awaited<ReturnType<typeof startRelay>>;
let temporary: string;

beforeAll(async () => {
  relay = await startRelay();
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
  await eventually(() => expect(relay.answers.size).toBeGreaterThan(count), { withinMs: 300_000 });
}

test('a sync of 2,000 domains that is stopped and killed goes on, with none twice and none missing', async () => {
  const stopped = startSync();
  await sent(200);
  stopped.child.kill('SIGINT');
  const result = await stopped.result;
  expect(result.signal).toBe('SIGINT');
  expect(result.stderr).toMatch(/Stopped\. \d+ are not sent: run the same command again to go on\.\n$/);
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
}, 600_000);
