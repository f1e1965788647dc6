import { afterEach, describe, expect, test } from '@jest/globals';
import { closeWorlds, dayMs, secureWorld } from '../support/secure-world.ts';

const customer = 'shop.kunde.com';
const unsupported = [
  { title: 'with reserved hyphens', name: 'ab--cd.kunde.com', why: 'ab--cd has hyphens' },
  { title: 'of eleven labels', name: `${'a.'.repeat(9)}kunde.com`, why: 'it has 11 labels' },
];
const long = `${'a'.repeat(60)}.${'b'.repeat(60)}.kunde.com`;

afterEach(closeWorlds);

describe.each(unsupported)('a name $title that points here', ({ name, why }) => {
  test.each(['advanced', 'autossl'] as const)(
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
    // A new one is up to whoever installed it.
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
