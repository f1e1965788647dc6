import { isIPv4, isIPv6 } from 'node:net';
import { afterEach, describe, expect, test } from '@jest/globals';
import type { EdgeFault } from '../../../../local/world/edge.ts';
import { type ProxySettings, type RunningProxy, startProxy } from '../../../../local/world/proxy.ts';
import {
  closeWorlds,
  dayMs,
  hourMs,
  type SecureOptions,
  secureWorld,
} from '../../../support/certificates/secure-world.ts';

const domain = 'shop.acme-bikes.com';
/** The proxy has addresses of its own, on the port of the server. */
const edges = ['127.0.0.2', '127.0.0.3'];
const open: RunningProxy[] = [];

afterEach(closeWorlds);
afterEach(async () => {
  for (const proxy of open.splice(0)) await proxy.close();
});

/** A name that the multisite has proven, and that leads to a proxy before the server. */
async function proxied(
  settings: Partial<ProxySettings> = {},
  { also = [], ...options }: SecureOptions & { also?: readonly string[] } = {},
) {
  const world = await secureWorld(options);
  const origin = { address: '127.0.0.1', port: world.edge.port };
  const proxies = await Promise.all(
    edges.map((address) => startProxy({ address, origin, authority: world.authority })),
  );
  open.push(...proxies);
  for (const [index, address] of edges.entries()) {
    world.proxies.add(address);
    proxies[index]?.set(domain, settings);
  }
  world.point(domain, { A: [...edges, ...also.filter(isIPv4)], AAAA: also.filter(isIPv6) });
  await world.add(domain);
  await world.retry(domain, 'dns_ready');
  return { ...world, proxyAt: proxies };
}

describe('a proxied name whose server shows no good certificate', () => {
  test.each([null, 'untrusted', 'expired', 'wrong-name'] as const satisfies readonly (EdgeFault | null)[])(
    'is served by the proxy all the same: valid, via the edge, and nothing is ordered (%s)',
    async (fault) => {
      const world = await proxied();
      world.edge.set(domain, fault);
      const { notAfter } = await world.stands(domain, { state: 'valid', reason: null, via: 'edge' });
      expect(Date.parse(notAfter ?? '')).toBeGreaterThan(Date.now() + 89 * dayMs);
      await world.pass(3 * dayMs);
      expect(await world.item(domain)).toMatchObject({ state: 'valid', via: 'edge', lastError: null });
      expect(world.writes()).toEqual([]);
      expect(world.runcloud.requests.filter(({ path }) => path.includes('/ssl'))).toEqual([]);
    },
  );

  test.each([
    ['excludes the authority', { CAA: [{ tag: 'issue', value: 'other-ca.example' }] }],
    ['gets no answer', { faults: { CAA: 'refused' } }],
  ] as const)('is valid via the edge though CAA %s', async (_title, { ...caa }) => {
    const world = await proxied();
    world.point(domain, { A: [...edges], ...caa });
    world.edge.set(domain, 'untrusted');
    await world.stands(domain, { state: 'valid', reason: null, via: 'edge' });
    expect(world.writes()).toEqual([]);
  });

  test('waits for CAA where the proxy refuses what the server shows', async () => {
    const world = await proxied({ mode: 'strict' });
    world.point(domain, { A: [...edges], CAA: [{ tag: 'issue', value: 'other-ca.example' }] });
    await world.stands(domain, { state: 'waiting-dns', reason: 'dns-caa' });
    expect(world.writes()).toEqual([]);
  });

  test('is ordered for where the proxy refuses what the server shows', async () => {
    const world = await proxied({ mode: 'strict' });
    await world.stands(domain, { state: 'valid', via: null });
    expect(world.orders()).toHaveLength(1);
  });

  test('is ordered for where one address of the proxy refuses it', async () => {
    const world = await proxied();
    world.proxyAt[1]?.set(domain, { mode: 'strict' });
    await world.stands(domain, { state: 'valid', via: null });
    expect(world.orders()).toHaveLength(1);
  });

  test('is ordered for where the proxy itself shows an untrusted one', async () => {
    const world = await proxied({ certificate: 'untrusted' });
    await world.stands(domain, { state: 'valid', via: null });
    expect(world.orders()).toHaveLength(1);
  });

  test('is ordered for where some visitors come to the server itself', async () => {
    const world = await proxied({}, { also: ['127.0.0.1'] });
    await world.stands(domain, { state: 'valid', via: null });
    expect(world.orders()).toHaveLength(1);
  });

  test('is valid via the addresses that answer', async () => {
    const world = await proxied({}, { also: ['127.0.0.99', '::1'] });
    await world.stands(domain, { state: 'valid', via: 'edge' });
    expect(world.orders()).toEqual([]);
  });

  test('is ordered for once the proxy begins to refuse it', async () => {
    const world = await proxied();
    await world.stands(domain, { state: 'valid', via: 'edge' });
    for (const proxy of world.proxyAt) proxy.set(domain, { mode: 'strict' });
    await world.stands(domain, { state: 'valid', via: null }, { withinMs: 2 * dayMs });
    expect(world.orders()).toHaveLength(1);
  });

  test('is ordered for at the next check once it leaves the proxy, also where the server does not answer yet', async () => {
    const world = await proxied();
    world.edge.set(domain, 'untrusted');
    await world.stands(domain, { state: 'valid', via: 'edge' });
    world.edge.set(domain, 'refuse');
    world.point(domain, { A: ['127.0.0.1'] });
    await world.stands(domain, { state: 'requested' }, { withinMs: 1.2 * dayMs });
    expect(world.orders()).toHaveLength(1);
  });

  test('leaves the renewal to the proxy', async () => {
    const world = await proxied();
    await world.stands(domain, { state: 'valid', via: 'edge' });
    // The multisite's word about its DNS holds for thirty days.
    for (let day = 0; day < 75; day += 25) {
      await world.pass(25 * dayMs);
      await world.retry(domain, 'dns_ready');
    }
    await world.stands(domain, { state: 'valid', reason: 'expiring' }, { withinMs: 2 * dayMs });
    await world.pass(2 * dayMs);
    expect(world.writes()).toEqual([]);
    const passes = world.proxyAt[0]?.answers.length ?? 0;
    await world.pass(dayMs);
    expect((world.proxyAt[0]?.answers.length ?? 0) - passes).toBeLessThanOrEqual(2);
  });
});

test('a proxied name whose server shows a good certificate is valid by that, and the proxy is not asked', async () => {
  const world = await proxied();
  world.runcloud.installInPanel(world.appId);
  await world.stands(domain, { state: 'valid', via: null });
  expect(world.proxyAt.flatMap(({ answers }) => answers)).toEqual([]);
});

test('a proxy that answers 525 for a server without TLS proves nothing: an order is made', async () => {
  const world = await proxied();
  world.edge.set(domain, 'refuse');
  await world.stands(domain, { state: 'requested' }, { withinMs: hourMs });
  expect(world.orders()).toHaveLength(1);
});
