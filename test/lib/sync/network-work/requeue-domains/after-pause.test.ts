import { describe, expect, test } from '@jest/globals';
import { certificateKey } from '../../../../../lib/sync/ledger/keys.ts';
import {
  certificateItem,
  DOMAIN,
  domainItem,
  MINUTE,
  NETWORK,
  NOW,
  OTHER_APP,
  settledItem,
} from '../../../../support/sync/items.ts';
import { jitteredAt, paused, requeueWorld, resumed } from './due-network.ts';

describe('after a pause', () => {
  test('every domain that waited is due, spread over a while', async () => {
    const world = await requeueWorld(resumed, paused());
    await world.requeue();
    expect(await world.domain()).toMatchObject({ dueAt: jitteredAt, sendAt: jitteredAt, revision: 2 });
  });

  test('no other domain is', async () => {
    const others = [
      settledItem({ domain: 'settled.example' }),
      domainItem({ domain: 'waiting.example', dueAt: NOW + MINUTE }),
      domainItem({ domain: 'failed.example', state: 'failed', dueAt: null, sendAt: null }),
      paused({ domain: 'other.example', network: 'other' }),
    ];
    const world = await requeueWorld(resumed, ...others);
    await world.requeue();
    expect(world.ledger.all('domain')).toEqual(expect.arrayContaining(others));
  });

  test('what another application served stays what it is, with its request: the network has not moved', async () => {
    const old = settledItem({ runcloudId: { id: 5, ...OTHER_APP } });
    const request = certificateItem({ state: 'valid', revision: 3 });
    const world = await requeueWorld(resumed, old);
    world.ledger.put(certificateKey(NETWORK, DOMAIN), request);
    await world.requeue();
    expect(await world.domain()).toEqual(old);
    expect(world.ledger.all('certificate')).toEqual([request]);
  });

  test('counts and failures of a domain stay what they were', async () => {
    const world = await requeueWorld(resumed, paused({ attempts: 4, waitedMs: 9 }));
    await world.requeue();
    expect(await world.domain()).toMatchObject({ attempts: 4, waitedMs: 9 });
  });
});
