import { afterEach, describe, expect, test } from '@jest/globals';
import type { Switches } from '../../../../local/runcloud/state/switches.ts';
import {
  closeWorlds,
  dayMs,
  hourMs,
  minuteMs,
  secureWorld,
} from '../../../support/certificates/secure-world.ts';
import { sslCases } from '../../../support/runcloud/ssl-cases.ts';

const domain = 'shop.acme-bikes.com';

afterEach(closeWorlds);

/** Orders in the worst hour and in all, as RunCloud has received them. */
function worst(orders: readonly { at: number }[]) {
  return Math.max(
    0,
    ...orders.map(({ at }) => orders.filter((one) => one.at >= at && one.at < at + hourMs).length),
  );
}

const failures: readonly { how: string; switches: Partial<Switches>; code: string }[] = [
  { how: 'refuses every order', switches: { sslIssue: 'fails-422' }, code: 'runcloud-refused' },
  { how: 'breaks down over every order', switches: { sslIssue: 'fails-500' }, code: 'runcloud-unavailable' },
];

describe.each(failures)('where RunCloud $how', ({ switches, code }) => {
  const ordering = sslCases.filter(({ mode, had }) => mode !== 'autossl' && had !== 'valid');

  test.each(ordering)(
    'in $mode mode, shown before: $had, it is given up with one dead letter, within the limits',
    async ({ mode, had }) => {
      const world = await secureWorld({ ssl: mode, switches });
      world.addInPanel(domain, had);
      await world.add(domain);
      const addedAt = world.clock.now();
      await world.stands(domain, { state: 'failed', reason: 'order-failed' });
      expect(world.clock.now() - addedAt).toBeGreaterThan(15 * hourMs - minuteMs);
      expect(world.clock.now() - addedAt).toBeLessThan(18 * hourMs);
      await world.pass(2 * dayMs);
      const asked = world.writes().length;
      expect(asked).toBeGreaterThanOrEqual(3);
      expect(asked).toBeLessThanOrEqual(4);
      expect(worst(world.orders())).toBeLessThanOrEqual(4);
      expect(world.deadLetters()).toEqual([
        expect.objectContaining({
          message: { network: 'acme', domain, deadLetter: 1 },
          id: `acme/${domain}/certificate/1/dead-letter`,
          reason: (await world.item(domain))?.lastError?.message,
        }),
      ]);
      expect(await world.list('failed')).toEqual([domain]);
      expect(await world.list('open')).toEqual([]);
      // Once fixed, the relay finds out by itself, as soon as the limits allow.
      Object.assign(world.runcloud.switches, { sslIssue: 'immediate', sslExists: 'replace' });
      await world.stands(domain, { state: 'valid', lastError: null }, { withinMs: 8 * dayMs });
      expect(world.deadLetters()).toHaveLength(1);
    },
  );

  test.each(sslCases.filter(({ had }) => had === 'valid'))(
    'in $mode mode a domain that is shown with a good one never meets it',
    async ({ mode, had }) => {
      const world = await secureWorld({ ssl: mode, switches });
      world.addInPanel(domain, had);
      await world.add(domain);
      await world.stands(domain, { state: 'valid', lastError: null, attempts: 0 });
      expect(world.writes()).toEqual([]);
    },
  );

  test('the status shows what RunCloud said, and when it is tried again', async () => {
    const world = await secureWorld({ switches: { ...switches, sslIssueMs: 0 } });
    world.pointHere(domain);
    await world.add(domain);
    await world.stands(domain, { attempts: 1 });
    const { certificate, lastError } = await world.status(domain);
    expect(certificate).toMatchObject({ state: 'pending', reason: null, attempts: 1, notAfter: null });
    expect(Date.parse(certificate.nextTryAt ?? '')).toBeGreaterThan(world.clock.now());
    expect(lastError?.code).toBe(code);
    expect(await world.list('open')).toEqual([domain]);
  });
});

describe.each(['basic', 'advanced'] as const)('a success that does nothing, in %s mode,', (ssl) => {
  test('is known by the handshake, and the status shows what RunCloud said of it', async () => {
    const world = await secureWorld({ ssl, switches: { sslIssue: 'fails-200' } });
    world.pointHere(domain);
    await world.add(domain);
    await world.stands(domain, { attempts: 1 });
    const { lastError } = await world.status(domain);
    expect(lastError).toMatchObject({
      code: 'runcloud-unavailable',
      message: expect.stringContaining('Too many certificates were issued for this server.'),
    });
  });
});

describe('a redeploy that keeps the old names', () => {
  test.each([
    ['basic', 'PUT /ssl/:id', 'POST /ssl'],
    ['advanced', 'PUT /domains/:id/ssl/:id', 'POST /domains/:id/ssl'],
  ] as const)(
    'is followed by an install in %s mode, which replaces it where RunCloud lets it',
    async (ssl, ...writes) => {
      const world = await secureWorld({
        ssl,
        switches: { redeployCovers: 'old-names', sslExists: 'replace' },
      });
      world.addInPanel(domain, 'wrong-name');
      await world.add(domain);
      await world.stands(domain, { state: 'valid' });
      expect(world.writes()).toEqual(writes);
    },
  );

  test('is no harm where the old names are the ones asked for', async () => {
    const world = await secureWorld({ switches: { redeployCovers: 'old-names' } });
    world.addInPanel(domain, 'expired');
    await world.add(domain);
    await world.stands(domain, { state: 'valid' });
    expect(world.writes()).toEqual(['PUT /ssl/:id']);
  });
});

describe('the mode', () => {
  test('is read once in five minutes, and a switch in the panel is then followed', async () => {
    const world = await secureWorld();
    const modesRead = () =>
      world.runcloud.requests.filter(({ path }) => path.endsWith('/ssl/advanced')).length;
    for (const name of ['one.acme-bikes.com', 'two.acme-bikes.com']) {
      world.pointHere(name);
      await world.add(name);
      await world.stands(name, { state: 'valid' });
    }
    expect(modesRead()).toBe(1);
    world.setMode('advanced');
    await world.pass(6 * minuteMs);
    world.pointHere(domain);
    await world.add(domain);
    await world.stands(domain, { state: 'valid' });
    expect(modesRead()).toBe(2);
    expect(world.writes()).toEqual(['POST /ssl', 'PUT /ssl/:id', 'POST /domains/:id/ssl']);
  });
});

describe('advanced SSL that the plan does not include', () => {
  test('fails the certificates, and never pauses the network', async () => {
    const world = await secureWorld({ ssl: 'advanced', plan: 'pro' });
    const names = ['one.acme-bikes.com', 'two.acme-bikes.com', 'three.acme-bikes.com'];
    for (const name of names) {
      world.pointHere(name);
      await world.add(name);
      await world.pass(minuteMs);
    }
    for (const name of names) {
      const { lastError } = await world.stands(name, { state: 'failed', reason: 'order-failed' });
      expect(lastError).toMatchObject({
        code: 'runcloud-forbidden',
        message: expect.stringContaining('plan'),
      });
    }
    expect((await world.record())?.pause).toBeNull();
    expect(world.deadLetters()).toHaveLength(3);
    expect(world.orders()).toEqual([]);
    await world.add(domain);
    expect((await world.domain(domain))?.state).toBe('present');
  });
});
