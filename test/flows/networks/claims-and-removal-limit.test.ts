import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { toInstant } from '../../../lib/sync/ledger/time.ts';
import { eventually } from '../../support/eventually.ts';
import { closeFlow } from '../../support/flow/close-flow.ts';
import { type Flow, startFlow } from '../../support/flow/flow.ts';

function idsOf({ serverId, appId }: { readonly serverId: number; readonly appId: number }) {
  return {
    WU_RUNCLOUD_SERVER_ID: String(serverId),
    WU_RUNCLOUD_APP_ID: String(appId),
  };
}

/** By index: the first two networks share one web application, the next two one token, whose limit is felt. */
function tokenOf(network: string) {
  return `token-of-the-workspace-of-${network}`;
}

describe('what networks of one deployment share', () => {
  let flow: Flow;

  beforeAll(async () => {
    const old = { id: 790, domains: [{ name: 'old.network.example.com', type: 'primary' as const }] };
    flow = await startFlow({
      retryBaseSeconds: 0.05,
      sweepEveryMs: 500,
      networks: {
        first: {},
        second: { secret: { WU_RUNCLOUD_SERVER_ID: '400', WU_RUNCLOUD_APP_ID: '700' } },
        one: { switches: { callsPerMinute: 120 } },
        // RunCloud knows this network's server in its own workspace, and lets the other's token in there too.
        two: { secret: { WU_RUNCLOUD_API_TOKEN: tokenOf('one') } },
        moving: { secret: { WU_RUNCLOUD_SERVER_ID: '490', WU_RUNCLOUD_APP_ID: '790' } },
        limited: { secret: { REMOVALS_PER_HOUR: '1' } },
        unlimited: { secret: { REMOVALS_PER_HOUR: '0' } },
      },
      runcloud: { workspaces: [{ servers: [{ id: 490, apps: [old] }] }] },
    });
    const { workspaces } = flow.runcloud;
    const of = (serverId: number) =>
      workspaces.find(({ servers }) => servers.some(({ id }) => id === serverId));
    // One account each: its servers lie in one workspace.
    for (const [keeper, joining] of [
      [of(flow.network('first').serverId), of(flow.network('second').serverId)],
      [of(flow.network('one').serverId), of(flow.network('two').serverId)],
      [of(flow.network('moving').serverId), of(490)],
    ]) {
      keeper?.servers.push(...(joining?.servers.splice(0) ?? []));
      if (keeper !== undefined && joining !== undefined)
        keeper.tokens = [...keeper.tokens, ...joining.tokens];
    }
  });

  afterAll(() => closeFlow(flow));

  test.concurrent('a web application belongs to the first network; the second writes nothing until it is let go', async () => {
    const first = flow.network('first');
    const second = flow.network('second');
    await first.add('one.acme-bikes.com');
    await first.settles('one.acme-bikes.com', { state: 'present' });
    const calls = first.calls().length;
    await second.add('two.acme-bikes.com');
    await second.stands('two.acme-bikes.com', { state: 'paused', reason: 'app-claimed' });
    await second.remove('one.acme-bikes.com');
    await second.stands('one.acme-bikes.com', { state: 'paused', reason: 'app-claimed' });
    expect(first.calls()).toHaveLength(calls);
    expect(first.hosted()).toEqual([first.ownDomain, 'one.acme-bikes.com']);

    // The first network gets a web application of its own, and releases this one in its next pass.
    await second.add('one.acme-bikes.com');
    await first.changeSecret({ ...idsOf(second) });
    await eventually(async () => {
      await first.remove('nothing.acme-bikes.com');
      await first.settles('nothing.acme-bikes.com', { state: 'absent' });
      expect(await first.record()).toMatchObject({ claim: { appId: String(second.appId) } });
    });
    await second.settles('two.acme-bikes.com', { state: 'present' });
    expect(first.hosted()).toContain('two.acme-bikes.com');
    expect(await second.deadLetters()).toEqual([]);
    // What the first network had here stays, and is served at its new application too.
    await first.settles('one.acme-bikes.com', {
      state: 'present',
      runcloudId: expect.objectContaining(appOf(second)),
    });
    expect(second.hosted()).toContain('one.acme-bikes.com');
    expect(first.hosted()).toContain('one.acme-bikes.com');
  });

  test.concurrent('a network whose ids change is served at the new application; at the old one nothing is deleted', async () => {
    const moving = flow.network('moving');
    const names = ['a.acme-bikes.com', 'b.acme-bikes.com', 'gone.acme-bikes.com'];
    for (const name of names) await moving.add(name);
    for (const name of names) await moving.settles(name, { state: 'present' });
    await moving.remove('gone.acme-bikes.com');
    await moving.settles('gone.acme-bikes.com', { state: 'absent' });
    const there = () =>
      flow.runcloud
        .app(790)
        .domains.map(({ name }) => name)
        .toSorted();
    expect(there()).toEqual(['a.acme-bikes.com', 'b.acme-bikes.com', 'old.network.example.com']);

    await moving.changeSecret(idsOf(moving));
    await eventually(
      async () => {
        // A removal reads the secret again, though at most every ten seconds, and finds the ids changed.
        await moving.remove('gone.acme-bikes.com');
        await moving.settles('gone.acme-bikes.com', { state: 'absent' });
        expect(await moving.record()).toMatchObject({ claim: { appId: String(moving.appId) } });
      },
      { everyMs: 1_000 },
    );
    for (const name of ['a.acme-bikes.com', 'b.acme-bikes.com']) {
      const item = await moving.settles(name, {
        state: 'present',
        runcloudId: expect.objectContaining(appOf(moving)),
      });
      expect(item.history.map(({ what }) => what)).toContain('moved');
    }
    expect(moving.hosted()).toEqual(expect.arrayContaining(['a.acme-bikes.com', 'b.acme-bikes.com']));
    expect(there()).toEqual(['a.acme-bikes.com', 'b.acme-bikes.com', 'old.network.example.com']);
  });

  const appOf = ({ serverId, appId }: { readonly serverId: number; readonly appId: number }) => ({
    serverId: String(serverId),
    appId: String(appId),
  });

  test.concurrent('networks with one token keep its limit together: RunCloud never has to answer 429', async () => {
    const both = [flow.network('one'), flow.network('two')];
    const from = Date.now();
    const names = Array.from({ length: 5 }, (_, at) => `s${at}.acme-bikes.com`);
    for (const name of names)
      await Promise.all(both.map((network) => network.add(`${network.name}-${name}`)));
    await Promise.all(
      both.flatMap((network) =>
        names.map((name) => network.settles(`${network.name}-${name}`, { state: 'present' })),
      ),
    );
    const [token] = new Set(
      flow.runcloud.requests.filter(({ path }) => path.includes('/702/')).map((r) => r.token),
    );
    const calls = flow.runcloud.requests.filter((request) => request.token === token && request.at >= from);
    expect(new Set(calls.map(({ path }) => path)).size).toBe(2);
    // One slot every half second, for any worker; a busy machine only takes it later.
    const tookMs = (calls.at(-1)?.at ?? 0) - from;
    expect(calls.length).toBeLessThanOrEqual(tookMs / 500 + 1);
    expect(flow.lines.filter((line) => line.includes('runcloud-rate-limited'))).toEqual([]);
  });

  test.concurrent('past REMOVALS_PER_HOUR a removal waits, and its status says so; 0 is no removal limit', async () => {
    const names = ['a.acme-bikes.com', 'b.acme-bikes.com'];
    for (const network of [flow.network('limited'), flow.network('unlimited')]) {
      for (const name of names) await network.add(name);
      for (const name of names) await network.settles(name, { state: 'present' });
    }
    const unlimited = flow.network('unlimited');
    for (const name of names) await unlimited.remove(name);
    for (const name of names) await unlimited.settles(name, { state: 'absent' });

    const limited = flow.network('limited');
    await limited.remove('a.acme-bikes.com');
    await limited.settles('a.acme-bikes.com', { state: 'absent' });
    await limited.remove('b.acme-bikes.com');
    const held = await limited.stands('b.acme-bikes.com', { state: 'removing', reason: 'removals-limited' });
    expect(held.attempts).toBe(0);
    expect(held.dueAt).toBeGreaterThan(Date.now() + 3_000_000);
    expect(limited.hosted()).toContain('b.acme-bikes.com');
    const answer = await fetch(`${flow.url}/limited/domains/b.acme-bikes.com`, {
      headers: { authorization: `Bearer ${limited.secret.RELAY_READ_TOKEN}` },
    });
    expect(await answer.json()).toMatchObject({
      wanted: 'absent',
      hosting: { state: 'removing', reason: 'removals-limited', nextTryAt: toInstant(held.dueAt ?? 0) },
    });
    // A domain that is announced again meanwhile is not held.
    await limited.add('b.acme-bikes.com');
    await limited.settles('b.acme-bikes.com', { state: 'present', reason: null });
  });
});
