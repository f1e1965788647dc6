import { afterEach, describe, expect, test } from '@jest/globals';
import type { DnsRecords } from '../../../../local/world/dns/zone.ts';
import {
  closeWorlds,
  dayMs,
  type SecureWorld,
  secureWorld,
} from '../../../support/certificates/secure-world.ts';

const domain = 'acme-bikes.com';
const www = `www.${domain}`;
const here = '127.0.0.1';
const elsewhere = '198.51.100.7';
const cloudflare = '104.16.1.2';

afterEach(closeWorlds);

function row(world: SecureWorld) {
  return world.runcloud.app(world.appId).domains.find(({ name }) => name === domain);
}
function metaCalls(world: SecureWorld) {
  return world.runcloud.requests.filter(
    ({ method, path }) => method === 'PATCH' && path.includes('/domains/'),
  ).length;
}

async function arrives(records: DnsRecords | null, request = true): Promise<SecureWorld> {
  const world = await secureWorld();
  world.proxies.add(cloudflare);
  world.pointHere(domain);
  world.point(www, records);
  await world.add(domain, { www: request });
  return world;
}

describe('www. of a domain that arrives', () => {
  test.each<{ how: string; records: DnsRecords | null; served: boolean }>([
    { how: 'points here', records: { A: [here] }, served: true },
    { how: 'is an alias of the domain', records: { CNAME: domain }, served: true },
    { how: 'is proxied', records: { A: [cloudflare] }, served: true },
    { how: 'does not exist', records: null, served: false },
    { how: 'has no address', records: {}, served: false },
    { how: 'points elsewhere', records: { A: [elsewhere] }, served: false },
    { how: 'points here and elsewhere', records: { A: [here, elsewhere] }, served: false },
    {
      how: 'has an IPv6 address of another server',
      records: { A: [here], AAAA: ['2001:db8::7'] },
      served: false,
    },
    { how: 'gets no answer', records: { faults: { every: 'servfail' } }, served: false },
  ])('that $how: served $served; asked before the domain is added', async ({ records, served }) => {
    const world = await arrives(records);
    expect(row(world)).toMatchObject({ www: served });
    expect(metaCalls(world)).toBe(0);
    // What is wanted for stays what was said.
    expect(await world.domain(domain)).toMatchObject({ www: true, wwwServed: served });
    await world.stands(domain, { state: 'valid' });
    expect(world.orders()).toMatchObject([
      { outcome: 'issued', names: served ? [world.ownDomain, domain, www] : [world.ownDomain, domain] },
    ]);
  });

  test('that is not requested is neither ordered nor served', async () => {
    const world = await arrives({ A: [here] }, false);
    await world.stands(domain, { state: 'valid', wwwAskedAt: null });
    expect(row(world)).toMatchObject({ www: false });
  });

  test('is not believed of the multisite: dns_ready is about the domain alone', async () => {
    const world = await secureWorld();
    world.proxies.add(elsewhere);
    world.point(domain, { A: [elsewhere] });
    world.point(www, { A: [elsewhere] });
    await world.add(domain, { www: true });
    await world.retry(domain, 'dns_ready');
    await world.stands(domain, { state: 'valid' });
    expect(row(world)).toMatchObject({ www: false });
    expect(world.orders()[0]?.names).toEqual([world.ownDomain, domain]);
  });
});

describe('www. that is checked again daily', () => {
  test('is turned on once it points here, and covered by the certificate', async () => {
    const world = await arrives(null);
    await world.stands(domain, { state: 'valid' });
    world.point(www, { CNAME: domain });
    await world.pass(2 * dayMs);
    expect(row(world)).toMatchObject({ www: true });
    expect(await world.domain(domain)).toMatchObject({ www: true, wwwServed: true, state: 'present' });
    await world.stands(domain, { state: 'valid' });
    expect(world.orders()).toHaveLength(2);
    expect(world.orders()[1]).toMatchObject({ outcome: 'issued', names: [world.ownDomain, domain, www] });
  });

  test.each<{ how: string; records: DnsRecords | null }>([
    { how: 'does not exist any more', records: null },
    { how: 'points elsewhere', records: { A: [elsewhere] } },
  ])('is turned off once it $how', async ({ records }) => {
    const world = await arrives({ A: [here] });
    await world.stands(domain, { state: 'valid' });
    world.point(www, records);
    await world.pass(2 * dayMs);
    expect(row(world)).toMatchObject({ www: false });
    expect(await world.domain(domain)).toMatchObject({ www: true, wwwServed: false });
    expect(await world.item(domain)).toMatchObject({ state: 'valid', reason: null });
    expect(world.orders()).toHaveLength(1);
  });

  test.each<{ how: string; records: DnsRecords }>([
    { how: 'comes to be proxied', records: { A: [cloudflare] } },
    { how: 'is not answered for', records: { faults: { every: 'servfail' } } },
  ])('stays as it is when it $how', async ({ records }) => {
    const world = await arrives({ A: [here] });
    await world.stands(domain, { state: 'valid' });
    world.point(www, records);
    await world.pass(3 * dayMs);
    expect(row(world)).toMatchObject({ www: true });
    expect(metaCalls(world)).toBe(0);
  });
});

test('in advanced mode www. is in the certificate of its domain', async () => {
  const world = await secureWorld({ ssl: 'advanced' });
  world.pointHere(domain, www);
  await world.add(domain, { www: true });
  await world.stands(domain, { state: 'valid' });
  expect(world.orders()).toMatchObject([{ names: [domain, www] }]);
});

test('www. that the certificate shown does not cover makes an order', async () => {
  const world = await secureWorld();
  world.runcloud.addInPanel(world.appId, { name: domain, www: true });
  world.runcloud.installInPanel(world.appId, { names: [world.ownDomain, domain] });
  world.pointHere(domain, www);
  await world.add(domain, { www: true });
  await world.stands(domain, { state: 'valid' });
  expect(world.writes()).toEqual(['PUT /ssl/:id']);
});
