import { afterAll, describe, expect, test } from '@jest/globals';
import { z } from 'zod';
import { domainKey, networkKey } from '../../../lib/sync/ledger/keys.ts';
import { updateItem } from '../../../lib/sync/ledger/updates/update.ts';
import { eventually } from '../../support/eventually.ts';
import { closeFlow } from '../../support/flow/close-flow.ts';
import { type Flow, startFlow } from '../../support/flow/flow.ts';
import type { FlowNetwork } from '../../support/flow/flow-network.ts';

// Tests run side by side, so the stacks must stand before any of them begins; hooks would come too late.
const flow = await startFlow({ networks: { shared: {}, resting: {} } });
const dryFlow = await startFlow({ networks: { shared: {} }, environment: { DRIFT_DRY_RUN: 'true' } });

const HOUR_MS = 60 * 60_000;
const strays = Array.from({ length: 90 }, (_, n) => `stray-${String(n).padStart(2, '0')}.example.org`);

/** A list speaks of nothing that was settled while it was read, so the domain was settled an hour ago. */
async function settledLongAgo(flow: Flow, network: FlowNetwork, name: string): Promise<void> {
  const ago = Date.now() - HOUR_MS;
  // A worker may still write that the outcome of the settle is sent.
  await updateItem(flow.ledger, domainKey(network.name, name), (item) => {
    if (item === undefined) throw new Error(`The ledger does not know ${name}`);
    return { write: { ...item, since: new Date(ago).toISOString(), wroteAt: ago }, result: undefined };
  });
}

/** The network's time of day has come; waits until the comparison is through. */
async function compared(flow: Flow, network: FlowNetwork) {
  const key = networkKey(network.name);
  const from = Date.now();
  await eventually(async () => {
    const stored = await flow.ledger.read(key);
    if (stored === undefined) throw new Error('No look has claimed the application');
    const due = { comparison: { dueAt: from, begunAt: null }, dueAt: from, sendAt: from };
    expect(await flow.ledger.write(key, { ...stored.item, ...due }, stored.writes)).toBe(true);
  });
  await eventually(
    async () => {
      const { drift = null } = (await network.record()) ?? {};
      expect(Date.parse(drift?.at ?? '')).toBeGreaterThanOrEqual(from);
    },
    { everyMs: 50 },
  );
  return network.record();
}

const connectionSchema = z.object({ ok: z.boolean(), checks: z.array(z.unknown()) });

async function connectionOf(flow: Flow, { name, secret }: FlowNetwork) {
  const headers = { authorization: `Bearer ${secret.RELAY_READ_TOKEN}` };
  const answer = await fetch(`${flow.url}/${name}/connection`, { headers });
  return connectionSchema.parse(await answer.json());
}

/** One domain that is served, and one that was removed. */
async function prepared(flow: Flow, network: FlowNetwork): Promise<void> {
  for (const name of ['shop.acme-bikes.com', 'gone.acme-bikes.com']) await network.add(name);
  for (const name of ['shop.acme-bikes.com', 'gone.acme-bikes.com']) {
    await network.settles(name, { state: 'present' });
  }
  await network.remove('gone.acme-bikes.com');
  await network.settles('gone.acme-bikes.com', { state: 'absent' });
  for (const name of ['shop.acme-bikes.com', 'gone.acme-bikes.com'])
    await settledLongAgo(flow, network, name);
}

function deleteInPanel(flow: Flow, { appId }: FlowNetwork, name: string): void {
  const { domains } = flow.runcloud.app(appId);
  domains.splice(
    domains.findIndex((row) => row.name === name),
    1,
  );
}

describe('an operator works in RunCloud beside the relay', () => {
  afterAll(() => closeFlow(flow));

  test.concurrent('what is deleted there comes back; what is added there stays, and is reported', async () => {
    const network = flow.network('shared');
    await prepared(flow, network);
    deleteInPanel(flow, network, 'shop.acme-bikes.com');
    flow.runcloud.addInPanel(network.appId, { name: 'gone.acme-bikes.com' });
    for (const name of strays) flow.runcloud.addInPanel(network.appId, { name });
    const callsBefore = network.calls().length;

    const record = await compared(flow, network);
    expect(record).toMatchObject({
      pause: null,
      drift: {
        missing: { count: 1, names: ['shop.acme-bikes.com'] },
        unwanted: { count: 1, names: ['gone.acme-bikes.com'] },
        unknown: { count: 90, names: strays.slice(0, 10) },
        dryRun: false,
      },
    });
    expect(record?.comparison?.dueAt).toBeGreaterThan(Date.now());
    expect(network.calls().slice(callsBefore, callsBefore + 5)).toEqual([
      'GET /domains',
      'GET /domains',
      'GET /domains',
      'GET /domains',
      expect.stringMatching(/^GET \/domains\/\d+$/),
    ]);

    const repaired = await network.settles('shop.acme-bikes.com', { state: 'present' });
    expect(repaired.history.map(({ what }) => what)).toContain('missing');
    expect(network.hosted().toSorted()).toEqual(
      [network.ownDomain, 'gone.acme-bikes.com', 'shop.acme-bikes.com', ...strays].toSorted(),
    );
    expect(network.calls().filter((call) => call.startsWith('DELETE'))).toHaveLength(1);

    const detail = expect.stringMatching(
      /the multisite removed them .*gone\.acme-bikes\.com.*stray-04\.example\.org and 85 more/,
    );
    // On a busy machine a check may end before it is answered.
    await eventually(async () => {
      const { ok, checks } = await connectionOf(flow, network);
      expect(ok).toBe(true);
      expect(checks).toContainEqual(expect.objectContaining({ name: 'domains', state: 'warning', detail }));
    });
    expect(await network.deadLetters()).toEqual([]);
  });

  test.concurrent('a network whose secret says PAUSED is not compared, and loses nothing', async () => {
    const network = flow.network('resting');
    await network.add('shop.acme-bikes.com');
    await network.settles('shop.acme-bikes.com', { state: 'present' });
    await settledLongAgo(flow, network, 'shop.acme-bikes.com');
    await network.changeSecret({ PAUSED: 'true' });
    // A removal reads the secret afresh, though at most every ten seconds.
    await eventually(async () => {
      await network.remove('nothing.acme-bikes.com');
      const state = expect.stringMatching(/^(paused|absent)$/);
      const item = await network.stands('nothing.acme-bikes.com', { state, owner: null });
      expect(item.state).toBe('paused');
    });
    deleteInPanel(flow, network, 'shop.acme-bikes.com');
    const calls = network.calls().length;
    await eventually(async () => {
      const stored = await flow.ledger.read(networkKey(network.name));
      if (stored === undefined) throw new Error('Nothing is known of the network');
      const at = Date.now();
      const due = { comparison: { dueAt: at, begunAt: null }, dueAt: at, sendAt: at };
      expect(
        await flow.ledger.write(networkKey(network.name), { ...stored.item, ...due }, stored.writes),
      ).toBe(true);
    });
    await eventually(
      async () => {
        const record = await network.record();
        expect(record?.comparison?.dueAt).toBeGreaterThan(Date.now() + HOUR_MS / 2);
        expect(record?.owner).toBeNull();
      },
      { everyMs: 50 },
    );
    expect(network.calls()).toHaveLength(calls);
    expect(await network.record()).toMatchObject({ drift: null });
    expect(network.hosted()).toEqual([network.ownDomain]);
  });
});

describe('with DRIFT_DRY_RUN', () => {
  afterAll(() => closeFlow(dryFlow));

  test.concurrent('what is missing is reported, and nothing is changed', async () => {
    const network = dryFlow.network('shared');
    await prepared(dryFlow, network);
    deleteInPanel(dryFlow, network, 'shop.acme-bikes.com');
    expect(await compared(dryFlow, network)).toMatchObject({
      drift: { missing: { count: 1, names: ['shop.acme-bikes.com'] }, dryRun: true },
    });
    await dryFlow.quiet();
    expect(await network.domain('shop.acme-bikes.com')).toMatchObject({ state: 'present', dueAt: null });
    expect(network.hosted()).toEqual([network.ownDomain]);
    const fix = expect.stringContaining('DRIFT_DRY_RUN');
    await eventually(async () => {
      const { checks } = await connectionOf(dryFlow, network);
      expect(checks).toContainEqual(expect.objectContaining({ name: 'domains', state: 'warning', fix }));
    });
  });
});
