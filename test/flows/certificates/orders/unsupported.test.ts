import { afterEach, describe, expect, test } from '@jest/globals';
import { closeWorlds, dayMs, minuteMs, secureWorld } from '../../../support/certificates/secure-world.ts';

const customer = 'shop.kunde.com';
const unsupported = [
  { title: 'with reserved hyphens', name: 'ab--cd.kunde.com', why: 'ab--cd has hyphens' },
  { title: 'of eleven labels', name: `${'a.'.repeat(9)}kunde.com`, why: 'it has 11 labels' },
];
const long = `${'a'.repeat(60)}.${'b'.repeat(60)}.kunde.com`;

afterEach(closeWorlds);

describe.each(unsupported)('a name $title that points here', ({ name, why }) => {
  test.each(['basic', 'advanced', 'autossl'] as const)(
    'fails for its form in %s mode, with one dead letter, and others get their certificate',
    async (ssl) => {
      const world = await secureWorld({ ssl });
      world.pointHere(name, customer);
      await world.add(name);
      const { fix } = await world.stands(name, { state: 'failed', reason: 'name-unsupported' });
      expect(fix).toContain(why);
      expect(fix).toContain('Use another name');
      await world.add(customer);
      await world.stands(customer, { state: 'valid' });
      await world.pass(3 * dayMs);
      expect(await world.item(name)).toMatchObject({ state: 'failed', reason: 'name-unsupported' });
      expect(world.orders().filter(({ names }) => names.includes(name))).toEqual([]);
      expect(new Set(world.orders().map(({ outcome }) => outcome))).toEqual(new Set(['issued']));
      expect(world.deadLetters()).toHaveLength(1);
    },
  );

  test('is parked at once in basic mode when others wait for an order, and stays so wherever it points', async () => {
    const world = await secureWorld();
    world.pointHere(name, customer);
    await world.add(name);
    await world.stands(name, { state: 'failed', reason: 'name-unsupported' });
    expect((await world.domain(name))?.state).toBe('present');
    await world.add(customer);
    const addedAt = world.clock.now();
    await world.stands(customer, { state: 'valid' });
    expect(world.clock.now() - addedAt).toBeLessThan(5 * minuteMs);
    await world.retry(name, 'dns_ready');
    await world.pass(3 * dayMs);
    const { hosting, certificate } = await world.status(name);
    expect(hosting).toMatchObject({ state: 'parked', reason: 'name-unsupported' });
    expect(certificate).toMatchObject({ state: 'failed', reason: 'name-unsupported' });
    expect(certificate.fix).toContain('Use another name');
    expect(world.orders()).toMatchObject([{ outcome: 'issued' }]);
    // One certificate each: now it harms no other.
    world.setMode('advanced');
    await world.pass(2 * dayMs);
    expect((await world.domain(name))?.state).toBe('present');
    expect(await world.item(name)).toMatchObject({ state: 'failed', reason: 'name-unsupported' });
  });

  test('is served again once a certificate that covers it is installed by hand', async () => {
    const world = await secureWorld();
    world.pointHere(name, customer);
    await world.add(name);
    await world.add(customer);
    await world.stands(customer, { state: 'valid' });
    await world.pass(dayMs);
    const { hosting, certificate } = await world.status(name);
    expect(hosting).toMatchObject({ state: 'parked' });
    expect(certificate.fix).toContain('install a certificate in RunCloud’s panel that covers it');
    world.runcloud.uninstallInPanel(world.appId);
    world.runcloud.installInPanel(world.appId, { names: [name, customer], method: 'custom' });
    await world.stands(name, { state: 'valid' }, { withinMs: 2 * dayMs });
    expect((await world.domain(name))?.state).toBe('present');
    expect(world.orders()).toHaveLength(1);
  });

  test('that was added by hand is named to those that wait for it', async () => {
    const world = await secureWorld();
    world.pointHere(name, customer);
    world.runcloud.addInPanel(world.appId, { name });
    await world.add(customer);
    const { fix } = await world.stands(customer, { state: 'pending', reason: 'held-by-name' });
    expect(fix).toContain(`${name} shares the certificate and can have none. No certificate is ordered`);
    expect(fix).toContain('or remove it from the web application');
    expect(world.orders()).toEqual([]);
  });

  test('that was added by hand holds others for a time only where RunCloud leaves it out of the order', async () => {
    const world = await secureWorld({ switches: { unsupportedName: 'is-left-out' } });
    world.pointHere(name, customer);
    world.runcloud.addInPanel(world.appId, { name });
    await world.add(customer);
    await world.stands(customer, { state: 'pending', reason: 'held-by-name' });
    await world.stands(customer, { state: 'valid' }, { withinMs: 2 * dayMs });
  });

  test('is told wherever it points', async () => {
    const world = await secureWorld({ ssl: 'advanced' });
    world.point(name, { A: ['198.51.100.7'] });
    await world.add(name);
    await world.stands(name, { state: 'failed', reason: 'name-unsupported' });
    expect((await world.domain(name))?.state).toBe('present');
  });

  test('is valid by a certificate that was installed for it', async () => {
    const world = await secureWorld();
    world.addInPanel(name, 'valid');
    await world.add(name);
    await world.stands(name, { state: 'valid', reason: null });
    // A new one is up to the operator who installed it.
    await world.stands(name, { state: 'valid', reason: 'expiring' }, { withinMs: 80 * dayMs });
    await world.stands(name, { state: 'failed', reason: 'name-unsupported' }, { withinMs: 16 * dayMs });
    expect(world.orders()).toEqual([]);
  });
});

test('a `www.` of eleven labels fails the certificate of its domain: the fix says to serve it without', async () => {
  const world = await secureWorld({ ssl: 'advanced' });
  const name = `${'a.'.repeat(8)}kunde.com`;
  world.pointHere(name, `www.${name}`);
  await world.add(name, { www: true });
  const { fix } = await world.stands(name, { state: 'failed', reason: 'name-unsupported' });
  expect(fix).toContain(`No certificate is ordered for www.${name}`);
  expect(fix).toContain('Serve the domain without its www.');
  expect(world.orders()).toEqual([]);
});

test('a name longer than a common name may be is ordered as any other', async () => {
  const world = await secureWorld();
  world.pointHere(long);
  await world.add(long);
  await world.stands(long, { state: 'valid' });
});
