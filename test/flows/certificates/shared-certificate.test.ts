import { afterAll, describe, expect, test } from '@jest/globals';
import { closeFlow } from '../../support/flow/close-flow.ts';
import { startFlow } from '../../support/flow/flow.ts';
import type { FlowNetwork } from '../../support/flow/flow-network.ts';

// Tests run side by side, so the stack must stand before any of them begins; hooks would come too late.
const flow = await startFlow({
  networks: {
    parks: {},
    keeps: { secret: { PARK_UNREADY_NAMES: 'false' } },
    fails: { switches: { unreachableNames: ['blocked.fails.com'] } },
  },
  retryBaseSeconds: 0.05,
  certificateRetryBaseSeconds: 0.2,
});

async function read({ name, secret }: FlowNetwork, path: string): Promise<unknown> {
  const headers = { authorization: `Bearer ${secret.RELAY_READ_TOKEN ?? ''}` };
  const answer = await fetch(`${flow.url}/${name}/domains${path}`, { headers });
  expect(answer.status).toBe(200);
  return answer.json();
}

/** A name that points elsewhere, and another one that points here and shares its certificate. */
async function addBoth(network: FlowNetwork): Promise<{ dead: string; shop: string }> {
  const dead = `dead.${network.name}.com`;
  const shop = `shop.${network.name}.com`;
  network.certificates.point(dead, { A: ['198.51.100.7'] });
  network.certificates.pointHere(shop);
  await network.add(dead);
  await network.add(shop);
  return { dead, shop };
}

afterAll(() => closeFlow(flow));

describe('a name whose DNS never pointed here, over the whole stack', () => {
  test.concurrent('is parked so that another one is served, and comes back with its DNS', async () => {
    const network = flow.network('parks');
    const { dead, shop } = await addBoth(network);
    await network.settles(dead, { state: 'parked', reason: 'dns-mismatch', runcloudId: null });
    expect(network.hosted()).not.toContain(dead);
    await network.certificates.stands(shop, { state: 'valid' });
    expect(await read(network, `/${dead}`)).toMatchObject({
      wanted: 'present',
      hosting: { state: 'parked', reason: 'dns-mismatch', nextTryAt: null },
      certificate: { state: 'waiting-dns', fix: expect.stringContaining(`Point an A record for ${dead}`) },
    });
    expect(await read(network, '?state=waiting-dns')).toMatchObject({ domains: [{ domain: dead }] });

    network.certificates.pointHere(dead);
    await network.retryCertificate(dead, 'dns_ready');
    await network.settles(dead, { state: 'present', parking: null });
    expect(network.hosted()).toContain(dead);
    await network.certificates.stands(dead, { state: 'valid' });
    expect(await network.certificates.deadLetters()).toEqual([]);
  });

  test.concurrent('keeps its row where PARK_UNREADY_NAMES is false, and holds the order', async () => {
    const network = flow.network('keeps');
    const { dead, shop } = await addBoth(network);
    const { fix } = await network.certificates.stands(shop, { state: 'pending', reason: 'held-by-name' });
    expect(fix).toContain(dead);
    await network.certificates.stands(shop, { lastError: { code: 'runcloud-unavailable' } });
    expect(network.hosted()).toContain(dead);
    expect(network.calls().filter((call) => call.startsWith('DELETE'))).toEqual([]);
  });
});

describe('an order that fails though DNS shows no reason, over the whole stack', () => {
  test.concurrent('names the newest name, and is made for the others once that is removed', async () => {
    const network = flow.network('fails');
    const { certificates } = network;
    const [shop, blocked] = ['shop.fails.com', 'blocked.fails.com'];
    certificates.pointHere(shop, blocked);
    await network.add(shop);
    await network.add(blocked);
    const { fix } = await certificates.stands(shop, { lastError: { code: 'runcloud-unavailable' } });
    // Workers add them in any order.
    const [older, newer] = network.hosted().filter((name) => name === shop || name === blocked);
    expect(fix).toContain(`first ${newer}, then ${older}`);
    expect(await read(network, `/${shop}`)).toMatchObject({ certificate: { state: 'pending', fix } });
    await network.remove(blocked);
    await certificates.stands(shop, { state: 'valid', fix: null });
  });
});
