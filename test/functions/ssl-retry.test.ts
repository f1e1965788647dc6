import { expect, test } from '@jest/globals';
import { receive as receiveAdded } from '../../functions/domain-added.ts';
import { receive as receiveRemoved } from '../../functions/domain-removed.ts';
import { receive } from '../../functions/ssl-retry.ts';
import { domainKey } from '../../lib/sync/ledger/keys.ts';
import { answer, apiWorld, json, nowMs, signedCall } from '../support/api/api-world.ts';

const domain = 'shop.acme-bikes.com';
const timestamp = '2026-11-21T05:00:00.000Z';
function bodyOf(type: string, at = timestamp, data: object = {}) {
  return JSON.stringify({ type, timestamp: at, data: { domain, ...data } });
}
function retry(at = timestamp, data: object = { reason: 'dns_ready' }) {
  return bodyOf('domain.ssl_retry', at, data);
}

type World = ReturnType<typeof apiWorld>;

/** The domain as it is once a worker has settled it: nothing to do. */
async function settle({ ledger }: World) {
  const stored = await ledger.read(domainKey('demo', domain));
  if (stored === undefined) throw new Error('Nothing to settle');
  const settled = { ...stored.item, state: 'present' as const, dueAt: null, sendAt: null };
  expect(await ledger.write(domainKey('demo', domain), settled, stored.writes)).toBe(true);
}

async function added(w: World) {
  await answer(
    receiveAdded,
    signedCall('domain-added', { body: bodyOf('domain.added'), id: 'add' }),
    w.services,
  );
}

test('a known domain keeps its update: only the certificate is asked for, and no domain message is sent', async () => {
  const w = apiWorld();
  await added(w);
  await settle(w);
  const before = w.ledger.all('domain');
  const later = '2026-11-21T05:00:20.000Z';
  const reply = await answer(receive, signedCall('ssl-retry', { body: retry(later) }), w.services);
  expect(json(reply)).toMatchObject({ status: 'accepted', latest: later });
  expect(w.ledger.all('domain')).toEqual(before);
  expect(w.ledger.all('certificate')).toMatchObject([
    {
      domain,
      wanted: true,
      dnsReadyAt: Date.parse(later),
      version: { timestamp: later, id: 'msg_1' },
      dueAt: nowMs,
      sendAt: nowMs + 4 * 60_000,
    },
  ]);
  expect(w.queue.sent).toHaveLength(1);
  expect(w.certificateQueue.sent).toEqual([{ message: { network: 'demo' }, delaySeconds: 20 }]);
});

test('an unknown domain counts as added too', async () => {
  const w = apiWorld();
  await answer(receive, signedCall('ssl-retry', { body: retry() }), w.services);
  expect(w.ledger.all('domain')).toMatchObject([
    { domain, wanted: 'present', version: { timestamp, id: 'msg_1' } },
  ]);
  expect(w.ledger.all('certificate')).toHaveLength(1);
  expect(w.queue.sent).toEqual([{ message: { network: 'demo', domain }, delaySeconds: 0 }]);
});

test('on a domain that is wanted absent it is superseded, however new it is', async () => {
  const w = apiWorld();
  const removal = bodyOf('domain.removed');
  await answer(receiveRemoved, signedCall('domain-removed', { body: removal, id: 'gone' }), w.services);
  const later = retry('2026-11-21T05:00:20.000Z');
  const reply = await answer(receive, signedCall('ssl-retry', { body: later }), w.services);
  expect(reply.statusCode).toBe(202);
  expect(json(reply)).toMatchObject({ status: 'superseded', latest: timestamp });
  expect(w.ledger.all('certificate')).toEqual([]);
});

test('its version is its own: older than the update about the domain, it is accepted', async () => {
  const w = apiWorld();
  await added(w);
  const older = '2026-11-21T04:00:00.000Z';
  const reply = await answer(receive, signedCall('ssl-retry', { body: retry(older) }), w.services);
  expect(json(reply)).toMatchObject({ status: 'accepted', latest: older });
});

test('without a reason it was asked for by hand', async () => {
  const w = apiWorld();
  await answer(receive, signedCall('ssl-retry', { body: retry(timestamp, {}) }), w.services);
  expect(w.ledger.all('certificate')).toMatchObject([
    { dnsReadyAt: null, history: [{ detail: 'domain.ssl_retry manual' }] },
  ]);
});

test('an unknown reason is 400 with its path', async () => {
  const body = retry(timestamp, { reason: 'because' });
  const reply = await answer(receive, signedCall('ssl-retry', { body }), apiWorld().services);
  expect(reply.statusCode).toBe(400);
  expect(json(reply)).toMatchObject({ type: 'bad-shape', issues: [{ path: 'data.reason' }] });
});
