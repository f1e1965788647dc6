import { afterEach, describe, expect, test } from '@jest/globals';
import {
  closeWorlds,
  dayMs,
  hourMs,
  minuteMs,
  type SecureOptions,
  type SecureWorld,
  secureWorld,
} from '../../../support/certificates/secure-world.ts';

afterEach(closeWorlds);

const elsewhere = '198.51.100.7';
const shop = 'shop.acme-bikes.com';
const dead = 'dead.example';

/** From the moment at which the DNS of a new customer is right until visitors are served with a certificate. */
async function servedAfterMs(world: SecureWorld, name: string): Promise<number> {
  const from = world.clock.now();
  world.pointHere(name);
  await world.add(name);
  await world.stands(name, { state: 'valid' }, { withinMs: 60 * hourMs });
  return world.clock.now() - from;
}

function rowNames({ runcloud, appId }: SecureWorld): string[] {
  return runcloud.app(appId).domains.map(({ name }) => name);
}

function deletions({ runcloud }: SecureWorld): string[] {
  return runcloud.requests.filter(({ method }) => method === 'DELETE').map(({ path }) => path);
}

function notices({ ledger }: SecureWorld) {
  return ledger
    .all('notices')
    .flatMap(({ waiting }) => waiting.filter(({ code }) => code === 'held-by-name'));
}

const held = { state: 'pending', reason: 'held-by-name' } as const;

/** A network with a dead name that has been served for an hour, and nothing due for its certificate. */
async function withDeadName(options: SecureOptions = {}) {
  const world = await secureWorld(options);
  world.point(dead, { A: [elsewhere] });
  await world.add(dead);
  await world.pass(hourMs);
  return world;
}

/** The same after another customer's certificate was due: the name is parked. */
async function parkedWorld() {
  const world = await withDeadName();
  await servedAfterMs(world, shop);
  return world;
}

/** A shop whose order waits for a name that was served until its DNS led elsewhere. */
async function heldByFormerName() {
  const world = await secureWorld({ switches: { unresolvedName: 'is-left-out' } });
  await servedAfterMs(world, dead);
  world.point(dead, { A: [elsewhere] });
  world.pointHere(shop);
  await world.add(shop);
  await world.stands(shop, held);
  return world;
}

describe('the time from DNS that is right to a served certificate', () => {
  test.each([0, 1, 5, 20])(
    'is that of one batch beside %i customers whose DNS never pointed here',
    async (count) => {
      const world = await secureWorld();
      for (let n = 0; n < count; n += 1) {
        const name = `dead-${n}.example`;
        world.point(name, { A: [elsewhere] });
        await world.add(name);
      }
      await world.pass(2 * hourMs);
      expect(await servedAfterMs(world, 'first.acme-bikes.com')).toBeLessThan(3 * minuteMs);
      await world.pass(3 * hourMs);
      expect(await servedAfterMs(world, 'second.acme-bikes.com')).toBeLessThan(3 * minuteMs);
    },
  );
});

describe('a name whose DNS never pointed here', () => {
  test('is parked once an order for others is due: its row goes, and the status says why and what to do', async () => {
    const world = await parkedWorld();
    expect(rowNames(world)).not.toContain(dead);
    const { hosting, certificate } = await world.status(dead);
    expect(hosting).toMatchObject({ state: 'parked', reason: 'dns-mismatch', nextTryAt: null });
    expect(certificate).toMatchObject({ state: 'waiting-dns', reason: 'dns-mismatch' });
    expect(certificate.fix).toContain(`Point an A record for ${dead} at 127.0.0.1`);
    expect(await world.list('waiting-dns')).toEqual([dead]);
    expect(world.orders()).toMatchObject([{ outcome: 'issued' }]);
  });

  test('is not parked while no order is due', async () => {
    const world = await withDeadName();
    await world.pass(2 * dayMs);
    expect(rowNames(world)).toContain(dead);
    expect((await world.status(dead)).hosting).toMatchObject({ state: 'present' });
  });

  test('is not parked in its first fifteen minutes; the order waits for that, and no longer', async () => {
    const world = await secureWorld();
    world.point(dead, null);
    await world.add(dead);
    world.pointHere(shop);
    await world.add(shop);
    await world.pass(14 * minuteMs);
    expect((await world.status(shop)).certificate).toMatchObject({ reason: 'held-by-name' });
    expect(rowNames(world)).toContain(dead);
    await world.stands(shop, { state: 'valid' }, { withinMs: 5 * minuteMs });
    expect((await world.status(dead)).hosting).toMatchObject({ state: 'parked', reason: 'dns-none' });
  });

  test('comes back as soon as its DNS is right, and has its certificate like any other', async () => {
    const world = await parkedWorld();
    world.pointHere(dead);
    await world.stands(dead, { state: 'valid' }, { withinMs: 5 * hourMs });
    expect(rowNames(world)).toContain(dead);
    expect((await world.status(dead)).hosting).toMatchObject({ state: 'present', reason: null });
  });

  test('comes back as soon as the multisite says that it is reached', async () => {
    const world = await parkedWorld();
    await world.retry(dead, 'dns_ready');
    await world.pass(minuteMs);
    expect(rowNames(world)).toContain(dead);
  });

  test('comes back where an ssl_retry for another reason finds its DNS right', async () => {
    const world = await parkedWorld();
    await world.retry(dead, 'manual');
    await world.pass(minuteMs);
    expect(rowNames(world)).not.toContain(dead);
    world.pointHere(dead);
    await world.retry(dead, 'ssl_failed');
    await world.stands(dead, { state: 'valid' }, { withinMs: 5 * minuteMs });
  });

  test('stays parked when the multisite announces it again, with no call that writes', async () => {
    const world = await parkedWorld();
    const writes = () => world.runcloud.requests.filter(({ method }) => method !== 'GET').length;
    const before = writes();
    await world.add(dead);
    expect((await world.status(dead)).hosting).toMatchObject({ state: 'parked', reason: 'dns-mismatch' });
    expect(writes()).toBe(before);
  });

  test('that is removed while it is parked is absent, and may be added again', async () => {
    const world = await parkedWorld();
    await world.remove(dead);
    expect((await world.status(dead)).hosting).toMatchObject({ state: 'absent' });
    world.pointHere(dead);
    await world.add(dead);
    await world.stands(dead, { state: 'valid' }, { withinMs: 5 * minuteMs });
    expect(rowNames(world)).toContain(dead);
  });

  test('comes back where the application is switched to advanced SSL, whose certificates are of one name', async () => {
    const world = await parkedWorld();
    world.setMode('advanced');
    await world.pass(5 * hourMs);
    expect(rowNames(world)).toContain(dead);
    expect((await world.status(dead)).certificate).toMatchObject({ state: 'waiting-dns' });
  });

  test('that begins to point here before its row is taken out keeps it', async () => {
    const world = await withDeadName();
    world.pointHere(shop);
    await world.add(shop);
    while ((await world.domain(dead))?.parking === null) await world.step();
    world.pointHere(dead);
    await world.stands(dead, { state: 'valid' }, { withinMs: 10 * minuteMs });
    expect(deletions(world)).toEqual([]);
  });
});

describe('a name that no authority signs', () => {
  const name = 'ab--cd.kunde.com';

  test.each([false, true])('is parked although it points here, as is its www. (%s)', async (www) => {
    const world = await secureWorld();
    world.pointHere(name, `www.${name}`);
    await world.add(name, { www });
    expect(await servedAfterMs(world, shop)).toBeLessThan(3 * minuteMs);
    expect(rowNames(world)).not.toContain(name);
    const { hosting, certificate } = await world.status(name);
    expect(hosting).toMatchObject({ state: 'parked', reason: 'name-unsupported' });
    expect(certificate).toMatchObject({ state: 'failed', reason: 'name-unsupported' });
    await world.retry(name, 'dns_ready');
    await world.pass(2 * dayMs);
    expect(rowNames(world)).not.toContain(name);
    expect(world.orders()).toMatchObject([{ outcome: 'issued' }]);
  });

  test('comes back where the application is switched to advanced SSL', async () => {
    const world = await secureWorld();
    world.pointHere(name);
    await world.add(name);
    await servedAfterMs(world, shop);
    world.setMode('advanced');
    await world.pass(2 * dayMs);
    expect(rowNames(world)).toContain(name);
    expect((await world.status(name)).certificate).toMatchObject({
      state: 'failed',
      reason: 'name-unsupported',
    });
  });

  test('holds the others where a person has added it, and they are told which and why', async () => {
    const world = await secureWorld();
    world.runcloud.addInPanel(world.appId, { name });
    world.pointHere(name, shop);
    await world.add(shop);
    const { fix } = await world.stands(shop, { state: 'pending', reason: 'held-by-name' });
    expect(fix).toContain(`${name} shares the certificate and can have none`);
    expect(deletions(world)).toEqual([]);
  });
});

describe('the operator', () => {
  test('is told of a name that holds the order and stays', async () => {
    const world = await heldByFormerName();
    await world.pass(30 * minuteMs);
    expect(notices(world)).toMatchObject([
      { code: 'held-by-name', domain: dead, fix: expect.stringContaining(`Point an A record for ${dead}`) },
    ]);
  });

  test('is told of every such name with PARK_UNREADY_NAMES off', async () => {
    const world = await withDeadName({ parkUnreadyNames: false });
    world.pointHere(shop);
    await world.add(shop);
    await world.stands(shop, held);
    expect(notices(world)).toMatchObject([{ code: 'held-by-name', domain: dead }]);
  });

  test('is told nothing of a name that is parked', async () => {
    const world = await secureWorld();
    world.point(dead, null);
    world.pointHere(shop);
    await world.add(dead);
    await world.add(shop);
    await world.stands(shop, held);
    await world.stands(shop, { state: 'valid' });
    expect(notices(world)).toEqual([]);
  });
});

/** A customer comes an hour later and waits for the name, whose row stays. */
async function staysWhileOthersWait(world: Awaited<ReturnType<typeof secureWorld>>): Promise<void> {
  await world.pass(hourMs);
  world.pointHere(shop);
  await world.add(shop);
  await world.stands(shop, held);
  await world.pass(30 * minuteMs);
  expect(deletions(world)).toEqual([]);
}

describe('a row is never taken out', () => {
  test('of a name that has once pointed here: others wait an hour for it, then the order is tried with it', async () => {
    const world = await heldByFormerName();
    await world.pass(50 * minuteMs);
    expect((await world.status(shop)).certificate).toMatchObject(held);
    await world.stands(shop, { state: 'valid' }, { withinMs: 20 * minuteMs });
    expect(deletions(world)).toEqual([]);
  });

  test('that a person has made, though the multisite wants it too', async () => {
    const world = await secureWorld();
    world.runcloud.addInPanel(world.appId, { name: dead });
    world.point(dead, { A: [elsewhere] });
    await world.add(dead);
    await staysWhileOthersWait(world);
  });

  test('that serves its www. to visitors', async () => {
    const world = await secureWorld();
    world.point(dead, { A: [elsewhere] });
    world.pointHere(`www.${dead}`);
    await world.add(dead, { www: true });
    await staysWhileOthersWait(world);
  });

  test.each([
    ['one of its addresses is the server’s', { A: ['127.0.0.1', elsewhere] }],
    ['its IPv4 address is the server’s', { A: ['127.0.0.1'], AAAA: ['2001:db8::7'] }],
  ])('where visitors may come: %s', async (_title, records) => {
    const world = await secureWorld();
    world.point(dead, records);
    await world.add(dead);
    await staysWhileOthersWait(world);
  });

  test('with PARK_UNREADY_NAMES off', async () => {
    const world = await withDeadName({ parkUnreadyNames: false });
    world.pointHere(shop);
    await world.add(shop);
    await world.stands(shop, held);
    await world.pass(30 * minuteMs);
    expect(deletions(world)).toEqual([]);
  });
});
