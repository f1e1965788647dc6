import { describe, expect, test } from '@jest/globals';
import { certificateKey } from '../../../../lib/sync/ledger/keys.ts';
import { certificateWorld, SERVER, timing } from '../../../support/certificates/certificate-world.ts';
import { DAY, DOMAIN, HOUR, MINUTE, NETWORK, SECOND } from '../../../support/sync/items.ts';

describe('hosting that is not there yet', () => {
  test.each([
    ['is not due', null, timing.leftMs],
    ['is due soon', MINUTE, timing.leftMs],
    ['is due later', HOUR, HOUR + timing.firstMs],
    ['is due in days', 2 * DAY, timing.lastMs],
  ])('that %s is looked at again behind that, but not too soon nor too late', async (_title, dueMs, inMs) => {
    const world = certificateWorld();
    await world.arrive();
    await world.time.advance(20 * SECOND);
    const now = world.clock.now();
    const dueAt = dueMs === null ? null : now + dueMs;
    world.putDomain({ domain: DOMAIN, state: 'pending', dueAt });
    await world.pass();
    const { dueAt: reconcileAt } = await world.request();
    expect((reconcileAt ?? 0) - now).toBe(inMs);
  });
});

describe('www.', () => {
  const counting = () => {
    const asked: unknown[] = [];
    const world = certificateWorld({
      services: {
        askWww: async (name, terms) => {
          asked.push({ name, ...terms });
          return 'here';
        },
      },
    });
    return { world, asked };
  };

  test('is asked for where it points, once a day', async () => {
    const { world, asked } = counting();
    world.serve([DOMAIN, `www.${DOMAIN}`]);
    await world.arrive(DOMAIN, { wwwServed: true });
    await world.live(MINUTE);
    await world.retry();
    await world.pass();
    expect(asked).toEqual([{ name: `www.${DOMAIN}`, serverAddresses: [SERVER], timeoutMs: 5_000 }]);
    await world.live(DAY + HOUR);
    expect(asked).toHaveLength(2);
  });

  test('is not requested before it is known whether it is served', async () => {
    const { world, asked } = counting();
    world.serve([DOMAIN]);
    await world.arrive(DOMAIN, { www: true, wwwServed: null });
    await world.live(MINUTE);
    expect(asked).toEqual([]);
  });

  test.each([
    ['is not valid', { state: 'failed' as const }],
    ['is wanted no more', { wanted: false }],
  ])('served by its bare name does not wake a request that %s', async (_title, part) => {
    const world = certificateWorld();
    world.serve([DOMAIN]);
    await world.arrive();
    await world.live(MINUTE);
    await world.putRequest(part);
    const before = await world.request();
    const due = { dueAt: world.clock.now(), sendAt: world.clock.now() };
    world.putDomain({ domain: `www.${DOMAIN}`, reason: 'served-by-apex', runcloudId: null });
    const request = { ...before, ...due, domain: `www.${DOMAIN}`, wanted: true, state: 'pending' as const };
    world.ledger.put(certificateKey(NETWORK, `www.${DOMAIN}`), request);
    await world.pass();
    expect(await world.request()).toEqual(before);
    expect(await world.request(`www.${DOMAIN}`)).toMatchObject({ state: 'pending', attempts: 1 });
  });

  test('served by a bare name that is not wanted waits alone', async () => {
    const world = certificateWorld();
    await world.arrive(`www.${DOMAIN}`, { reason: 'served-by-apex', runcloudId: null });
    await world.live(MINUTE);
    expect(await world.request(`www.${DOMAIN}`)).toMatchObject({ state: 'pending' });
    expect(await world.ledger.read(certificateKey(NETWORK, DOMAIN))).toBeUndefined();
  });
});

describe('an order whose certificate is not shown', () => {
  test.each([
    ['no certificate', undefined, 'The certificate covers other names'],
    ['the old one', 85 * DAY, 'the certificate shown is about to expire'],
  ])('in half an hour has failed, and says that %s is', async (_title, ageMs, why) => {
    const world = certificateWorld({ landsAfterMs: null });
    if (ageMs !== undefined) world.serve([DOMAIN], { ageMs });
    await world.arrive();
    await world.live(20 * SECOND);
    expect(world.orders).toHaveLength(1);
    const orderedAt = (await world.request()).orderedAt ?? 0;
    await world.time.advance(orderedAt + timing.unconfirmedMs - 1 - world.clock.now());
    await world.putRequest({ dueAt: world.clock.now() });
    await world.pass();
    expect((await world.request()).orderedAt).toBe(orderedAt);
    await world.time.advance(1);
    await world.putRequest({ dueAt: world.clock.now() });
    await world.pass();
    expect(await world.request()).toMatchObject({
      orderedAt: null,
      lastError: { message: `RunCloud took the order, but it is not served: ${why}` },
    });
  });
});
