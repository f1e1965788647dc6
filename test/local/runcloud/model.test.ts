import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import type { RuncloudCall } from '../../../lib/runcloud/client.ts';
import { runcloudHosting } from '../../../lib/runcloud/domains.ts';
import { findSsl } from '../../../lib/runcloud/ssl.ts';
import { readListing } from '../../../lib/sync/network/listing/listing.ts';
import type { RunningRuncloud } from '../../../local/runcloud/server.ts';
import { type ManualClock, manualClock } from '../../doubles/manual-clock.ts';
import {
  app,
  clientOf,
  failureOf,
  foreignToken,
  ids,
  legacy,
  runcloudWorld,
  token,
} from '../../support/runcloud/runcloud.ts';

let runcloud: RunningRuncloud;
let clock: ManualClock;
let issued: (readonly string[])[];

beforeEach(async () => {
  clock = manualClock(Date.UTC(2026, 10, 21, 5));
  issued = [];
  runcloud = await runcloudWorld({
    clock,
    issue: ({ names }) => {
      issued.push(names);
      return { cert: `certificate ${issued.length}`, key: 'its key' };
    },
  });
});

afterEach(() => runcloud.close());

function ask(call: RuncloudCall) {
  return clientOf(runcloud).request(call);
}

const at = '/servers/42/webapps/7';

/** Lets what has been started go as far as it can without time passing. */
async function untilAsleep() {
  while (clock.nextDueAt() === undefined) await new Promise((resolve) => setImmediate(resolve));
}

describe('who may enter', () => {
  const path = '/api/v3/ping';
  const asking = (headers: Record<string, string>, where = path) =>
    runcloud.answer({ method: 'GET', path: where, query: '', headers, body: '' });
  const basic = `Basic ${Buffer.from(`${legacy.key}:${legacy.secret}`).toString('base64')}`;

  test('no caller without a token, with a wrong one, or with the legacy pair in v3', async () => {
    expect(await asking({})).toMatchObject({ status: 401, body: '{"message":"Missing API Token."}' });
    expect(await asking({ authorization: 'Bearer wrong' })).toMatchObject({ status: 401 });
    expect(await asking({ authorization: basic })).toMatchObject({ status: 401 });
  });

  test('a workspace token in v3 and v2, the legacy pair in v2', async () => {
    expect(await asking({ authorization: `Bearer ${token}` })).toMatchObject({ status: 200 });
    expect(await asking({ authorization: `Bearer ${token}` }, '/api/v2/ping')).toMatchObject({ status: 200 });
    expect(await asking({ authorization: basic }, '/api/v2/ping')).toMatchObject({ status: 200 });
  });

  test('a workspace whose own API switch is off is forbidden, and another is not', async () => {
    const [first] = runcloud.workspaces;
    if (first !== undefined) first.apiEnabled = false;
    expect(await asking({ authorization: `Bearer ${token}` })).toMatchObject({ status: 403 });
    expect(await asking({ authorization: `Bearer ${foreignToken}` })).toMatchObject({ status: 200 });
  });

  test('limits are counted for each token of its own, on every answer', async () => {
    const remaining = (headers: Record<string, string>) => ({
      headers: { 'x-ratelimit-limit': '60', 'x-ratelimit-remaining': headers.rest },
    });
    expect(await asking({ authorization: `Bearer ${token}` })).toMatchObject(remaining({ rest: '59' }));
    expect(await asking({ authorization: `Bearer ${token}` }, '/api/v3/no')).toMatchObject({
      status: 404,
      ...remaining({ rest: '58' }),
    });
    expect(await asking({ authorization: `Bearer ${foreignToken}` })).toMatchObject(
      remaining({ rest: '59' }),
    );
    expect(await asking({})).toMatchObject(remaining({ rest: '59' }));
  });
});

describe('routes', () => {
  test.each([
    ['GET', '/nowhere', 404],
    ['GET', `${at}/nowhere`, 404],
    ['GET', '/servers/42/webapps/9', 404],
    ['GET', `${at}/domains/999`, 404],
    ['GET', '/servers/43', 403],
    ['PATCH', `${at}/domains/1`, 405],
    ['DELETE', '/ping', 405],
    ['PATCH', `${at}/ssl/advanced/5/redeploy`, 404],
  ] as const)('%s %s is %i', async (method, path, status) => {
    expect(await failureOf(ask({ method, path }))).toMatchObject({ status });
  });

  test('lists servers and web applications', async () => {
    expect(await ask({ method: 'GET', path: '/servers' })).toMatchObject({ data: [{ id: 42 }] });
    expect(await ask({ method: 'GET', path: '/servers/42/webapps' })).toMatchObject({
      data: [{ id: 7 }, { id: 8 }],
      meta: { pagination: { total: 2, total_pages: 1 } },
    });
  });

  test('DNS records come as a bare list', async () => {
    expect(await ask({ method: 'GET', path: `${at}/domains/1/dns` })).toMatchObject([
      { type: 'A', hostname: 'network.example', content: '203.0.113.10' },
      { type: 'CNAME' },
    ]);
  });

  test.each([
    [{}, 'name'],
    [{ name: 'https://shop.example/' }, 'name'],
    [{ name: 'shop.example', type: 'parked' }, 'type'],
    [{ name: 'shop.example', redirection: 'home' }, 'redirection'],
    [{ name: 'shop.example', www: 'yes' }, 'www'],
  ])('a domain of %j is refused for its %s', async (body, field) => {
    expect(await failureOf(ask({ method: 'POST', path: `${at}/domains`, body }))).toMatchObject({
      status: 422,
      said: expect.stringContaining(`${field}: `),
    });
  });

  test.each([
    [{ environment: 'production' }, 'environment'],
    [{ provider: 'acme' }, 'provider'],
    [{ enableHttp: undefined }, 'enableHttp'],
    [{ authorizationMethod: 'dns-01' }, 'externalApi'],
    [{ provider: 'custom' }, 'privateKey'],
  ])('a certificate with %j is refused for its %s', async (spoilt, field) => {
    const valid = { provider: 'letsencrypt', enableHttp: true, enableHsts: false, environment: 'live' };
    const body = { ...valid, authorizationMethod: 'http-01', ...spoilt };
    expect(await failureOf(ask({ method: 'POST', path: `${at}/ssl`, body }))).toMatchObject({
      status: 422,
      said: expect.stringContaining(`${field}: `),
    });
  });

  test('a certificate of one hundred and one names is refused', async () => {
    for (let index = 0; index < 50; index += 1) {
      runcloud.addInPanel(app, { name: `d${index}.example`, www: true });
    }
    const body = { provider: 'letsencrypt', enableHttp: true, enableHsts: false, environment: 'live' };
    const order = ask({
      method: 'POST',
      path: `${at}/ssl`,
      body: { ...body, authorizationMethod: 'http-01' },
    });
    expect(await failureOf(order)).toMatchObject({ status: 422 });
    expect(runcloud.orders).toHaveLength(0);
  });
});

test('settings of a certificate can be edited, and a certificate deleted', async () => {
  runcloud.switches.sslIssue = 'immediate';
  const body = {
    provider: 'custom',
    enableHttp: true,
    enableHsts: false,
    privateKey: 'PEM',
    certificate: 'PEM',
  };
  await ask({ method: 'POST', path: `${at}/ssl`, body });
  const id = runcloud.app(app).ssl?.id;
  expect(await ask({ method: 'PATCH', path: `${at}/ssl/${id}`, body: { enableHsts: true } })).toMatchObject({
    id,
    method: 'custom',
    enableHsts: true,
  });
  expect(await failureOf(ask({ method: 'PUT', path: `${at}/ssl/${id}` }))).toMatchObject({ status: 422 });
  await ask({ method: 'DELETE', path: `${at}/ssl/${id}` });
  expect(await findSsl(clientOf(runcloud), ids)).toBeUndefined();
});

test('AutoSSL orders by itself, also for a domain that comes later, once its name resolves', async () => {
  runcloud.app(app).mode = { advancedSSL: true, autoSSL: true };
  await clock.advance(10_000);
  runcloud.addInPanel(app, { name: 'shop.example' });
  await clock.advance(29_999);
  expect((await runcloud.certificateFor('network.example'))?.material?.cert).toBe('certificate 1');
  expect(await runcloud.certificateFor('shop.example')).toBeUndefined();
  await clock.advance(1);
  expect((await runcloud.certificateFor('shop.example'))?.material?.cert).toBe('certificate 2');
  expect(issued).toEqual([['network.example'], ['shop.example']]);
});

test('what arrived is recorded, without credential and keys', async () => {
  const body = { provider: 'custom', privateKey: 'the-private-key', certificate: 'the-certificate' };
  await failureOf(ask({ method: 'POST', path: `${at}/ssl`, body }));
  expect(runcloud.requests).toMatchObject([
    {
      method: 'POST',
      path: `/api/v3${at}/ssl`,
      at: clock.now(),
      token: expect.stringMatching(/^[\da-f]{16}$/),
    },
  ]);
  const kept = JSON.stringify(runcloud.requests);
  for (const secret of [token, 'the-private-key', 'the-certificate', 'Bearer'])
    expect(kept).not.toContain(secret);
});

describe('faults', () => {
  const hosting = () => runcloudHosting(clientOf(runcloud), ids);
  const names = () => runcloud.app(app).domains.map(({ name }) => name);

  test('hit what they fit, after so many calls, so many times', async () => {
    runcloud.arm({ method: 'GET', path: /\/domains\/1$/, after: 1, times: 2, answer: { status: 503 } });
    await hosting().find(1);
    await readListing(hosting());
    for (let hit = 0; hit < 2; hit += 1) {
      expect(await failureOf(hosting().find(1))).toMatchObject({ status: 503 });
    }
    expect(await hosting().find(1)).toBeDefined();
  });

  test('can hit for ever, until they are disarmed', async () => {
    runcloud.arm({ times: Number.POSITIVE_INFINITY, answer: 'drop' });
    for (let hit = 0; hit < 3; hit += 1) await failureOf(hosting().find(1));
    runcloud.disarm();
    expect(await hosting().find(1)).toBeDefined();
  });

  test('a dropped call has done nothing', async () => {
    runcloud.arm({ answer: 'drop' });
    await failureOf(hosting().add({ name: 'shop.example', www: false }));
    expect(names()).toEqual(['network.example']);
  });

  test('a call may be done although its answer says that it failed', async () => {
    runcloud.arm({ does: 'now', answer: { status: 502, html: 'Bad Gateway' } });
    expect(await failureOf(hosting().add({ name: 'shop.example', www: false }))).toMatchObject({
      unanswered: true,
    });
    expect(names()).toContain('shop.example');
  });

  test('a call without an answer may land later, and a removal between comes too early', async () => {
    runcloud.arm({ method: 'POST', does: { afterMs: 60_000 }, answer: 'drop' });
    await failureOf(hosting().add({ name: 'shop.example', www: false }));
    await clock.advance(59_999);
    expect((await readListing(hosting())).domains).toHaveLength(1);
    await clock.advance(1);
    expect((await readListing(hosting())).domains.map(({ name }) => name)).toContain('shop.example');
  });

  test('a delayed call does its work when its time has come', async () => {
    runcloud.arm({ delayMs: 5_000 });
    const adding = hosting().add({ name: 'shop.example', www: false });
    await untilAsleep();
    expect(names()).toEqual(['network.example']);
    await clock.advance(5_000);
    expect(await adding).toMatchObject({ name: 'shop.example' });
  });

  test('a caller that has hung up is served all the same', async () => {
    runcloud.arm({ delayMs: 5_000 });
    const hasty = runcloudHosting(clientOf(runcloud, { timeouts: { standardMs: 2_000 } }), ids);
    const failure = await failureOf(hasty.add({ name: 'shop.example', www: false }));
    expect(failure).toMatchObject({ code: 'runcloud-timeout', unanswered: true });
    await clock.advance(5_000);
    expect(names()).toContain('shop.example');
  });
});
