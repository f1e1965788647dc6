import { afterEach, describe, expect, test } from '@jest/globals';
import {
  closeWorlds,
  dayMs,
  hourMs,
  minuteMs,
  secureWorld,
} from '../../../support/certificates/secure-world.ts';

const domain = 'shop.acme-bikes.com';
/** An address of this machine too, but no server listens there. */
const closedAddress = '127.0.0.9';

afterEach(closeWorlds);

describe('AutoSSL', () => {
  test('behind a server that does not answer is unverified and not failed: RunCloud has a certificate', async () => {
    const world = await secureWorld({ ssl: 'autossl', serverAddress: closedAddress });
    world.pointHere(domain);
    await world.add(domain);
    await world.stands(domain, { state: 'pending', reason: 'autossl' });
    world.show(domain, 'valid');
    await world.stands(domain, { state: 'requested', reason: 'unverified' }, { withinMs: hourMs });
    await world.pass(2 * dayMs);
    expect(await world.item(domain)).toMatchObject({ state: 'requested', reason: 'unverified' });
    expect(world.deadLetters()).toEqual([]);
    expect(world.writes()).toEqual([]);
  });

  test('that is switched on while a name holds the order has its half hour from then on', async () => {
    const world = await secureWorld();
    world.pointHere(domain);
    world.addInPanel('elsewhere.example', 'none');
    world.point('elsewhere.example', { A: ['198.51.100.7'] });
    await world.add(domain);
    await world.stands(domain, { state: 'pending', reason: 'held-by-name' });
    await world.pass(50 * minuteMs);
    world.setMode('autossl');
    await world.pass(25 * minuteMs);
    expect(world.deadLetters()).toEqual([]);
    expect((await world.item(domain))?.state).not.toBe('failed');
  });

  test('is not reported while a certificate that RunCloud will renew has weeks, only shortly before its end', async () => {
    const world = await secureWorld({ ssl: 'autossl' });
    world.addInPanel(domain, 'valid');
    await world.add(domain);
    await world.stands(domain, { state: 'valid', reason: 'expiring' }, { withinMs: 77 * dayMs });
    await world.pass(10 * dayMs);
    const { fix } = await world.stands(domain, { state: 'valid', reason: 'expiring' });
    expect(fix).toContain('AutoSSL');
    expect(world.deadLetters()).toEqual([]);
    await world.stands(domain, { state: 'failed', reason: 'order-failed' }, { withinMs: 3 * dayMs });
    expect(world.deadLetters()).toHaveLength(1);
  });
});

test('a domain that comes back on a silent server is not ordered again while its certificate is there', async () => {
  const world = await secureWorld({ serverAddress: closedAddress });
  world.pointHere(domain);
  await world.add(domain);
  await world.stands(domain, { state: 'requested', reason: 'unverified' });
  for (let n = 0; n < 3; n += 1) {
    await world.remove(domain);
    await world.pass(hourMs);
    await world.stands(domain, { state: 'none' });
    await world.add(domain);
    await world.stands(domain, { state: 'requested', reason: 'unverified' });
    await world.pass(6 * hourMs);
  }
  expect(world.orders()).toHaveLength(1);
});
