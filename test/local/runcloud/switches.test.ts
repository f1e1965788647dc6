import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { runcloudCertificates } from '../../../lib/runcloud/certificates.ts';
import { runcloudHosting } from '../../../lib/runcloud/domains.ts';
import { ping } from '../../../lib/runcloud/server.ts';
import { findSsl, installSsl, readSslMode, redeploySsl } from '../../../lib/runcloud/ssl.ts';
import type { Hosting } from '../../../lib/sync/ledger/runcloud-ports.ts';
import { readListing } from '../../../lib/sync/network/listing/listing.ts';
import type { RunningRuncloud } from '../../../local/runcloud/server.ts';
import { type Switches, usualSwitches } from '../../../local/runcloud/state/switches.ts';
import { type ManualClock, manualClock } from '../../doubles/manual-clock.ts';
import {
  app,
  clientOf,
  failureOf,
  foreignToken,
  ids,
  legacy,
  primary,
  runcloudWorld,
} from '../../support/runcloud/runcloud.ts';

/** The real client over real HTTP, and a clock that only a test moves. */
let runcloud: RunningRuncloud;
let hosting: Hosting;
let clock: ManualClock;
let unresolved: Set<string>;

beforeEach(async () => {
  clock = manualClock(Date.UTC(2026, 10, 21, 5));
  unresolved = new Set();
  runcloud = await runcloudWorld({ clock, resolves: (name) => !unresolved.has(name) });
  hosting = runcloudHosting(clientOf(runcloud), ids);
});

afterEach(() => runcloud.close());

function turn(switches: Partial<Switches>) {
  return Object.assign(runcloud.switches, switches);
}
function add(name: string, www = false) {
  return hosting.add({ name, www });
}
function names() {
  return runcloud.app(app).domains.map(({ name }) => name);
}
const domain = { ...ids, domainId: 1 };
function install(owner: typeof ids | typeof domain = ids) {
  return installSsl(clientOf(runcloud), owner);
}
function covered() {
  return runcloud.app(app).ssl?.names;
}
function manyDomains(count: number) {
  return Array.from({ length: count }, (_, index) => ({ name: `d${index}.example` }));
}
function addInPanel(count: number) {
  for (const seed of manyDomains(count)) runcloud.addInPanel(app, seed);
}

/** Installs for the primary, adds a second name, orders again. */
async function installAddRedeploy() {
  const ssl = await install();
  if (ssl === 'unclear') throw new Error('Not installed');
  await add('shop.example');
  await redeploySsl(clientOf(runcloud), ids, ssl.id);
}

type Rules = Readonly<Record<string, () => Promise<void>>>;

/** What a client meets in each position of each switch. A switch without an entry here does not compile. */
const rules: { readonly [S in keyof Switches]: Rules } = {
  domainSuccess: {
    '200 and 201 show the resource, 204 leaves both calls open': async () => {
      for (const domainSuccess of [200, 201] as const) {
        turn({ domainSuccess });
        const added = await add('shop.example');
        expect(added).toMatchObject({ name: 'shop.example' });
        expect(await hosting.remove(added?.id ?? 0)).toBe('removed');
      }
      turn({ domainSuccess: 204 });
      expect(await add('shop.example')).toBeUndefined();
      const id = runcloud.app(app).domains.at(-1)?.id ?? 0;
      expect(await hosting.remove(id)).toBe('unclear');
      expect(names()).toEqual(['network.example']);
    },
  },
  duplicateName: {
    'every kind of 4xx is refused': async () => {
      await add('shop.example');
      for (const [duplicateName, status] of [
        ['422', 422],
        ['409', 409],
        ['422-without-errors', 422],
      ] as const) {
        turn({ duplicateName });
        expect(await failureOf(add('shop.example'))).toMatchObject({ code: 'runcloud-refused', status });
      }
    },
    'a success with a message confirms nothing': async () => {
      await add('shop.example');
      turn({ duplicateName: '200-with-message' });
      expect(await add('shop.example')).toBeUndefined();
    },
    'accepted: a name has as many rows as it was added': async () => {
      turn({ duplicateName: 'accepted' });
      const [first, second] = [await add('shop.example'), await add('shop.example')];
      expect(second?.id).not.toBe(first?.id);
      expect(names().filter((name) => name === 'shop.example')).toHaveLength(2);
      expect(await hosting.remove(second?.id ?? 0)).toBe('removed');
      expect(names().filter((name) => name === 'shop.example')).toHaveLength(1);
    },
  },
  namesAreUniqueIn: {
    'another application may hold the name, or not': async () => {
      const sibling = runcloudHosting(clientOf(runcloud), { ...ids, appId: '8' });
      await sibling.add({ name: 'shop.example', www: false });
      expect(await failureOf(add('shop.example'))).toMatchObject({ code: 'runcloud-refused' });
      turn({ namesAreUniqueIn: 'app' });
      expect(await add('shop.example')).toMatchObject({ name: 'shop.example' });
    },
    'so may another server': async () => {
      runcloud.addInPanel(9, { name: 'shop.example' });
      turn({ namesAreUniqueIn: 'everywhere' });
      expect(await failureOf(add('shop.example'))).toMatchObject({ code: 'runcloud-refused' });
      turn({ namesAreUniqueIn: 'server' });
      expect(await add('shop.example')).toMatchObject({ name: 'shop.example' });
    },
  },
  servedWwwIsTaken: {
    'a www name may stand beside the bare name that serves it, or not': async () => {
      await add('shop.example', true);
      expect(await failureOf(add('www.shop.example'))).toMatchObject({ code: 'runcloud-refused' });
      turn({ servedWwwIsTaken: false });
      expect(await add('www.shop.example')).toMatchObject({ name: 'www.shop.example' });
    },
  },
  deletePrimary: {
    'is refused, forbidden or done': async () => {
      expect(await failureOf(hosting.remove(1))).toMatchObject({ code: 'runcloud-refused', status: 422 });
      turn({ deletePrimary: 403 });
      expect(await failureOf(hosting.remove(1))).toMatchObject({ code: 'runcloud-forbidden' });
      expect(names()).toEqual(['network.example']);
      turn({ deletePrimary: 200 });
      expect(await hosting.remove(1)).toBe('removed');
      expect(names()).toEqual([]);
    },
  },
  domainShape: {
    'the old shape leaves type and www unknown': async () => {
      turn({ domainShape: 'id-name-created' });
      const old = { id: 1, name: 'network.example', type: undefined, www: undefined, wildcard: false };
      expect(await readListing(hosting)).toEqual({ domains: [old], complete: true, confirmed: true });
      expect(await hosting.find(1)).toEqual(old);
      expect(await add('shop.example', true)).toMatchObject({ type: undefined, www: undefined });
    },
  },
  domainFlags: {
    'mean the same as numbers, booleans and text': async () => {
      const id = (await add('shop.example', true))?.id ?? 0;
      for (const domainFlags of ['numbers', 'booleans', 'text'] as const) {
        turn({ domainFlags });
        expect(await hosting.find(id)).toMatchObject({ www: true, wildcard: false });
      }
    },
  },
  metaOnV2: {
    'without the meta call nothing can be updated': async () => {
      turn({ metaOnV2: false });
      const v2 = runcloudHosting(clientOf(runcloud, { credential: { api: 'v2', ...legacy } }), ids);
      expect(await v2.updateDomain(1, { www: true })).toBe('unsupported');
      const id = (await add('shop.example'))?.id ?? 0;
      expect(await hosting.updateDomain(id, { www: true })).toBe('updated');
    },
  },
  sslMissing: {
    'is none with 404 and with 200': async () => {
      for (const sslMissing of [404, 200] as const) {
        turn({ sslMissing });
        expect(await findSsl(clientOf(runcloud), ids)).toBeUndefined();
      }
    },
  },
  sslExists: {
    'a second installation is refused, or replaces the first': async () => {
      turn({ sslIssue: 'immediate' });
      const first = await install();
      expect(await failureOf(install())).toMatchObject({ code: 'runcloud-refused' });
      turn({ sslExists: 'replace' });
      expect(await install()).not.toEqual(first);
    },
    'so is one while the first is under way': async () => {
      await install();
      expect(await failureOf(install())).toMatchObject({ code: 'runcloud-refused' });
      expect(runcloud.orders).toHaveLength(1);
    },
  },
  sslIssue: {
    'shows a delayed certificate once its time has come': async () => {
      expect(await install()).toMatchObject({ method: 'letsencrypt' });
      expect(await findSsl(clientOf(runcloud), ids)).toBeUndefined();
      await clock.advance(30_000);
      expect(await findSsl(clientOf(runcloud), ids)).toMatchObject({ method: 'letsencrypt' });
      expect(runcloud.orders).toMatchObject([{ outcome: 'issued' }]);
    },
    'shows what was there until a delayed redeploy is done': async () => {
      const before = runcloud.installInPanel(app, { names: ['network.example'] });
      await add('shop.example');
      expect(await redeploySsl(clientOf(runcloud), ids, before.id)).toMatchObject({ id: before.id });
      await clock.advance(29_999);
      expect(covered()).toEqual(['network.example']);
      await clock.advance(1);
      expect(covered()).toEqual(['network.example', 'shop.example']);
    },
    'installs the later one of two delayed redeploys': async () => {
      const { id } = runcloud.installInPanel(app);
      await redeploySsl(clientOf(runcloud), ids, id);
      await add('shop.example');
      await redeploySsl(clientOf(runcloud), ids, id);
      await clock.advance(30_000);
      expect(covered()).toEqual(['network.example', 'shop.example']);
      expect(runcloud.orders.map(({ outcome }) => outcome)).toEqual(['superseded', 'issued']);
    },
    'shows an immediate one at once': async () => {
      turn({ sslIssue: 'immediate' });
      const installed = await install();
      expect(await findSsl(clientOf(runcloud), ids)).toEqual(installed);
    },
    'holds the call until a blocking one is there': async () => {
      turn({ sslIssue: 'blocking' });
      const installing = install();
      while (clock.nextDueAt() === undefined) await new Promise((resolve) => setImmediate(resolve));
      expect(covered()).toBeUndefined();
      await clock.advance(30_000);
      expect(await installing).toMatchObject({ method: 'letsencrypt' });
      expect(covered()).toEqual(['network.example']);
    },
    'fails with 422 or 500': async () => {
      turn({ sslIssue: 'fails-422' });
      expect(await failureOf(install())).toMatchObject({ code: 'runcloud-refused', unanswered: false });
      turn({ sslIssue: 'fails-500' });
      expect(await failureOf(install())).toMatchObject({ code: 'runcloud-unavailable', unanswered: true });
      expect(runcloud.orders.map(({ outcome }) => outcome)).toEqual(['failed', 'failed']);
    },
    'answers 200 and does nothing': async () => {
      turn({ sslIssue: 'fails-200' });
      expect(await install()).toBe('unclear');
      expect(covered()).toBeUndefined();
      expect(runcloud.orders.map(({ outcome }) => outcome)).toEqual(['failed']);
    },
  },
  sslIssueMs: {
    'says how long a delayed certificate takes': async () => {
      turn({ sslIssueMs: 5_000 });
      await install();
      await clock.advance(4_999);
      expect(covered()).toBeUndefined();
      await clock.advance(1);
      expect(covered()).toEqual(['network.example']);
    },
  },
  sslLifetimeDays: {
    'sets the end of a certificate': async () => {
      turn({ sslIssue: 'immediate', sslLifetimeDays: 45 });
      expect(await install()).toMatchObject({ validUntil: '2027-01-05 05:00:00' });
    },
  },
  domainSslAnswer: {
    'empty leaves an installation and a redeploy of one domain unclear': async () => {
      turn({ sslIssue: 'immediate', domainSslAnswer: 'empty' });
      runcloud.app(app).mode.advancedSSL = true;
      expect(await install(domain)).toBe('unclear');
      const ssl = await findSsl(clientOf(runcloud), domain);
      expect(await redeploySsl(clientOf(runcloud), domain, ssl?.id ?? 0)).toBe('unclear');
    },
  },
  redeployCovers: {
    'all names, or only the old ones': async () => {
      turn({ sslIssue: 'immediate', sslExists: 'replace' });
      await installAddRedeploy();
      expect(covered()).toEqual(['network.example', 'shop.example']);
      expect(await runcloud.certificateFor('shop.example')).toBeDefined();
    },
    'only the old ones': async () => {
      turn({ sslIssue: 'immediate', redeployCovers: 'old-names' });
      await installAddRedeploy();
      expect(covered()).toEqual(['network.example']);
      expect(await runcloud.certificateFor('shop.example')).toBeUndefined();
    },
  },
  domainSslInBasicMode: {
    'is refused, or switches the application over': async () => {
      expect(await failureOf(install(domain))).toMatchObject({ code: 'runcloud-refused' });
      expect(await failureOf(findSsl(clientOf(runcloud), domain))).toMatchObject({
        code: 'runcloud-refused',
      });
      expect(await readSslMode(clientOf(runcloud), ids)).toBe('basic');
      turn({ domainSslInBasicMode: 'switch-to-advanced' });
      await install(domain);
      expect(await readSslMode(clientOf(runcloud), ids)).toBe('advanced');
    },
  },
  sslFlags: {
    'as numbers do no harm': async () => {
      turn({ sslIssue: 'immediate', sslFlags: 'numbers' });
      await install();
      expect(await findSsl(clientOf(runcloud), ids)).toMatchObject({ method: 'letsencrypt' });
    },
  },
  sslShape: {
    'tells an uploaded certificate from one of Let’s Encrypt in every spelling, or says nothing':
      async () => {
        turn({ sslIssue: 'immediate' });
        await install();
        const found = () => runcloudCertificates(clientOf(runcloud), ids).find();
        for (const sslShape of ['method', 'provider', 'spelled-out', 'id-only'] as const) {
          turn({ sslShape });
          const unknown = sslShape === 'id-only';
          expect(await found()).toMatchObject({ origin: unknown ? 'unknown' : 'http-01' });
          runcloud.installInPanel(app, { method: 'custom' });
          expect(await found()).toMatchObject({ origin: unknown ? 'unknown' : 'uploaded' });
          runcloud.installInPanel(app);
        }
      },
  },
  sslModeKeys: {
    'tell the mode in every spelling': async () => {
      for (const sslModeKeys of ['advancedSSL', 'advancedSsl', 'enabled'] as const) {
        turn({ sslModeKeys });
        runcloud.app(app).mode = { advancedSSL: false, autoSSL: false };
        expect(await readSslMode(clientOf(runcloud), ids)).toBe('basic');
        runcloud.app(app).mode.advancedSSL = true;
        expect(await readSslMode(clientOf(runcloud), ids)).toBe('advanced');
      }
    },
  },
  unreachableNames: {
    'fail the whole order although they lead to the server': async () => {
      turn({ sslIssue: 'immediate', unreachableNames: ['shop.example'] });
      await add('shop.example');
      expect(await failureOf(install())).toMatchObject({ code: 'runcloud-refused' });
      turn({ unreachableNames: [] });
      await install();
      expect(covered()).toContain('shop.example');
    },
  },
  unsupportedName: {
    'fails the whole order, or gets no certificate': async () => {
      turn({ sslIssue: 'immediate' });
      await add('ab--cd.example');
      expect(await failureOf(install())).toMatchObject({ code: 'runcloud-refused' });
      turn({ unsupportedName: 'is-left-out' });
      await install();
      expect(runcloud.app(app).ssl?.names).toEqual(['network.example']);
    },
  },
  unresolvedName: {
    'fails the whole order': async () => {
      turn({ sslIssue: 'immediate' });
      await add('shop.example');
      unresolved.add('shop.example');
      expect(await failureOf(install())).toMatchObject({ code: 'runcloud-refused' });
      expect(covered()).toBeUndefined();
    },
    'fails a delayed order in silence': async () => {
      unresolved.add('network.example');
      await install();
      await clock.advance(30_000);
      expect(await findSsl(clientOf(runcloud), ids)).toBeUndefined();
      expect(runcloud.orders).toMatchObject([{ outcome: 'failed' }]);
    },
    'leaves what was there when it fails a delayed order': async () => {
      const before = runcloud.installInPanel(app);
      await add('shop.example');
      unresolved.add('shop.example');
      await redeploySsl(clientOf(runcloud), ids, before.id);
      await clock.advance(30_000);
      expect(runcloud.app(app).ssl).toEqual(before);
      expect(runcloud.orders).toMatchObject([
        { at: before.createdAt + 86_400_000, names: ['network.example', 'shop.example'], outcome: 'failed' },
      ]);
    },
    'fails the order of its own domain only in advanced mode': async () => {
      turn({ sslIssue: 'immediate' });
      runcloud.app(app).mode.advancedSSL = true;
      const added = await add('shop.example');
      unresolved.add('network.example');
      expect(await failureOf(install(domain))).toMatchObject({ code: 'runcloud-refused' });
      expect(await install({ ...ids, domainId: added?.id ?? 0 })).toMatchObject({ method: 'letsencrypt' });
    },
    'or is left out of it': async () => {
      turn({ sslIssue: 'immediate', unresolvedName: 'is-left-out' });
      await add('shop.example', true);
      unresolved.add('www.shop.example');
      await install();
      expect(covered()).toEqual(['network.example', 'shop.example']);
    },
  },
  errorShape: {
    'says the same in every position': async () => {
      await add('shop.example');
      for (const errorShape of [
        'message',
        'error-message',
        'error',
        'errors',
        'errors-list',
        'text',
      ] as const) {
        turn({ errorShape });
        expect(await failureOf(add('shop.example'))).toMatchObject({
          code: 'runcloud-refused',
          status: 422,
          said: expect.stringContaining('The name has already been taken.'),
        });
      }
    },
    'also where the refusal is about no field': async () => {
      await add('shop.example');
      for (const errorShape of ['error-message', 'error', 'errors', 'errors-list', 'text'] as const) {
        turn({ errorShape, duplicateName: '409' });
        expect(await failureOf(add('shop.example'))).toMatchObject({
          said: expect.stringContaining('The name has already been taken.'),
        });
      }
    },
  },
  api: {
    'off forbids everything': async () => {
      turn({ api: 'off' });
      expect(await failureOf(ping(clientOf(runcloud)))).toMatchObject({ code: 'runcloud-forbidden' });
    },
  },
  callsPerMinute: {
    'holds off what is too much, until the minute is over': async () => {
      turn({ callsPerMinute: 2 });
      await hosting.find(1);
      await hosting.find(1);
      expect(await failureOf(hosting.find(1))).toMatchObject({ code: 'runcloud-rate-limited' });
      await clock.advance(60_000);
      expect(await hosting.find(1)).toBeDefined();
    },
  },
  minuteMs: {
    'is over earlier in a test that cannot move the time': async () => {
      turn({ callsPerMinute: 1, minuteMs: 2_000, retryAfter: 'seconds' });
      await hosting.find(1);
      expect(await failureOf(hosting.find(1))).toMatchObject({ retryAfterMs: 2_000 });
      await clock.advance(2_000);
      expect(await hosting.find(1)).toBeDefined();
    },
  },
  retryAfter: {
    'is absent, in seconds, or a date': async () => {
      turn({ callsPerMinute: 0 });
      const now = () => clock.now();
      const limited = () => failureOf(ping(clientOf(runcloud, { now })));
      expect(await limited()).toMatchObject({ retryAfterMs: undefined });
      await clock.advance(20_000);
      turn({ retryAfter: 'seconds' });
      expect(await limited()).toMatchObject({ retryAfterMs: 40_000 });
      turn({ retryAfter: 'date' });
      expect(await limited()).toMatchObject({ retryAfterMs: 40_000 });
    },
  },
  tooManyCalls: {
    'is 429 from RunCloud and from a page of the proxy before it': async () => {
      for (const tooManyCalls of ['json', 'html'] as const) {
        turn({ callsPerMinute: 0, retryAfter: 'seconds', tooManyCalls });
        const now = () => clock.now();
        expect(await failureOf(ping(clientOf(runcloud, { now })))).toMatchObject({
          code: 'runcloud-rate-limited',
          retryAfterMs: 60_000,
        });
      }
    },
  },
  callsPerMonth: {
    'ends the calls of a workspace until the next month': async () => {
      turn({ callsPerMonth: 1 });
      await hosting.find(1);
      expect(await failureOf(hosting.find(1))).toMatchObject({ code: 'runcloud-rate-limited', status: 429 });
      await clock.advance(10 * 86_400_000);
      expect(await hosting.find(1)).toBeDefined();
    },
  },
  quotaSpent: {
    'may also be answered by 403': async () => {
      turn({ callsPerMonth: 0, quotaSpent: 403 });
      expect(await failureOf(hosting.find(1))).toMatchObject({ code: 'runcloud-forbidden', status: 403 });
    },
  },
  listMeta: {
    'in every form that tells a total gives all pages, complete': async () => {
      addInPanel(85);
      for (const listMeta of ['pagination', 'lastPage', 'last_page'] as const) {
        turn({ listMeta });
        const { domains, complete } = await readListing(hosting);
        expect([domains.length, complete]).toEqual([86, true]);
      }
      expect(runcloud.requests).toHaveLength(12);
    },
    'without a total is complete where its ids rise from page to page': async () => {
      addInPanel(45);
      turn({ listMeta: 'lastPage-without-total' });
      const { domains, complete } = await readListing(hosting);
      expect([domains.length, complete, runcloud.requests.length]).toEqual([46, true, 3]);
    },
    'if there is none, the list is walked twice, to an empty page': async () => {
      addInPanel(45);
      turn({ listMeta: 'none' });
      const { domains, complete } = await readListing(hosting);
      expect([domains.length, complete, runcloud.requests.length]).toEqual([46, true, 6]);
    },
  },
  perPageOver40: {
    'never concerns us: we ask for 40': async () => {
      addInPanel(45);
      for (const perPageOver40 of ['clamp', 422] as const) {
        turn({ perPageOver40 });
        expect((await readListing(hosting)).domains).toHaveLength(46);
      }
      const headers = { authorization: 'Bearer token-of-the-workspace-0123456789' };
      const path = '/api/v3/servers/42/webapps/7/domains';
      const reply = await runcloud.answer({ method: 'GET', path, query: '?perPage=50', headers, body: '' });
      expect(reply).toMatchObject({ status: 422 });
    },
  },
};

describe.each(Object.entries(rules))('%s', (_, positions) => {
  for (const [title, rule] of Object.entries(positions)) test(title, rule);
});

test('every switch there is has its rules here', () => {
  expect(Object.keys(rules).sort()).toEqual(Object.keys(usualSwitches).sort());
  expect(Object.values(rules).filter((positions) => Object.keys(positions).length === 0)).toEqual([]);
});

test('a workspace may have positions of its own, and the others keep theirs', async () => {
  const [own] = runcloud.workspaces;
  Object.assign(own?.switches ?? {}, { domainShape: 'id-name-created', callsPerMinute: 2 });
  expect(await hosting.find(1)).toMatchObject({ type: undefined });
  await hosting.find(1);
  expect(await failureOf(hosting.find(1))).toMatchObject({ code: 'runcloud-rate-limited' });
  runcloud.addInPanel(9, { id: 2, name: 'shop.example' });
  const foreign = clientOf(runcloud, { credential: { api: 'v3', token: foreignToken } });
  const others = runcloudHosting(foreign, { serverId: '43', appId: '9' });
  for (let n = 0; n < 3; n += 1) expect(await others.find(2)).toMatchObject({ type: 'alias' });
});

test('advanced mode is not for a lower plan', async () => {
  const small = await runcloudWorld({ plan: 'pro', app: { domains: [primary] } });
  const set = clientOf(small).request({
    method: 'POST',
    path: '/servers/42/webapps/7/ssl/advanced',
    body: { advancedSSL: true },
  });
  expect(await failureOf(set)).toMatchObject({ code: 'runcloud-forbidden', status: 403 });
  expect(small.app(app).mode.advancedSSL).toBe(false);
  // A plan may have been given up since.
  small.app(app).mode.advancedSSL = true;
  expect(await failureOf(installSsl(clientOf(small), domain))).toMatchObject({ status: 403 });
  await small.close();
});
