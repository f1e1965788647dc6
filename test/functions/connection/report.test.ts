import { describe, expect, test } from '@jest/globals';
import { receive } from '../../../functions/connection.ts';
import { Unavailable } from '../../../lib/errors.ts';
import { InvalidSecret } from '../../../lib/settings/invalid-secret.ts';
import { answer, json } from '../../support/api/api-world.ts';
import { connectionCall, readSettings, readToken } from '../../support/api/read-world.ts';
import { legacy, token } from '../../support/runcloud/runcloud.ts';

import { allOk, report, reportIn, runcloud, startsRuncloud, worldOf } from './report.ts';

startsRuncloud();

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
