import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { z } from 'zod';
import { receive } from '../../functions/connection.ts';
import type { ReadServices } from '../../functions/services/read.ts';
import type { ReadSettings } from '../../functions/services/secrets.ts';
import { systemClock } from '../../lib/clock.ts';
import { Unavailable } from '../../lib/errors.ts';
import { InvalidSecret } from '../../lib/settings/invalid-secret.ts';
import { claimKey } from '../../lib/sync/ledger/keys.ts';
import type { Fault } from '../../local/runcloud/http/faults.ts';
import type { RunningRuncloud } from '../../local/runcloud/server.ts';
import { answer, json, nowMs } from '../support/api/api-world.ts';
import {
  connectionCall,
  putDomain,
  putNetwork,
  readSettings,
  readToken,
  readWorld,
} from '../support/api/read-world.ts';
import { app, foreignToken, legacy, primary, runcloudWorld, token } from '../support/runcloud/runcloud.ts';
import { APP, DAY, HOUR, networkItem, OTHER_APP, settledItem } from '../support/sync/items.ts';

const reportSchema = z.strictObject({
  network: z.literal('demo'),
  ok: z.boolean(),
  checks: z.array(
    z.strictObject({
      name: z.string(),
      state: z.enum(['ok', 'warning', 'failed', 'not-answered', 'skipped']),
      detail: z.string().min(1),
      fix: z.string().min(1).nullable(),
    }),
  ),
});

const wildcard = { name: '*.network.example' };
let runcloud: RunningRuncloud;

beforeEach(async () => {
  runcloud = await runcloudWorld({ app: { domains: [primary, wildcard], advancedSSL: true } });
});

afterEach(() => runcloud.close());

function worldOf(settings: Partial<ReadSettings> = {}, part: Partial<ReadServices> = {}) {
  return readWorld({ runcloudUrl: runcloud.url, ...part }, settings);
}

/** The report, and its checks by name. */
async function reportIn(world: ReturnType<typeof readWorld>) {
  const reply = await answer(receive, connectionCall(), world.services, 30_000);
  expect(reply.statusCode).toBe(200);
  const { ok, checks } = reportSchema.parse(json(reply));
  const check = (name: string) => checks.find((candidate) => candidate.name === name);
  return { ok, states: checks.map(({ name, state }) => `${name} ${state}`), check };
}

function report(settings: Partial<ReadSettings> = {}, part: Partial<ReadServices> = {}) {
  return reportIn(worldOf(settings, part));
}

const allOk = [
  'secret ok',
  'token ok',
  'server ok',
  'web-app ok',
  'domains ok',
  'certificates ok',
  'wildcard ok',
];

/** All is well before that check, and nothing is tried that leans on it. */
function brokenAt(name: string, state: 'failed' | 'not-answered') {
  const at = allOk.indexOf(`${name} ok`);
  return allOk.map((line, index) =>
    index < at ? line : index === at ? `${name} ${state}` : line.replace(' ok', ' skipped'),
  );
}

test('all is well: seven checks in their order, none with anything to fix', async () => {
  const { ok, states, check } = await report();
  expect(states).toEqual(allOk);
  expect(ok).toBe(true);
  expect(check('server')).toMatchObject({ detail: 'Server 42 (net-01) at 203.0.113.10 is there', fix: null });
  expect(check('web-app')).toMatchObject({ detail: 'Web application 7 (network) is there' });
  expect(check('domains')).toMatchObject({ detail: 'The web application has 2 domains' });
  expect(check('wildcard')?.detail).toContain('*.network.example');
});

test('asks five questions and changes nothing', async () => {
  await report();
  expect(
    runcloud.requests.map(({ method, path }) => `${method} ${path.replace('/api/v3', '')}`).sort(),
  ).toEqual([
    'GET /ping',
    'GET /servers/42',
    'GET /servers/42/webapps/7',
    'GET /servers/42/webapps/7/domains',
    'GET /servers/42/webapps/7/ssl/advanced',
  ]);
});

test('the legacy pair is tried as well', async () => {
  expect((await report({ credential: { api: 'v2', ...legacy } })).ok).toBe(true);
  const { check } = await report({ credential: { api: 'v2', key: legacy.key, secret: 'wrong-secret' } });
  expect(check('token')).toMatchObject({
    state: 'failed',
    fix: expect.stringContaining('WU_RUNCLOUD_API_KEY'),
  });
});

describe('who may ask', () => {
  test('only a caller with the read token', async () => {
    const { services } = worldOf();
    for (const call of [{ authorization: null }, { authorization: 'Bearer wrong' }, { network: 'other' }]) {
      expect((await answer(receive, connectionCall(call), services)).statusCode).toBe(401);
    }
    expect(runcloud.requests).toEqual([]);
  });

  test('a caller without a possible token costs no call to AWS', async () => {
    const { services, asked } = worldOf();
    for (const authorization of [null, 'Bearer short', 'Basic cmVhZDp0b2tlbg==']) {
      expect((await answer(receive, connectionCall({ authorization }), services)).statusCode).toBe(401);
    }
    expect(asked).toEqual([]);
  });

  test.each(['Shop_A', 'shop.a', 'n'.repeat(33)])(
    'anybody is told that %s cannot be the name of a network, and no secret is read for it',
    async (network) => {
      const world = worldOf();
      const reply = await answer(receive, connectionCall({ network, authorization: null }), world.services);
      expect(reply.statusCode).toBe(200);
      expect(json(reply)).toMatchObject({
        network,
        ok: false,
        checks: [
          { name: 'secret', state: 'failed', detail: expect.stringContaining('1 to 32 small letters') },
          ...allOk.slice(1).map((line) => ({ name: line.split(' ')[0], state: 'skipped' })),
        ],
      });
      expect(world.asked).toEqual([]);
    },
  );

  test('the secret is read afresh: the caller has often just changed it', async () => {
    const world = worldOf({ serverId: '44' });
    world.rotate(readSettings);
    expect((await reportIn(world)).ok).toBe(true);
  });

  test('a faulty secret is a 503, because it names the permitted callers; the log names the key', async () => {
    const settings = () =>
      Promise.reject(new InvalidSecret([{ key: 'WU_RUNCLOUD_APP_ID', message: 'is missing' }]));
    const { services, lines } = worldOf({}, { secrets: { settings } });
    expect((await answer(receive, connectionCall(), services)).statusCode).toBe(503);
    expect(lines.join('')).toContain('WU_RUNCLOUD_APP_ID is missing');
  });

  test('a ledger out of reach is a 503', async () => {
    const { services, ledger } = worldOf();
    const read = () => Promise.reject(new Unavailable('ledger'));
    const reply = await answer(receive, connectionCall(), { ...services, ledger: { ...ledger, read } });
    expect(reply.statusCode).toBe(503);
  });
});

describe('the cause', () => {
  const html: Fault = { answer: { status: 200, html: 'Welcome' }, times: 9 };

  test('a wrong token', async () => {
    const { ok, states, check } = await report({ credential: { api: 'v3', token: 'not-a-token' } });
    expect(states).toEqual(brokenAt('token', 'failed'));
    expect(ok).toBe(false);
    expect(check('token')).toMatchObject({
      detail: expect.stringContaining('401'),
      fix: expect.stringContaining('WU_RUNCLOUD_API_TOKEN'),
    });
    expect(check('server')?.detail).toContain('"token"');
  });

  test('the API is switched off, or not in the plan', async () => {
    runcloud.switches.api = 'off';
    const { states, check } = await report();
    expect(states).toEqual(brokenAt('token', 'failed'));
    expect(check('token')).toMatchObject({
      detail: expect.stringContaining('switched off'),
      fix: expect.stringContaining('plan'),
    });
  });

  test('an API of another kind at that address', async () => {
    runcloud.arm({ answer: { status: 404, body: { message: 'no route' } } });
    expect((await report()).check('token')).toMatchObject({
      state: 'failed',
      fix: expect.stringContaining('RUNCLOUD_URL'),
    });
  });

  test('something else answers in RunCloud’s place', async () => {
    runcloud.arm(html);
    const { states, check } = await report();
    expect(states).toEqual(brokenAt('token', 'failed'));
    expect(check('token')).toMatchObject({
      detail: expect.stringContaining('something else answers'),
      fix: expect.stringMatching(/firewall.*RUNCLOUD_URL/),
    });
  });

  test('a server that does not exist', async () => {
    const { states, check } = await report({ serverId: '44' });
    expect(states).toEqual(brokenAt('server', 'failed'));
    expect(check('server')).toMatchObject({
      detail: expect.stringContaining('no server 44'),
      fix: expect.stringContaining('WU_RUNCLOUD_SERVER_ID'),
    });
  });

  test('a server of another workspace', async () => {
    const { states, check } = await report({ credential: { api: 'v3', token: foreignToken } });
    expect(states).toEqual(brokenAt('server', 'failed'));
    expect(check('server')).toMatchObject({
      detail: expect.stringContaining('another workspace'),
      fix: expect.stringContaining('WU_RUNCLOUD_SERVER_ID'),
    });
  });

  test('a web application that is not on that server', async () => {
    const { states, check } = await report({ appId: '9' });
    expect(states).toEqual(brokenAt('web-app', 'failed'));
    expect(check('web-app')).toMatchObject({
      detail: expect.stringContaining('no web application 9 on server 42'),
      fix: expect.stringContaining('WU_RUNCLOUD_APP_ID'),
    });
  });

  test('rights that do not reach the domains', async () => {
    runcloud.arm({ path: /domains$/, answer: { status: 403, body: { message: 'no' } } });
    const { ok, states, check } = await report();
    expect(ok).toBe(false);
    expect(states.slice(3)).toEqual(['web-app ok', 'domains failed', 'certificates ok', 'wildcard skipped']);
    expect(check('domains')?.fix).toContain('rights');
  });

  test.each<[string, Fault, string]>([
    ['a limit that is used up', { answer: { status: 429, body: { message: 'Too Many' } } }, 'quota'],
    ['a RunCloud that fails', { answer: { status: 502, html: 'Bad gateway' } }, 'again'],
    ['a connection that breaks', { answer: 'drop' }, 'again'],
  ])('%s has not answered', async (_what, fault, fix) => {
    runcloud.arm(fault);
    const { ok, states, check } = await report();
    expect(ok).toBe(false);
    expect(states).toEqual(brokenAt('token', 'not-answered'));
    expect(check('token')?.fix).toContain(fix);
  });

  test('a RunCloud that cannot be reached has not answered', async () => {
    await runcloud.close();
    const { check } = await report();
    runcloud = await runcloudWorld();
    expect(check('token')).toMatchObject({
      state: 'not-answered',
      detail: expect.stringContaining('could not be reached at GET /ping'),
    });
  });

  test.each(['server', 'web-app', 'domains'])(
    'a step that hangs (%s) is not waited for any longer',
    async (name) => {
      const path = { server: /servers\/42$/, 'web-app': /webapps\/7$/, domains: /domains$/ }[name] ?? /never/;
      runcloud.arm({ path, answer: 'silence' });
      const began = Date.now();
      const { check } = await report({}, { limits: { stepMs: 250, totalMs: 25_000 } });
      expect(check(name)).toMatchObject({
        state: 'not-answered',
        detail: expect.stringContaining('in time'),
      });
      expect(Date.now() - began).toBeLessThan(5_000);
    },
  );

  test('all steps together end in time', async () => {
    // Each of the two would answer in time, were it the only one.
    runcloud.arm({ path: /ping$/, delayMs: 200 });
    runcloud.arm({ path: /servers\/42$/, delayMs: 1_400 });
    const began = Date.now();
    const limits = { stepMs: 60_000, totalMs: 1_500 };
    const { ok, check } = await report({}, { clock: systemClock, limits });
    expect(ok).toBe(false);
    expect(check('token')?.state).toBe('ok');
    expect(check('server')?.state).toBe('not-answered');
    expect(Date.now() - began).toBeLessThan(5_000);
  });
});

describe('a warning', () => {
  const warned = async (name: string, ...parts: Parameters<typeof report>) => {
    const { ok, states, check } = await report(...parts);
    expect(ok).toBe(true);
    expect(states).toContain(`${name} warning`);
    return `${check(name)?.detail} / ${check(name)?.fix}`;
  };

  test('a server that is offline', async () => {
    for (const server of runcloud.workspaces.flatMap(({ servers }) => servers)) server.online = false;
    expect(await warned('server')).toMatch(/offline.*agent/);
  });

  test('a primary domain that is not protected', async () => {
    expect(await warned('domains', { protectedDomains: ['other.example'] })).toMatch(
      /network\.example is not in PROTECTED_DOMAINS.*Add network\.example/,
    );
  });

  test('an API that states no types, where nothing is protected', async () => {
    runcloud.switches.domainShape = 'id-name-created';
    expect(await warned('domains', { protectedDomains: [] })).toMatch(
      /removal is refused.*PROTECTED_DOMAINS/,
    );
    expect((await report()).check('domains')?.state).toBe('ok');
  });

  test('an SSL mode that RunCloud does not state', async () => {
    runcloud.arm({ path: /ssl\/advanced$/, answer: { status: 200, body: {} } });
    expect(await warned('certificates')).toContain('does not tell the SSL mode');
  });

  test('no wildcard', async () => {
    runcloud.app(app).domains.splice(1);
    expect(await warned('wildcard')).toMatch(
      /^None: native subdomains are added one by one.*network\.example/,
    );
  });

  test('PAUSED', async () => {
    expect(await warned('secret', { paused: true })).toMatch(/PAUSED is true.*Remove PAUSED/);
  });
});

describe('what only the ledger knows', () => {
  const claimed = async (renewedAt: number) => {
    const world = worldOf();
    await world.ledger.write(claimKey('42', '7'), { network: 'other', renewedAt }, 0);
    return reportIn(world);
  };

  test('the web application belongs to another network', async () => {
    const { ok, states, check } = await claimed(nowMs - HOUR);
    expect(ok).toBe(false);
    expect(states).toEqual(brokenAt('web-app', 'failed'));
    expect(check('web-app')).toMatchObject({
      detail: expect.stringContaining('app-claimed'),
      fix: expect.stringContaining('2026-11-23T04:00:30.250Z'),
    });
  });

  test('a claim that was not renewed for two days is no claim', async () =>
    expect((await claimed(nowMs - 2 * DAY)).states).toEqual(allOk));

  test('domains that were seen at another application', async () => {
    const world = worldOf();
    for (const [index, runcloudId] of [
      { id: 1, ...OTHER_APP },
      { id: 2, ...OTHER_APP },
      { id: 3, ...APP },
    ].entries()) {
      await putDomain(world.ledger, settledItem({ domain: `d${index}.example.com`, runcloudId }));
    }
    await putDomain(
      world.ledger,
      settledItem({ domain: 'gone.example.com', wanted: 'absent', runcloudId: { id: 4, ...OTHER_APP } }),
    );
    const { ok, check } = await reportIn(world);
    expect(ok).toBe(true);
    expect(check('domains')).toMatchObject({
      state: 'warning',
      detail:
        'The web application has 2 domains. 2 domains are still recorded for server 42, web application 8, and are being added here',
    });
  });

  test('the network is paused: since when, why, and when it tries again', async () => {
    const world = worldOf();
    const since = '2026-11-21T04:00:00.000Z';
    const pause = { code: 'runcloud-forbidden', message: 'RunCloud does not allow this', since } as const;
    await putNetwork(world.ledger, networkItem({ pause: { ...pause, probeAt: nowMs + 60_000 } }));
    const { check } = await reportIn(world);
    expect(check('token')).toMatchObject({
      state: 'warning',
      detail: expect.stringMatching(/is paused since 2026-11-21T04:00:00\.000Z \(runcloud-forbidden\)/),
      fix: expect.stringContaining('2026-11-21T05:01:30.250Z'),
    });
  });

  test('port 443 of the server is silent: since when, and what to open', async () => {
    const world = worldOf();
    const silence = { since: nowMs - 60_000, asks: 1, askAt: nowMs };
    await putNetwork(world.ledger, networkItem({ silence }));
    const { check } = await reportIn(world);
    expect(check('certificates')).toMatchObject({
      state: 'warning',
      detail: expect.stringContaining('has not answered the relay since 2026-11-21T04:59:30.250Z'),
      fix: expect.stringContaining('Open port 443'),
    });
  });
});

test('neither the answer nor the log holds a token, whatever RunCloud echoes', async () => {
  runcloud.arm({
    path: /servers\/42$/,
    answer: { status: 403, body: { message: `Bearer ${token} is bad` } },
  });
  const world = worldOf();
  const reply = await answer(receive, connectionCall(), world.services);
  const told = `${reply.body}${world.lines.join('')}`;
  expect(told).toContain('[redacted]');
  for (const secret of [token, readToken]) expect(told).not.toContain(secret);
  expect(reply.headers).toMatchObject({ 'Cache-Control': 'no-store' });
});
