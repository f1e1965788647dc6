import { afterAll, describe, expect, test } from '@jest/globals';
import { type Switches, usualSwitches } from '../../../local/runcloud/state/switches.ts';
import { eventually } from '../../support/eventually.ts';
import { closeFlow } from '../../support/flow/close-flow.ts';
import { startFlow } from '../../support/flow/flow.ts';
import { flowFiles } from '../../support/flow/flow-files.ts';
import type { FlowNetwork } from '../../support/flow/flow-network.ts';
import type { NetworkSeed } from '../../support/runcloud/place-network.ts';

type Position = Partial<Switches>;

/** Whatever RunCloud does here, a domain comes and goes all the same. The first is as most sources say. */
const harmless: readonly Position[] = [
  {},
  { domainSuccess: 201 },
  { domainSuccess: 204 },
  { duplicateName: '409' },
  { duplicateName: '422-without-errors' },
  { duplicateName: '200-with-message' },
  { namesAreUniqueIn: 'app' },
  { domainShape: 'id-name-created' },
  { domainFlags: 'booleans' },
  { domainFlags: 'text' },
  { listMeta: 'lastPage' },
  { listMeta: 'last_page' },
  { listMeta: 'lastPage-without-total' },
  { perPageOver40: 422 },
];

const duplicates: readonly Position[] = [
  { duplicateName: '422' },
  { duplicateName: '409' },
  { duplicateName: '422-without-errors' },
  { duplicateName: '200-with-message' },
  { errorShape: 'error-message' },
  { errorShape: 'error' },
  { errorShape: 'errors' },
  { errorShape: 'errors-list' },
  { errorShape: 'text' },
];

const spent: readonly { readonly code: string; readonly position: Position }[] = [
  { code: 'runcloud-quota-spent', position: { callsPerMonth: 0, quotaSpent: 429 } },
  { code: 'runcloud-forbidden', position: { callsPerMonth: 0, quotaSpent: 403 } },
  { code: 'runcloud-forbidden', position: { api: 'off' } },
];

function named<T>(what: string, all: readonly T[], seedOf: (one: T) => NetworkSeed = () => ({})) {
  return Object.fromEntries(all.map((one, index) => [`${what}-${index}`, seedOf(one)]));
}
function inPlace(switches: Position): NetworkSeed {
  return { switches, app: { domains: emulators } };
}
/** Two pages with the network's own. */
const emulators = Array.from({ length: 45 }, (_, index) => ({ name: `site-${index}.acme-bikes.com` }));

const primaries: readonly Position[] = [
  { deletePrimary: 422 },
  { deletePrimary: 403 },
  { deletePrimary: 200 },
];
const delays: readonly Position[] = [
  { retryAfter: 'absent' },
  { retryAfter: 'seconds' },
  { retryAfter: 'date' },
  { retryAfter: 'date', tooManyCalls: 'html' },
];
const minuteMs = 2_000;

const flow = await startFlow({
  retryBaseSeconds: 0.05,
  networks: {
    ...named('harmless', harmless, inPlace),
    ...named('duplicate', duplicates, (position) => ({
      switches: { ...position, namesAreUniqueIn: 'everywhere' },
    })),
    owner: {},
    doubled: inPlace({ duplicateName: 'accepted' }),
    ...named('primary', primaries, (switches) => ({ switches })),
    ...named('waits', delays, (switches) => ({ switches })),
    ...named('spent', spent),
    'meta-on-v2': { switches: { metaOnV2: true } },
    'no-meta-on-v2': { switches: { metaOnV2: false } },
    'www-taken': { switches: { servedWwwIsTaken: true } },
    'www-free': { switches: { servedWwwIsTaken: false } },
    uncounted: { switches: { listMeta: 'none' }, app: { domains: emulators } },
  },
});

const apex = 'acme-bikes.com';
const www = `www.${apex}`;
flow.dns.set(www, { A: ['127.0.0.1'] });

function rows({ appId }: FlowNetwork, name: string) {
  return flow.runcloud.app(appId).domains.filter((row) => row.name === name);
}

/** Turns switches of that network's workspace alone. */
function turn({ serverId }: FlowNetwork, position: Position): void {
  const own = flow.runcloud.workspaces.find(({ servers }) => servers.some(({ id }) => id === serverId));
  Object.assign(own?.switches ?? {}, position);
}

describe('whatever position a switch of RunCloud is in', () => {
  afterAll(() => closeFlow(flow));

  test.concurrent.each(harmless.map((position, index) => ({ position, index })))(
    'a domain arrives, is said again, goes, and is gone already: $position',
    async ({ position: { domainShape }, index }) => {
      const network = flow.network(`harmless-${index}`);
      // The old shape does not say.
      const wwwServed = domainShape === undefined ? true : null;
      const before = network.hosted();
      await network.add(apex);
      await network.settles(apex, { state: 'present', wwwServed, lastError: null });
      expect(rows(network, apex)).toMatchObject([{ type: 'alias', www: true }]);

      await network.add(apex);
      await network.settles(apex, { state: 'present', wwwServed, lastError: null });
      expect(rows(network, apex)).toHaveLength(1);
      expect(network.calls().filter((call) => call.startsWith('PATCH'))).toEqual([]);

      await network.remove(apex);
      await network.settles(apex, { state: 'absent', lastError: null });
      expect(network.hosted()).toEqual(before);

      await network.remove('never.acme-bikes.com');
      await network.settles('never.acme-bikes.com', { state: 'absent', lastError: null });
      // A row that another client added is found, and removed, on the second page.
      await network.add('site-44.acme-bikes.com');
      await network.settles('site-44.acme-bikes.com', { state: 'present', lastError: null });
      expect(rows(network, 'site-44.acme-bikes.com')).toHaveLength(1);
      await network.remove('site-44.acme-bikes.com');
      await network.settles('site-44.acme-bikes.com', { state: 'absent', lastError: null });
      expect(network.hosted()).toEqual(before.slice(0, -1));
      expect(await network.deadLetters()).toEqual([]);
    },
  );

  test.concurrent.each(duplicates.map((position, index) => ({ position, index })))(
    'a name that another application holds says so, in RunCloud’s own words, and arrives once that lets it go: $position',
    async ({ index }) => {
      const network = flow.network(`duplicate-${index}`);
      const name = `moving-${index}.acme-bikes.com`;
      const owner = flow.network('owner');
      flow.runcloud.addInPanel(owner.appId, { name });
      await network.add(name);
      await network.stands(name, {
        state: 'pending',
        lastError: { message: expect.stringContaining('The name has already been taken.') },
      });
      expect(rows(network, name)).toEqual([]);
      const { domains } = flow.runcloud.app(owner.appId);
      domains.splice(
        domains.findIndex((row) => row.name === name),
        1,
      );
      await network.settles(name, { state: 'present', lastError: null });
      expect(rows(network, name)).toHaveLength(1);
    },
  );

  test.concurrent.each(primaries.map((position, index) => ({ position, index })))(
    'a domain made primary after the read of the pass that removes it: $position',
    async ({ position: { deletePrimary }, index }) => {
      const network = flow.network(`primary-${index}`);
      await network.add(apex);
      await network.settles(apex, { state: 'present' });
      // It was promoted a moment after the worker had read it.
      const [row] = rows(network, apex);
      if (row === undefined) throw new Error(`RunCloud does not serve ${apex}`);
      const data = flow.runcloud
        .app(network.appId)
        .domains.map(({ id, name, type, www }) => ({ id, name, type, www }));
      const pagination = {
        total: data.length,
        count: data.length,
        per_page: 40,
        current_page: 1,
        total_pages: 1,
      };
      network.arm('/domains', {
        method: 'GET',
        answer: { status: 200, body: { data, meta: { pagination } } },
      });
      row.type = 'primary';
      await network.remove(apex);
      if (deletePrimary === 200) {
        await network.settles(apex, { state: 'absent' });
        return;
      }
      await network.settles(apex, { state: 'present', reason: 'primary-domain' });
      expect(rows(network, apex)).toHaveLength(1);
      expect(await network.deadLetters()).toEqual([]);
      expect(network.calls().filter((call) => call.startsWith('DELETE'))).toHaveLength(1);
    },
  );

  test.concurrent.each(delays.map((position, index) => ({ position, index })))(
    'a minute that is spent is waited out, and then the domain arrives: $position',
    async ({ position: { retryAfter }, index }) => {
      const network = flow.network(`waits-${index}`);
      if (retryAfter === 'absent') {
        // Left to itself, the relay waits ten calls long. It must have read the limit they count against.
        await network.add('first.acme-bikes.com');
        await network.settles('first.acme-bikes.com', { state: 'present' });
      }
      turn(network, { callsPerMinute: 0, minuteMs });
      const requestsOf = () =>
        flow.runcloud.requests.filter(({ path }) => path.split('/').includes(String(network.serverId)));
      const before = requestsOf().length;
      await network.add(apex);
      await network.stands(apex, { state: 'pending', lastError: expect.anything() });
      turn(network, { callsPerMinute: 6_000 });
      const { history } = await network.settles(apex, { state: 'present', lastError: null });
      expect(history).toContainEqual(
        expect.objectContaining({ what: 'waiting', detail: 'runcloud-rate-limited' }),
      );
      const [refused, next] = requestsOf().slice(before);
      expect(refused).toBeDefined();
      const gapMs = (next?.at ?? 0) - (refused?.at ?? 0);
      expect(gapMs).toBeGreaterThanOrEqual(retryAfter === 'absent' ? 10 * (60_000 / 6_000) : minuteMs);
      expect(await network.deadLetters()).toEqual([]);
    },
  );

  test.concurrent.each(spent.map((one, index) => ({ ...one, index })))(
    'all calls refused pauses the network as $code, and it goes on by itself: $position',
    async ({ position, code, index }) => {
      const network = flow.network(`spent-${index}`);
      await network.add('first.acme-bikes.com');
      await network.settles('first.acme-bikes.com', { state: 'present' });
      turn(network, position);
      const names = [apex, 'second.acme-bikes.com'];
      for (const name of names) await network.add(name);
      for (const name of names) await network.stands(name, { state: 'paused', reason: code });
      expect((await network.record())?.pause).toMatchObject({ code });
      turn(network, { callsPerMonth: usualSwitches.callsPerMonth, api: 'on' });
      for (const name of names) await network.settles(name, { state: 'present', lastError: null });
      expect((await network.record())?.pause).toBeNull();
      expect(await network.deadLetters()).toEqual([]);
    },
  );

  test.concurrent.each([
    { name: 'meta-on-v2', wwwServed: true },
    { name: 'no-meta-on-v2', wwwServed: false },
  ])('the legacy API updates what it can in a row without www: $name', async ({ name, wwwServed }) => {
    const network = flow.network(name);
    flow.runcloud.addInPanel(network.appId, { name: apex });
    await network.changeSecret({
      WU_RUNCLOUD_API_TOKEN: '',
      WU_RUNCLOUD_API_KEY: network.legacyPair.key,
      WU_RUNCLOUD_API_SECRET: network.legacyPair.secret,
    });
    await network.add(apex);
    await network.settles(apex, { state: 'present', wwwServed, lastError: null });
    expect(rows(network, apex)).toMatchObject([{ www: wwwServed }]);
    await network.remove(apex);
    await network.settles(apex, { state: 'absent' });
    expect(network.hosted()).toEqual([network.ownDomain]);
  });

  test.concurrent.each([
    { name: 'www-taken', served: false },
    { name: 'www-free', served: true },
  ])('beside a row of its own for www. a domain comes and goes: $name', async ({ name, served }) => {
    const network = flow.network(name);
    flow.runcloud.addInPanel(network.appId, { name: www });
    await network.add(apex);
    await network.settles(apex, { state: 'present', wwwServed: served, lastError: null });
    await network.remove(apex);
    await network.settles(apex, { state: 'absent', lastError: null });
    expect(network.hosted()).toEqual([network.ownDomain, www]);
  });

  test.concurrent('a name that got a second row goes with both', async () => {
    const network = flow.network('doubled');
    const name = 'site-44.acme-bikes.com';
    await network.add(name);
    await network.settles(name, { state: 'present', lastError: null });
    expect(rows(network, name)).toHaveLength(2);
    await network.remove(name);
    await network.settles(name, { state: 'absent', lastError: null });
    expect(rows(network, name)).toEqual([]);
  });

  test.concurrent('of a list that counts nothing names are found, removed, and known to be absent', async () => {
    const network = flow.network('uncounted');
    await network.add(apex);
    await network.settles(apex, { state: 'present', lastError: null });
    await network.add('site-44.acme-bikes.com');
    await network.settles('site-44.acme-bikes.com', { state: 'present', lastError: null });
    await network.remove('never.acme-bikes.com');
    await network.settles('never.acme-bikes.com', { state: 'absent', lastError: null });
    for (const name of [apex, 'site-44.acme-bikes.com']) {
      await network.remove(name);
      await eventually(() => expect(rows(network, name)).toEqual([]));
    }
    expect(network.hosted()).toHaveLength(emulators.length);
  });
});

test('there is no switch that no flow turns', () => {
  const flows = flowFiles();
  const isTurned = (name: string) => flows.some(({ text }) => new RegExp(`\\b${name}(:| =|,)`).test(text));
  expect(Object.keys(usualSwitches).filter((name) => !isTurned(name))).toEqual([]);
});
