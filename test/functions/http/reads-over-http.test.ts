import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { z } from 'zod';
import { receive as receiveConnection } from '../../../functions/connection.ts';
import { receive as receiveStatus } from '../../../functions/domain-status.ts';
import type { RunningRuncloud } from '../../../local/runcloud/server.ts';
import { startApiServer } from '../../support/api/api-server.ts';
import { putDomain, readToken, readWorld } from '../../support/api/read-world.ts';
import { runcloudWorld } from '../../support/runcloud/runcloud.ts';
import { settledItem } from '../../support/sync/items.ts';

const pageSchema = z.object({
  domains: z.array(z.object({ domain: z.string() })),
  cursor: z.string().nullable(),
});

let runcloud: RunningRuncloud;
let server: Awaited<ReturnType<typeof startApiServer>>;

beforeAll(async () => {
  runcloud = await runcloudWorld();
  const { services, ledger } = readWorld({ runcloudUrl: runcloud.url });
  for (const label of ['a', 'b', 'c'])
    await putDomain(ledger, settledItem({ domain: `${label}.example.com` }));
  await putDomain(ledger, settledItem({ domain: 'xn--bcher-kva.de' }));
  server = await startApiServer(
    [
      { path: '/{network}/domains', receive: receiveStatus },
      { path: '/{network}/domains/{domain}', receive: receiveStatus },
      { path: '/{network}/connection', receive: receiveConnection },
    ],
    services,
  );
});

afterAll(async () => {
  await Promise.all([server.stop(), runcloud.close()]);
});

function get(path: string, token = readToken) {
  return fetch(`${server.url}${path}`, { headers: { Authorization: `Bearer ${token}` } });
}

test('a name typed as a person would type it is found', async () => {
  const response = await get('/demo/domains/Bücher.de');
  expect(response.status).toBe(200);
  expect(await response.json()).toMatchObject({ network: 'demo', domain: 'xn--bcher-kva.de' });
});

test('a list is walked by nothing but its cursors', async () => {
  const names: string[] = [];
  let query = 'limit=3';
  for (;;) {
    const page = pageSchema.parse(await (await get(`/demo/domains?${query}`)).json());
    names.push(...page.domains.map(({ domain }) => domain));
    if (page.cursor === null) break;
    query = `limit=3&cursor=${page.cursor}`;
  }
  expect(names).toEqual(['a.example.com', 'b.example.com', 'c.example.com', 'xn--bcher-kva.de']);
});

test('the connection is answered as JSON', async () => {
  const response = await get('/demo/connection');
  expect(response.headers.get('content-type')).toBe('application/json');
  expect(await response.json()).toMatchObject({ network: 'demo', ok: true });
});

test.each(['/demo/domains', '/demo/domains/a.example.com', '/demo/connection'])(
  '%s is closed to a wrong token',
  async (path) => {
    const response = await get(path, 'wrong');
    expect(response.status).toBe(401);
    expect(response.headers.get('content-type')).toBe('application/problem+json');
  },
);
