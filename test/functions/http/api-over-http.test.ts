import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { Webhook } from 'standardwebhooks';
import { receive as receiveAdded } from '../../../functions/domain-added.ts';
import { receive as receiveRemoved } from '../../../functions/domain-removed.ts';
import { startApiServer } from '../../support/api/api-server.ts';
import { apiWorld, hookToken, nowMs, relaySecret } from '../../support/api/api-world.ts';

const world = apiWorld();
let server: Awaited<ReturnType<typeof startApiServer>>;

beforeAll(async () => {
  server = await startApiServer(
    [
      { path: '/{network}/domain-added', receive: receiveAdded },
      { path: '/{network}/domain-removed', receive: receiveRemoved },
      { path: '/{network}/hooks/{token}/domain-created', receive: receiveAdded },
    ],
    world.services,
  );
});

afterAll(() => server.stop());

/** Posts as a sender with nothing but the contract and the public package would. */
function post(path: string, body: string, { contentType = 'application/json', sent = body } = {}) {
  const id = `msg_${randomUUID()}`;
  const at = new Date(nowMs);
  return fetch(`${server.url}${path}`, {
    method: 'POST',
    headers: {
      'Content-Type': contentType,
      'Webhook-Id': id,
      'Webhook-Timestamp': String(Math.floor(at.getTime() / 1000)),
      'Webhook-Signature': new Webhook(relaySecret).sign(id, at, body),
    },
    body: sent,
  });
}

const body = JSON.stringify({
  type: 'domain.added',
  timestamp: '2026-11-21T05:00:00.123Z',
  data: { domain: 'bücher.de', note: 'für 💩' },
});

test('a signed UTF-8 event is confirmed, and the link leads back to where it was sent', async () => {
  const response = await post('/demo/domain-added', body);
  expect(response.status).toBe(202);
  expect(response.headers.get('content-type')).toBe('application/json');
  expect(await response.json()).toMatchObject({
    domain: 'xn--bcher-kva.de',
    status: 'accepted',
    statusUrl: `${server.url}/demo/domains/xn--bcher-kva.de`,
  });
});

test('a byte changed in transit is refused', async () => {
  const response = await post('/demo/domain-added', body, { sent: body.replace('bücher', 'bucher') });
  expect(response.status).toBe(401);
  expect(response.headers.get('content-type')).toBe('application/problem+json');
});

test('what was signed for one API handler is of no use at another', async () => {
  const response = await post('/demo/domain-removed', body);
  expect(response.status).toBe(400);
  expect(await response.json()).toMatchObject({ type: 'wrong-type', issues: [{ path: 'type' }] });
});

test('a form is refused before its signature is checked', async () => {
  expect((await post('/demo/domain-added', body, { contentType: 'text/plain' })).status).toBe(415);
});

test('the built-in webhook needs no signature, only its address', async () => {
  const payload = {
    domain_id: '58',
    domain_domain: 'parts.acme-bikes.com',
    domain_date_created: '2026-11-21 05:00:00',
  };
  const response = await fetch(`${server.url}/demo/hooks/${hookToken}/domain-created`, {
    method: 'POST',
    headers: { 'Content-Type': 'application/json' },
    body: JSON.stringify(payload),
  });
  expect(response.status).toBe(202);
  expect(await response.json()).toMatchObject({ id: 'wu-58', domain: 'parts.acme-bikes.com' });
});
