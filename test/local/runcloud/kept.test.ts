import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from '@jest/globals';
import { type RuncloudModel, runcloudModel } from '../../../local/runcloud/model.ts';
import { runcloudKeeper } from '../../../local/runcloud/state/kept.ts';
import type { AppSeed } from '../../../local/runcloud/state/seed.ts';
import { openState, type State } from '../../../local/state.ts';
import { manualClock } from '../../doubles/manual-clock.ts';

let dir: string;
let state: State | undefined;
const clock = manualClock(Date.UTC(2026, 10, 28));

beforeEach(async () => {
  dir = await mkdtemp(join(tmpdir(), 'kept-runcloud-'));
});
afterEach(async () => {
  state?.close();
  state = undefined;
  await rm(dir, { recursive: true });
});

const usual: AppSeed[] = [{ id: 2, domains: [{ name: 'network.example', type: 'primary' }] }];

/** A new RunCloud on the state that the last one left. */
function restart(apps: readonly AppSeed[] = usual): RuncloudModel {
  state?.close();
  state = openState(dir);
  return runcloudModel({
    clock,
    workspaces: [{ tokens: ['t'], servers: [{ id: 1, apps }] }],
    issue: () => ({ cert: 'the certificate', key: 'its key' }),
    keeper: runcloudKeeper(state.room('runcloud')),
  });
}

async function call(model: RuncloudModel, method: string, path: string, body?: object) {
  const reply = await model.answer({
    method,
    path: `/api/v3/servers/1/webapps/2${path}`,
    query: '',
    headers: { authorization: 'Bearer t' },
    body: body === undefined ? '' : JSON.stringify(body),
  });
  if (typeof reply === 'string') throw new Error(reply);
  expect([reply.status, reply.body]).toEqual([200, expect.any(String)]);
}

const order = {
  provider: 'letsencrypt',
  environment: 'live',
  authorizationMethod: 'http-01',
  enableHttp: true,
  enableHsts: false,
};

function names(model: RuncloudModel) {
  return model.app(2).domains.map(({ id, name }) => [id, name]);
}

test('rows, ids and certificates are those of before', async () => {
  const first = restart();
  for (const name of ['a.example', 'b.example', 'c.example']) await call(first, 'POST', '/domains', { name });
  const [, , , [lastId = 0] = []] = names(first);
  await call(first, 'DELETE', `/domains/${lastId}`);
  await call(first, 'POST', '/ssl', order);
  await clock.advance(60_000);
  expect(await first.certificateFor('a.example')).toBeDefined();
  const before = [names(first), first.app(2).ssl];

  const second = restart();
  expect([names(second), second.app(2).ssl]).toEqual(before);
  // An id is never given twice.
  await call(second, 'POST', '/domains', { name: 'd.example' });
  expect(names(second).at(-1)?.[0]).toBeGreaterThan(Number(lastId));
});

test('an order that was under way is delivered', async () => {
  const first = restart();
  await call(first, 'POST', '/ssl', order);
  expect(first.app(2).ssl).toBeNull();

  const second = restart();
  await clock.advance(60_000);
  expect(second.app(2).ssl).toMatchObject({ names: ['network.example'], material: { key: 'its key' } });
  expect(second.orders).toMatchObject([{ outcome: 'issued' }]);
});

test('an application without a secret keeps its rows until it has one again', async () => {
  await call(restart(), 'POST', '/domains', { name: 'a.example' });
  restart([{ id: 3 }]);
  expect(names(restart()).map(([, name]) => name)).toEqual(['network.example', 'a.example']);
});

test('remembers as many requests as it is told to', async () => {
  const model = runcloudModel({ clock, workspaces: [{ tokens: ['t'] }], remembers: 2 });
  for (let n = 0; n < 5; n += 1) {
    await model.answer({ method: 'GET', path: `/api/v3/ping/${n}`, query: '', headers: {}, body: '' });
  }
  expect(model.requests.map(({ path }) => path)).toEqual(['/api/v3/ping/3', '/api/v3/ping/4']);
  expect(model.received()).toBe(5);
});
