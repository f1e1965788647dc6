import { expect, test } from '@jest/globals';
import { receive } from '../../../functions/domain-added.ts';
import { Unavailable } from '../../../lib/errors.ts';
import { answer, apiWorld, nowMs, otherSecret, signedCall } from '../../support/api/api-world.ts';
import { recordedMetrics } from '../../support/recorded-metrics.ts';
import { silentMetrics } from '../../support/silent-log.ts';

const body = JSON.stringify({
  type: 'domain.added',
  timestamp: new Date(nowMs).toISOString(),
  data: { domain: 'shop.acme-bikes.com' },
});

function counting(part: Parameters<typeof apiWorld>[0] = {}) {
  const { counted, metrics } = recordedMetrics();
  return { ...apiWorld({ metrics: { ...silentMetrics, ...metrics }, ...part }), counted };
}

test('every event is counted by its answer', async () => {
  const { services, counted } = counting();
  const call = signedCall('domain-added', { body });
  await answer(receive, call, services);
  await answer(receive, call, services);
  await answer(receive, signedCall('domain-added', { body, secrets: [otherSecret] }), services);
  await answer(receive, signedCall('domain-added', { body: '{' }), services);
  expect(counted).toEqual([
    { outcome: 'accepted', network: 'demo' },
    { outcome: 'duplicate', network: 'demo' },
    { outcome: 'unauthorized', network: 'demo' },
    { outcome: 'not-json', network: 'demo' },
  ]);
});

test('a path that can be no network is counted without one', async () => {
  const { services, counted } = counting();
  await answer(receive, signedCall('domain-added', { body, network: 'No Network' }), services);
  expect(counted).toEqual([{ outcome: 'unauthorized' }]);
});

test('an event that is not confirmed is counted as that alone', async () => {
  const queue = { send: () => Promise.reject(new Unavailable('queue')) };
  const { services, counted } = counting({ queue });
  await answer(receive, signedCall('domain-added', { body }), services);
  expect(counted).toEqual([{ outcome: 'unavailable', network: 'demo' }]);
});
