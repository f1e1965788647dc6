import { describe, expect, test } from '@jest/globals';
import { certificateKey } from '../../../../lib/sync/ledger/keys.ts';
import { storeListing } from '../../../../lib/sync/network/listing/stored-listing.ts';
import { certificateWorld } from '../../../support/certificates/certificate-world.ts';
import { APP, DAY, DOMAIN, HOUR, MINUTE, NETWORK, NOW, OTHER_APP, row } from '../../../support/sync/items.ts';

describe('www.', () => {
  test('that RunCloud should serve already is noted as the domain’s work, once a day', async () => {
    const world = certificateWorld();
    world.serve([DOMAIN]);
    await world.arrive(DOMAIN, { www: true, wwwServed: false });
    await world.live(MINUTE);
    const domain = await world.domain();
    expect(domain).toMatchObject({ revision: 2, dueAt: expect.any(Number) });
    expect((await world.request()).wwwAskedAt).not.toBeNull();
    await world.live(HOUR);
    await world.retry();
    await world.pass();
    expect((await world.domain())?.revision).toBe(2);
  });

  test('that has a row of its own is no work of its bare name', async () => {
    const world = certificateWorld();
    world.serve([DOMAIN]);
    await world.arrive(DOMAIN, { www: true, wwwServed: false });
    await world.arrive(`www.${DOMAIN}`);
    const before = await world.domain();
    await world.live(MINUTE);
    expect(await world.domain()).toEqual(before);
    expect((await world.request()).wwwAskedAt).not.toBeNull();
  });

  const listed = async (ageMs: number, name: string) => {
    const world = certificateWorld();
    world.serve([DOMAIN]);
    await world.arrive(DOMAIN, { www: true, wwwServed: false });
    const begunAt = world.clock.now() - ageMs;
    const read = { begunAt, doneAt: begunAt, reading: null, complete: true, confirmed: true };
    await storeListing(world.ledger, NETWORK, APP, { ...read, rows: [row({ name })] });
    await world.live(MINUTE);
    expect((await world.request()).wwwAskedAt).not.toBeNull();
    return (await world.domain())?.dueAt;
  };

  test('that the last list shows in a row which the relay does not know is no work of its bare name', async () => {
    expect(await listed(DAY - HOUR, `www.${DOMAIN}`)).toBeNull();
  });

  test.each([
    ['does not show', DAY - HOUR, DOMAIN],
    ['of more than a day ago shows', DAY + HOUR, `www.${DOMAIN}`],
  ])('that the last list %s in such a row is work of its bare name', async (_title, ageMs, name) => {
    expect(await listed(ageMs, name)).not.toBeNull();
  });

  test.each([
    ['was removed', { state: 'absent' as const }],
    ['has no row of its own', { runcloudId: null }],
    ['had its row at another application', { runcloudId: { ...OTHER_APP, id: 9 } }],
  ])('that %s is work of its bare name', async (_title, part) => {
    const world = certificateWorld();
    world.serve([DOMAIN]);
    await world.arrive(DOMAIN, { www: true, wwwServed: false });
    world.putDomain({ domain: `www.${DOMAIN}`, ...part });
    await world.live(MINUTE);
    expect(await world.domain()).toMatchObject({ revision: 2, dueAt: expect.any(Number) });
  });

  test.each([
    ['is no longer wanted', { www: false }],
    ['is withheld', { www: true, wwwWithheld: { at: NOW, over: false } }],
  ])('that %s, and that RunCloud serves all the same, is work of its bare name', async (_title, part) => {
    const world = certificateWorld();
    world.serve([DOMAIN, `www.${DOMAIN}`]);
    await world.arrive(DOMAIN, { ...part, wwwServed: true });
    await world.live(MINUTE);
    expect(await world.domain()).toMatchObject({ revision: 2, dueAt: expect.any(Number) });
    expect((await world.request()).wwwAskedAt).not.toBeNull();
  });

  test.each([
    ['is not wanted', false, 'here' as const],
    ['leads elsewhere', true, 'elsewhere' as const],
  ])('that is protected stays served, and is no work, where it %s', async (_title, www, points) => {
    const world = certificateWorld({ access: () => ({ protectedDomains: [`www.${DOMAIN}`] }) });
    world.serve([DOMAIN, `www.${DOMAIN}`]);
    world.www.set(`www.${DOMAIN}`, points);
    await world.arrive(DOMAIN, { www, wwwServed: true });
    const before = await world.domain();
    await world.live(MINUTE);
    expect(await world.domain()).toEqual(before);
  });

  test('wanted for in its own right and served by its bare name requeues that name’s request, and orders nothing itself', async () => {
    const world = certificateWorld();
    world.serve([DOMAIN]);
    await world.arrive(DOMAIN, { wwwServed: false });
    await world.live(MINUTE);
    const { revision } = await world.request();
    world.putDomain({ ...(await world.domain()), domain: DOMAIN, www: true, wwwServed: true });
    world.hosting.rows.set(1, {
      ...(await world.hosting.find(1)),
      id: 1,
      name: DOMAIN,
      type: 'alias',
      www: true,
      wildcard: false,
    });
    world.putDomain({ domain: `www.${DOMAIN}`, reason: 'served-by-apex', runcloudId: null });
    world.ledger.put(certificateKey(NETWORK, `www.${DOMAIN}`), {
      ...(await world.request()),
      domain: `www.${DOMAIN}`,
      state: 'pending',
      dueAt: world.clock.now(),
      sendAt: world.clock.now(),
    });
    await world.live(10 * MINUTE);
    expect((await world.request()).revision).toBe(revision + 1);
    expect(world.orders).toMatchObject([{ names: [DOMAIN, `www.${DOMAIN}`] }]);
    expect(await world.request(`www.${DOMAIN}`)).toMatchObject({ state: 'valid' });
  });
});

describe('a name under a wildcard', () => {
  const covered = { reason: 'covered-by-wildcard', runcloudId: null };

  test('is never ordered: without a certificate it fails, and says what is missing', async () => {
    const world = certificateWorld();
    await world.arrive(DOMAIN, covered);
    await world.live(MINUTE);
    expect(world.orders).toEqual([]);
    expect(await world.request()).toMatchObject({ state: 'failed', reason: 'order-failed' });
    expect((await world.request()).fix).toContain('wildcard');
  });

  test('is valid where the wildcard’s certificate is shown', async () => {
    const world = certificateWorld();
    world.serve([DOMAIN]);
    await world.arrive(DOMAIN, covered);
    await world.live(MINUTE);
    expect(await world.request()).toMatchObject({ state: 'valid' });
  });

  test('has not failed because the server does not answer', async () => {
    const world = certificateWorld();
    world.state.silent = true;
    await world.arrive(DOMAIN, covered);
    await world.live(2 * DAY);
    expect(await world.request()).toMatchObject({
      state: 'pending',
      lastError: { code: 'runcloud-timeout' },
    });
    expect(world.queue.deadLetters).toEqual([]);
    expect(await world.live(DAY)).toBeLessThan(10);
  });
});
