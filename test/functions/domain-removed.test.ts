import { expect, test } from '@jest/globals';
import { receive as receiveAdded } from '../../functions/domain-added.ts';
import { receive } from '../../functions/domain-removed.ts';
import { answer, apiWorld, demoSettings, json, nowMs, signedCall } from '../support/api/api-world.ts';

function bodyOf(type: string, timestamp: string) {
  return JSON.stringify({ type, timestamp, data: { domain: 'shop.acme-bikes.com' } });
}
function added(at: string, id: string) {
  return signedCall('domain-added', { body: bodyOf('domain.added', at), id });
}
function removed(at: string, id: string) {
  return signedCall('domain-removed', { body: bodyOf('domain.removed', at), id });
}

test('the last update wins, in whatever order the updates arrive', async () => {
  const { services, ledger } = apiWorld();
  await answer(receive, removed('2026-11-21T05:00:10.000Z', 'second'), services);
  const late = await answer(receiveAdded, added('2026-11-21T05:00:00.000Z', 'first'), services);
  expect(json(late)).toMatchObject({ id: 'first', status: 'superseded', latest: '2026-11-21T05:00:10.000Z' });
  expect(ledger.all('domain')).toMatchObject([{ wanted: 'absent' }]);

  const again = await answer(receiveAdded, added('2026-11-21T05:00:20.000Z', 'third'), services);
  expect(json(again)).toMatchObject({ status: 'accepted', latest: '2026-11-21T05:00:20.000Z' });
  expect(ledger.all('domain')).toMatchObject([{ wanted: 'present' }]);
});

test('updates with one timestamp are ordered by their arrival, and a repeat changes nothing', async () => {
  const { services, ledger } = apiWorld();
  const at = '2026-11-21T05:00:00.000Z';
  const statusOf = async (id: string, kind: 'added' | 'removed') => {
    const call = kind === 'added' ? added(at, id) : removed(at, id);
    return json(await answer(kind === 'added' ? receiveAdded : receive, call, services));
  };
  expect(await statusOf('msg_b', 'removed')).toMatchObject({ status: 'accepted' });
  expect(await statusOf('msg_a', 'added')).toMatchObject({ status: 'accepted' });
  expect(await statusOf('msg_b', 'removed')).toMatchObject({ status: 'superseded' });
  expect(await statusOf('msg_a', 'added')).toMatchObject({ status: 'duplicate' });
  expect(ledger.all('domain')).toMatchObject([{ wanted: 'present' }]);
});

test('a removal waits for its grace, and sends no message for it', async () => {
  const settings = { ...demoSettings, removalGraceMinutes: 15 };
  const { services, ledger, queue } = apiWorld({ secrets: { settings: async () => settings } });
  await answer(receiveAdded, added('2026-11-21T05:00:00.000Z', 'first'), services);
  const sent = queue.waiting().length;
  await answer(receive, removed('2026-11-21T05:00:10.000Z', 'second'), services);
  expect(queue.waiting()).toHaveLength(sent);
  const until = nowMs + 15 * 60_000;
  expect(ledger.all('domain')).toMatchObject([
    { wanted: 'absent', state: 'removing', reason: 'grace-period', dueAt: until, sendAt: until },
  ]);
});
