import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { domainKey, identityKey, networkKey } from '../../lib/sync/ledger/keys.ts';
import { readPage } from '../support/docs/pages.ts';
import { eventually } from '../support/eventually.ts';
import { type Backup, type RestoredRelay, restoredRelay } from '../support/stack/restored-relay.ts';

const shop = 'shop.acme-bikes.com';
const removed = 'removed-since.acme-bikes.com';
const added = 'added-since.acme-bikes.com';
const own = 'network.example.com';

let world: RestoredRelay;
let backup: Backup;

const hosted = () =>
  world.runcloud
    .app(7)
    .domains.map(({ name }) => name)
    .toSorted();
const truth = [added, own, shop].toSorted();
const network = async () => (await world.ledger().read(networkKey('acme')))?.item;

async function settled(name: string, state: 'present' | 'absent'): Promise<void> {
  await eventually(async () => {
    const stored = await world.ledger().read(domainKey('acme', name));
    expect(stored?.item).toMatchObject({ state, dueAt: null });
  });
}

/** The last block of a section, where the networks have their say. */
function lastBlockOf(section: string): string {
  const { text } = readPage('docs/operations/restore.md');
  const own = text.split(/^## /m).find((part) => part.startsWith(`${section}\n`)) ?? '';
  const blocks = [...own.matchAll(/^```sh\n(.*?)^```$/gms)].map(([, block = '']) => block);
  return blocks.findLast((block) => block.includes('--remove-missing')) ?? '';
}

beforeAll(async () => {
  world = await restoredRelay();
  await world.start();
  for (const name of [shop, removed]) {
    expect(await world.relay(['add', name, '--no-www'])).toMatchObject({ code: 0 });
    await settled(name, 'present');
  }
  backup = await world.backUp();
  expect(await world.relay(['remove', removed, '--yes'])).toMatchObject({ code: 0 });
  expect(await world.relay(['add', added, '--no-www'])).toMatchObject({ code: 0 });
  await settled(removed, 'absent');
  await settled(added, 'present');
  expect(hosted()).toEqual(truth);
  // The table is lost, with all that came after the backup, and restored under its old name.
  await world.start();
  await writeFile(join(world.temporary, 'domains.csv'), `${shop}\n${added}\n`);
});
afterAll(() => world?.close());

test('a restored ledger whose daily comparison is due makes no call, and says what it waits for', async () => {
  const calls = world.runcloud.requests.length;
  await world.restore(backup);
  await eventually(async () => {
    const item = await network();
    expect(item?.pause?.code).toBe('ledger-restored');
    // Its work came, and found the pause.
    expect(item?.comparison?.dueAt).toBeGreaterThan(Date.now());
    expect(item?.toSend).toEqual([]);
  });
  expect(world.runcloud.requests).toHaveLength(calls);
  expect(hosted()).toEqual(truth);
  expect((await world.relay(['network', 'list'])).stdout).toMatch(/acme +paused .*ledger-restored/);
  const status = await world.relay(['status', removed, '--json']);
  expect(JSON.parse(status.stdout)).toMatchObject({
    wanted: 'present',
    hosting: { state: 'paused', reason: 'ledger-restored' },
    lastError: { code: 'ledger-restored' },
  });
});

test('after the commands of the handbook all is as the multisite says, and nothing came back', async () => {
  const typed = await world.typeIn(lastBlockOf('The ledger is gone'));
  expect(typed).toMatchObject({ code: 0 });
  expect(await world.ledger().read(identityKey)).toMatchObject({ item: { tableId: await world.tableId() } });
  await settled(removed, 'absent');
  await settled(added, 'present');
  await eventually(async () => {
    const item = await network();
    expect(item).toMatchObject({ pause: null, requeue: null, toSend: [] });
  });
  const beganAt = Date.now();
  await world.compare();
  await eventually(async () => {
    const item = await network();
    expect(Date.parse(item?.drift?.at ?? '')).toBeGreaterThanOrEqual(beganAt);
    // Its worker has nothing more to write, whatever is restored next.
    expect(item).toMatchObject({ owner: null, comparison: { begunAt: null } });
    expect(item?.comparison?.dueAt).toBeGreaterThan(Date.now());
  });
  expect((await network())?.drift).toMatchObject({ missing: { count: 0 }, unwanted: { count: 0 } });
  expect(hosted()).toEqual(truth);
});

test('without the comparison of the ids the removed domain comes back', async () => {
  await world.restore(backup, await world.tableId());
  await eventually(() => expect(hosted()).toContain(removed));
});
