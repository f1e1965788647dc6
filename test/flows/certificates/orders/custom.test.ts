import { afterEach, describe, expect, test } from '@jest/globals';
import type { PanelSsl } from '../../../../local/runcloud/orders/panel.ts';
import type { Switches } from '../../../../local/runcloud/state/switches.ts';
import {
  closeWorlds,
  dayMs,
  hourMs,
  type SecureOptions,
  secureWorld,
} from '../../../support/certificates/secure-world.ts';

const own = 'acme.network.example.com';
const native = 'shop-1.network.example.com';
const customer = 'shop.kunde.com';
const wildcard = ['network.example.com', '*.network.example.com'];

afterEach(closeWorlds);

/** What an operator may have put in place by hand, and what the fix calls it. */
const origins: readonly { title: string; ssl: PanelSsl; told: string }[] = [
  { title: 'uploaded', ssl: { method: 'custom' }, told: 'was uploaded' },
  { title: 'made from a signing request', ssl: { method: 'csr' }, told: 'was uploaded' },
  { title: 'made by dns-01', ssl: { authorizationMethod: 'dns-01' }, told: 'was made by dns-01' },
];

async function withWildcard(ssl: PanelSsl, options: SecureOptions = {}) {
  const world = await secureWorld({ ...options, switches: { sslExists: 'replace', ...options.switches } });
  world.runcloud.installInPanel(world.appId, { names: wildcard, ...ssl });
  world.pointHere(native, customer);
  const installed = world.runcloud.app(world.appId).ssl;
  return {
    ...world,
    /** Nothing was ordered, and the certificate is the one of before. */
    expectUntouched: () => {
      expect(world.writes()).toEqual([]);
      expect(world.orders()).toEqual([]);
      expect(world.runcloud.app(world.appId).ssl).toBe(installed);
    },
  };
}

describe.each(origins)('in basic mode, a certificate of the application that is $title', ({ ssl, told }) => {
  test('is never replaced: the names that it covers are valid, the others failed with the way out', async () => {
    const world = await withWildcard(ssl);
    await world.add(native);
    await world.add(customer);
    await world.stands(native, { state: 'valid', reason: null });
    const { fix, lastError } = await world.stands(customer, {
      state: 'failed',
      reason: 'custom-certificate',
    });
    expect(fix).toContain(customer);
    expect(fix).toContain(told);
    expect(fix).toContain('advanced SSL');
    expect(lastError).toMatchObject({ code: 'runcloud-refused' });
    await world.pass(3 * dayMs);
    world.expectUntouched();
    expect(world.deadLetters()).toHaveLength(1);
  });

  test('is known for what it is however RunCloud names it', async () => {
    for (const sslShape of ['method', 'provider', 'spelled-out'] as const) {
      const world = await withWildcard(ssl, { switches: { sslShape } });
      await world.add(customer);
      await world.stands(customer, { state: 'failed', reason: 'custom-certificate' });
      world.expectUntouched();
    }
  });

  test('holds the names that it does not cover up no longer once it is gone', async () => {
    const world = await withWildcard(ssl);
    await world.add(customer);
    await world.stands(customer, { state: 'failed', reason: 'custom-certificate' });
    world.runcloud.uninstallInPanel(world.appId);
    await world.stands(customer, { state: 'valid', reason: null }, { withinMs: 2 * dayMs });
    expect(world.orders().at(-1)?.names.toSorted()).toEqual([own, customer].toSorted());
  });

  test('says so at once, also while an attached name points elsewhere', async () => {
    const world = await withWildcard(ssl);
    world.runcloud.addInPanel(world.appId, { name: 'old.kunde.com' });
    world.point('old.kunde.com', { A: ['198.51.100.7'] });
    await world.add(customer);
    await world.stands(customer, { state: 'failed', reason: 'custom-certificate' }, { withinMs: hourMs / 2 });
    world.expectUntouched();
  });
});

test('an uploaded certificate that is about to end is not replaced either: the fix says to renew it', async () => {
  const world = await withWildcard({ method: 'custom' });
  await world.add(native);
  await world.stands(native, { state: 'valid', reason: 'expiring' }, { withinMs: 80 * dayMs });
  const { fix } = await world.stands(native, { fix: expect.stringContaining('was uploaded') });
  expect(fix).toContain('before it ends');
  await world.stands(native, { state: 'failed', reason: 'custom-certificate' }, { withinMs: 15 * dayMs });
  world.expectUntouched();
});

test('under AutoSSL, a domain with an uploaded certificate that does not cover it fails for that', async () => {
  const world = await secureWorld({ ssl: 'autossl' });
  world.pointHere(customer);
  world.runcloud.addInPanel(world.appId, { name: customer });
  world.runcloud.installInPanel(world.appId, { method: 'custom', domain: customer, names: ['else.example'] });
  await world.add(customer);
  const { fix } = await world.stands(customer, { state: 'failed', reason: 'custom-certificate' });
  expect(fix).toContain('was uploaded');
  expect(world.writes()).toEqual([]);
});

test('a server that does not answer leaves open what an uploaded certificate covers', async () => {
  const world = await withWildcard({ method: 'custom' });
  world.edge.set(customer, 'hang');
  await world.add(customer);
  await world.stands(customer, { state: 'requested', reason: 'unverified' });
  world.edge.set(customer, null);
  await world.stands(customer, { state: 'failed', reason: 'custom-certificate' });
  world.expectUntouched();
});

describe.each(origins)('in advanced mode, a certificate of one domain that is $title', ({ ssl, told }) => {
  test('is never replaced, and the other domains get theirs', async () => {
    const world = await secureWorld({ ssl: 'advanced', switches: { sslExists: 'replace' } });
    world.pointHere(customer, native);
    world.runcloud.addInPanel(world.appId, { name: customer });
    const wrong = { ...ssl, domain: customer, names: ['somebody-else.example'] };
    const installed = world.runcloud.installInPanel(world.appId, wrong);
    await world.add(customer);
    await world.add(native);
    await world.stands(native, { state: 'valid' });
    const { fix } = await world.stands(customer, { state: 'failed', reason: 'custom-certificate' });
    expect(fix).toContain(customer);
    expect(fix).toContain(told);
    expect(world.writes()).toEqual(['POST /domains/:id/ssl']);
    const row = world.runcloud.app(world.appId).domains.find(({ name }) => name === customer);
    expect(row?.ssl).toBe(installed);
  });
});

describe.each(['basic', 'advanced'] as const)(
  'in %s mode, a certificate of the staging environment',
  (mode) => {
    test('is never replaced, and no client trusts it', async () => {
      const world = await secureWorld({ ssl: mode, switches: { sslExists: 'replace' } });
      world.pointHere(customer);
      world.runcloud.addInPanel(world.appId, { name: customer });
      const domain = mode === 'advanced' ? { domain: customer } : {};
      world.runcloud.installInPanel(world.appId, { ...domain, staging: true });
      await world.add(customer);
      const { fix } = await world.stands(customer, { state: 'failed', reason: 'custom-certificate' });
      expect(fix).toContain('staging');
      expect(world.writes()).toEqual([]);
    });
  },
);

describe('a redeploy that RunCloud refuses', () => {
  const cases: readonly { title: string; switches: Partial<Switches> }[] = [
    { title: 'of a certificate like the relay’s own', switches: {} },
    { title: 'of a certificate of unknown origin', switches: { sslShape: 'id-only' } },
  ];

  test.each(cases)('$title, is no reason to install over it', async ({ switches }) => {
    const world = await secureWorld({ switches: { sslExists: 'replace', ...switches } });
    world.pointHere(customer);
    world.runcloud.installInPanel(world.appId, { names: wildcard });
    world.runcloud.arm({
      method: 'PUT',
      path: /\/ssl\/\d+$/,
      times: Number.POSITIVE_INFINITY,
      answer: { status: 422, body: { message: 'This certificate cannot be redeployed.' } },
    });
    await world.add(customer);
    await world.stands(customer, { state: 'failed', reason: 'order-failed' });
    await world.pass(2 * dayMs);
    expect(new Set(world.writes())).toEqual(new Set(['PUT /ssl/:id']));
  });

  test('of an uploaded one that RunCloud does not tell from others, leaves it in place', async () => {
    const world = await withWildcard({ method: 'custom' }, { switches: { sslShape: 'id-only' } });
    await world.add(customer);
    await world.stands(customer, { state: 'failed', reason: 'order-failed' });
    expect(new Set(world.writes())).toEqual(new Set(['PUT /ssl/:id']));
    expect(world.runcloud.app(world.appId).ssl).toMatchObject({ method: 'custom', names: wildcard });
  });

  test('of a certificate that was changed meanwhile does not replace the new one', async () => {
    const world = await secureWorld({ switches: { sslExists: 'replace' } });
    world.pointHere(customer);
    world.runcloud.installInPanel(world.appId, { names: ['somebody-else.example'] });
    world.runcloud.arm({
      method: 'PUT',
      path: /\/ssl\/\d+$/,
      answer: { status: 404, body: { message: 'Not found.' } },
    });
    await world.add(customer);
    await world.stands(customer, { state: 'valid' });
    expect(new Set(world.writes())).toEqual(new Set(['PUT /ssl/:id']));
  });
});
