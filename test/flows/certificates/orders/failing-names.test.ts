import { afterEach, describe, expect, test } from '@jest/globals';
import {
  closeWorlds,
  dayMs,
  hourMs,
  minuteMs,
  type SecureWorld,
  secureWorld,
} from '../../../support/certificates/secure-world.ts';

const shop = 'shop.acme-bikes.com';
const blocked = 'blocked.example';

afterEach(closeWorlds);

/** Two customers are served. Then come one whose challenge the CA cannot fetch, and two more, all with right DNS. */
async function withBlockedName(): Promise<SecureWorld> {
  const world = await secureWorld({ switches: { unreachableNames: [blocked] } });
  const served = ['old-1.example', 'old-2.example'];
  world.pointHere(...served, blocked, shop, 'late.example');
  for (const name of served) await world.add(name);
  for (const name of served) await world.stands(name, { state: 'valid' });
  for (const name of [shop, 'late.example', blocked]) {
    await world.pass(1_000);
    await world.add(name);
  }
  return world;
}

describe('an order for all names that fails though DNS shows no reason', () => {
  const failing = { state: 'pending', lastError: { code: 'runcloud-unavailable' } } as const;

  test('names the names most likely at fault: the newest first, and none that was covered before', async () => {
    const world = await withBlockedName();
    await world.stands(shop, failing);
    const { certificate } = await world.status(shop);
    expect(certificate.fix).toContain(`first ${blocked}, then late.example and ${shop}`);
    expect(certificate.fix).toContain('Remove a name that fails this from the web application');
    expect(certificate.fix).not.toContain('old-');
  });

  test('says so to every request of the order, and as long as no other one is made', async () => {
    const world = await withBlockedName();
    for (const name of [shop, 'late.example', blocked]) {
      const { fix } = await world.stands(name, failing);
      expect(fix).toContain(`first ${blocked}`);
    }
    await world.stands(shop, { state: 'pending', reason: 'order-budget' });
    expect((await world.status(shop)).certificate.fix).toContain(`first ${blocked}`);
    await world.stands(shop, { state: 'failed', reason: 'order-failed' });
    expect((await world.status(shop)).certificate.fix).toContain(`first ${blocked}`);
  });

  test('is made again for the others once that name is removed', async () => {
    const world = await withBlockedName();
    await world.stands(shop, failing);
    await world.remove(blocked);
    await world.stands(shop, { state: 'valid', fix: null }, { withinMs: 2 * hourMs });
    await world.stands('late.example', { state: 'valid', fix: null }, { withinMs: minuteMs });
  });

  test('where all names were covered before, sends the reader to the panel and the firewall', async () => {
    const world = await secureWorld();
    world.pointHere(shop);
    await world.add(shop);
    await world.stands(shop, { state: 'valid' });
    Object.assign(world.runcloud.switches, { unreachableNames: [shop] });
    world.show(shop, 'expired');
    await world.retry(shop, 'ssl_failed');
    await world.stands(shop, failing, { withinMs: 2 * hourMs });
    expect((await world.status(shop)).certificate.fix).toContain('look at the SSL page in RunCloud’s panel');
  });
});

describe('an order for a domain and its www. in advanced mode', () => {
  const apex = 'acme-bikes.com';
  const www = `www.${apex}`;
  const served = (world: SecureWorld) =>
    world.runcloud.app(world.appId).domains.find(({ name }) => name === apex)?.www;
  const withBoth = async (unreachable: string): Promise<SecureWorld> => {
    const world = await secureWorld({ ssl: 'advanced', switches: { unreachableNames: [unreachable] } });
    world.pointHere(apex, www);
    await world.add(apex, { www: true });
    return world;
  };

  test('that fails twice is made for the domain alone, which then has its certificate', async () => {
    const world = await withBoth(www);
    const { fix } = await world.stands(apex, { state: 'valid' }, { withinMs: 3 * hourMs });
    expect(fix).toContain(`${www} is not served, because orders that covered it failed`);
    expect(served(world)).toBe(false);
    expect(world.orders().map(({ names, outcome }) => [names.length, outcome])).toEqual([
      [2, 'failed'],
      [2, 'failed'],
      [1, 'issued'],
    ]);
    await world.pass(5 * dayMs);
    expect(served(world)).toBe(false);
    expect(await world.item(apex)).toMatchObject({ state: 'valid', fix });
  });

  test('covers both again once that is fixed and an ssl_retry says so', async () => {
    const world = await withBoth(www);
    await world.stands(apex, { state: 'valid' }, { withinMs: 3 * hourMs });
    Object.assign(world.runcloud.switches, { unreachableNames: [] });
    await world.pass(minuteMs);
    await world.retry(apex, 'manual');
    await world.pass(10 * minuteMs);
    expect(served(world)).toBe(true);
    expect(await world.item(apex)).toMatchObject({ state: 'valid', fix: null });
    expect(world.orders().at(-1)).toMatchObject({ names: [apex, www], outcome: 'issued' });
  });

  test('gives the www. back where the domain alone fails too', async () => {
    const world = await withBoth(apex);
    await world.stands(apex, { state: 'failed', reason: 'order-failed' });
    expect(served(world)).toBe(true);
    const alone = world.orders().filter(({ names }) => names.length === 1);
    expect(alone).toHaveLength(1);
    await world.pass(2 * dayMs);
    expect(served(world)).toBe(true);
  });
});

describe('nothing is said to be done beside a failure that will not pass', () => {
  test.each([
    {
      title: 'an order that is refused',
      ssl: 'basic' as const,
      switches: { sslIssue: 'fails-422' as const },
    },
    { title: 'an order without effect', ssl: 'basic' as const, switches: { unreachableNames: [shop] } },
    { title: 'one for a domain', ssl: 'advanced' as const, switches: { unreachableNames: [shop] } },
    {
      title: 'RunCloud that breaks down',
      ssl: 'advanced' as const,
      switches: { sslIssue: 'fails-500' as const },
    },
  ])('for $title: each state has a fix from its first failure on', async ({ ssl, switches }) => {
    const world = await secureWorld({ ssl, switches });
    world.pointHere(shop);
    await world.add(shop);
    await world.stands(shop, { lastError: expect.anything() });
    const end = world.clock.now() + 2 * dayMs;
    const states = new Set<string>();
    while (world.clock.now() < end) {
      const { certificate, lastError } = await world.status(shop);
      states.add(certificate.state);
      const waitsForOrder = certificate.state === 'requested';
      if (lastError !== null && !waitsForOrder) {
        expect(certificate.fix).toMatch(/look at|Remove|Check/);
        expect(certificate.fix).not.toContain('Nothing is to be done');
      }
      await world.step();
    }
    expect([...states]).toEqual(expect.arrayContaining(['pending', 'failed']));
  });
});
