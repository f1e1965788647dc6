import { afterEach, describe, expect, test } from '@jest/globals';
import { closeWorlds, minuteMs, secureWorld } from '../../../support/certificates/secure-world.ts';

const domain = 'shop.acme-bikes.com';
const elsewhere = '198.51.100.7';

afterEach(closeWorlds);

function shops(count: number) {
  return Array.from({ length: count }, (_, n) => `shop-${n + 1}.acme-bikes.com`);
}

describe('a burst in basic mode', () => {
  test('whose second half comes while the order runs makes one more', async () => {
    const world = await secureWorld();
    const names = shops(40);
    world.pointHere(...names);
    await world.say(names.slice(0, 20));
    await world.step();
    await world.stands(names[0] ?? '', { state: 'requested' });
    await world.say(names.slice(20));
    await world.step();
    for (const name of names) await world.stands(name, { state: 'valid' });
    expect(world.writes()).toEqual(['POST /ssl', 'PUT /ssl/:id']);
  });

  test('waits for what is still to be added, and no longer than three minutes', async () => {
    const world = await secureWorld();
    await world.add(domain);
    await world.stands(domain, { state: 'waiting-dns' });
    const answer = { status: 503 };
    world.runcloud.arm({ method: 'POST', path: /\/domains$/, times: Number.POSITIVE_INFINITY, answer });
    await world.add('late.acme-bikes.com');
    world.pointHere(domain);
    await world.retry(domain);
    const readyAt = world.clock.now();
    await world.stands(domain, { state: 'valid' });
    expect((await world.domain('late.acme-bikes.com'))?.state).toBe('pending');
    const [order, ...others] = world.orders();
    expect(others).toEqual([]);
    expect((order?.at ?? 0) - readyAt).toBeGreaterThanOrEqual(3 * minuteMs);
    expect((order?.at ?? 0) - readyAt).toBeLessThanOrEqual(4 * minuteMs);
  });
});

describe('an attached name that points elsewhere', () => {
  const bad = 'old.acme-bikes.com';

  const held = async (options: Parameters<typeof secureWorld>[0] = {}) => {
    const world = await secureWorld(options);
    world.runcloud.addInPanel(world.appId, { name: bad });
    world.point(bad, { A: [elsewhere] });
    world.pointHere(domain);
    await world.add(domain);
    await world.stands(domain, { state: 'pending', reason: 'held-by-name' });
    return world;
  };

  test('is named in the status of the waiting names, with the fix', async () => {
    const world = await held();
    const { certificate } = await world.status(domain);
    expect(certificate.fix).toBe(
      `${bad} shares the certificate and does not point here. Point an A record for ${bad} at 127.0.0.1; it now points at ${elsewhere}; or remove it from the web application`,
    );
    expect(await world.list('open')).toEqual([domain]);
    expect(world.orders()).toEqual([]);
  });

  test('holds the others no longer once it is fixed', async () => {
    const world = await held();
    world.pointHere(bad);
    await world.stands(domain, { state: 'valid' }, { withinMs: 15 * minuteMs });
    expect(world.orders()).toMatchObject([{ outcome: 'issued' }]);
  });

  test('holds no longer once it is removed', async () => {
    const world = await held();
    const app = world.runcloud.app(world.appId);
    app.domains.splice(
      app.domains.findIndex(({ name }) => name === bad),
      1,
    );
    await world.stands(domain, { state: 'valid' }, { withinMs: 15 * minuteMs });
    expect(world.orders()).toHaveLength(1);
  });

  test('holds for an hour; then the order is made all the same, which may work', async () => {
    const world = await held({ switches: { unresolvedName: 'is-left-out' } });
    await world.pass(50 * minuteMs);
    expect(world.orders()).toEqual([]);
    await world.stands(domain, { state: 'valid' }, { withinMs: 20 * minuteMs });
    expect(world.orders()).toMatchObject([{ outcome: 'issued' }]);
  });
});
