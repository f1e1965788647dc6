import { describe, expect, test } from '@jest/globals';
import { systemClock } from '../../../lib/clock.ts';
import type { Fault } from '../../../local/runcloud/http/faults.ts';
import { foreignToken, runcloudWorld } from '../../support/runcloud/runcloud.ts';

import { brokenAt, report, runcloud, startsRuncloud } from './report.ts';

startsRuncloud();

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
    const away = await runcloudWorld();
    await away.close();
    const { check } = await report({}, { runcloudUrl: away.url });
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
      const { check } = await report({}, { limits: { stepMs: 5_000, totalMs: 60_000 } });
      expect(check(name)).toMatchObject({
        state: 'not-answered',
        detail: expect.stringContaining('in time'),
      });
      expect(Date.now() - began).toBeLessThan(30_000);
    },
  );

  test('all steps together end in time', async () => {
    // Each of the two would answer in time, were it the only one.
    runcloud.arm({ path: /ping$/, delayMs: 2_000 });
    runcloud.arm({ path: /servers\/42$/, delayMs: 9_000 });
    const began = Date.now();
    const limits = { stepMs: 60_000, totalMs: 10_000 };
    const { ok, check } = await report({}, { clock: systemClock, limits });
    expect(ok).toBe(false);
    expect(check('token')?.state).toBe('ok');
    expect(check('server')?.state).toBe('not-answered');
    expect(Date.now() - began).toBeLessThan(30_000);
  });
});
