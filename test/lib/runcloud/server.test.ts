import { afterEach, beforeEach, expect, test } from '@jest/globals';
import { ping, readServer, readWebApp } from '../../../lib/runcloud/server.ts';
import type { RunningRuncloud } from '../../../local/runcloud/server.ts';
import { clientOf, failureOf, foreignToken, ids, runcloudWorld } from '../../support/runcloud/runcloud.ts';

let runcloud: RunningRuncloud;

beforeEach(async () => {
  runcloud = await runcloudWorld();
});

afterEach(() => runcloud.close());

test('a ping proves the token alone', async () => {
  await ping(clientOf(runcloud, { credential: { api: 'v3', token: foreignToken } }));
  const wrong = clientOf(runcloud, { credential: { api: 'v3', token: 'not-a-token' } });
  expect(await failureOf(ping(wrong))).toMatchObject({ code: 'runcloud-unauthorized' });
});

test('a ping answered by nothing proves nothing', async () => {
  runcloud.arm({ answer: { status: 200 } });
  expect(await failureOf(ping(clientOf(runcloud)))).toMatchObject({ code: 'runcloud-unavailable' });
});

test('reads a server and a web application, and leaves the webhook secrets out', async () => {
  const client = clientOf(runcloud);
  expect(await readServer(client, ids.serverId)).toEqual({
    name: 'net-01',
    ipAddress: '203.0.113.10',
    online: true,
    connected: true,
  });
  expect(await readWebApp(client, ids)).toEqual({ name: 'network', type: 'wordpress', defaultApp: false });
});

test('distinguishes a foreign server from an unknown one', async () => {
  const client = clientOf(runcloud);
  expect(await failureOf(readServer(client, '43'))).toMatchObject({
    code: 'runcloud-forbidden',
    status: 403,
  });
  expect(await failureOf(readServer(client, '44'))).toMatchObject({ code: 'runcloud-not-found' });
  expect(await failureOf(readWebApp(client, { ...ids, appId: '9' }))).toMatchObject({
    code: 'runcloud-not-found',
  });
});
