import { describe, expect, test } from '@jest/globals';
import { countOrder } from '../../../lib/certificates/order-log/counts.ts';
import { certificateKey, domainKey, domainOrdersKey, networkKey } from '../../../lib/sync/ledger/keys.ts';
import { certificateWorld } from '../../support/certificates/certificate-world.ts';
import { DOMAIN, HOUR, MINUTE, NETWORK, NOW, SECOND } from '../../support/sync/items.ts';

const GOOD = 'good.example';
const BAD = 'bad.example';

describe.each(['basic', 'advanced'] as const)('in %s mode a certificate that cannot be read', (mode) => {
  test('keeps no other from its order, now or ever', async () => {
    const world = certificateWorld({ mode });
    await world.arrive(BAD);
    await world.time.advance(SECOND);
    await world.arrive(GOOD);
    await world.ledger.spoil(certificateKey(NETWORK, BAD));
    await world.time.advance(20 * SECOND);
    for (let pass = 0; pass < 7; pass += 1) {
      await world.pass();
      await world.time.advance(10 * MINUTE);
    }
    expect(await world.request(GOOD)).toMatchObject({ state: 'valid', crashes: 0, toSend: [] });
    expect(world.orders).toHaveLength(1);
  });

  test('does not hide those after it in the index', async () => {
    const world = certificateWorld({ mode });
    for (let n = 0; n < 255; n += 1) {
      await world.arrive(`${n}.${BAD}`);
      await world.ledger.spoil(certificateKey(NETWORK, `${n}.${BAD}`));
    }
    await world.time.advance(SECOND);
    await world.arrive(GOOD);
    world.serve([GOOD]);
    await world.time.advance(20 * SECOND);
    await world.pass();
    expect(await world.request(GOOD)).toMatchObject({ state: 'valid' });
  });
});

test('a domain that cannot be read holds back its certificate, which counts no crash, and no other', async () => {
  const world = certificateWorld();
  await world.arrive(BAD);
  await world.arrive(GOOD);
  await world.ledger.spoil(domainKey(NETWORK, BAD));
  await world.time.advance(20 * SECOND);
  for (let pass = 0; pass < 7; pass += 1) {
    await world.pass();
    await world.time.advance(10 * MINUTE);
  }
  expect(await world.request(GOOD)).toMatchObject({ state: 'valid' });
  expect(await world.request(BAD)).toMatchObject({ state: 'pending', crashes: 0, owner: null, toSend: [] });
});

test('a certificate that waits for a domain that cannot be read is not tried every few minutes', async () => {
  const world = certificateWorld();
  await world.arrive(BAD);
  await world.ledger.spoil(domainKey(NETWORK, BAD));
  await world.time.advance(20 * SECOND);
  await world.pass();
  expect((await world.request(BAD))?.sendAt).toBe(NOW + 20 * SECOND + HOUR);
});

test('certificates of a network that cannot be read wait for the sweep', async () => {
  const world = certificateWorld();
  await world.arrive();
  await world.putNetwork({});
  const before = await world.request();
  await world.ledger.spoil(networkKey(NETWORK));
  await world.time.advance(HOUR);
  await world.pass();
  expect(await world.request()).toEqual(before);
});

test('counted orders that cannot be read hold back the orders under their registered domain, and no other', async () => {
  const world = certificateWorld({ mode: 'advanced' });
  await world.arrive('shop.bad.example');
  await world.arrive(GOOD);
  await countOrder({ network: NETWORK, at: NOW, set: 'x', names: [BAD] }, world.ledger);
  await world.ledger.spoil(domainOrdersKey(NETWORK, BAD));
  await world.time.advance(20 * SECOND);
  for (let pass = 0; pass < 7; pass += 1) {
    await world.pass();
    await world.time.advance(10 * MINUTE);
  }
  expect(await world.request(GOOD)).toMatchObject({ state: 'valid' });
  expect(world.orders).toMatchObject([{ names: [GOOD] }]);
  const waiting = await world.request('shop.bad.example');
  expect(waiting).toMatchObject({ state: 'pending', crashes: 0, owner: null, orders: [], orderedAt: null });
});

test('counted orders that cannot be read hold back an order for the whole application for an hour, without a crash', async () => {
  const world = certificateWorld();
  await world.arrive(BAD);
  await world.arrive(GOOD);
  await countOrder({ network: NETWORK, at: NOW, set: 'x', names: [BAD] }, world.ledger);
  await world.ledger.spoil(domainOrdersKey(NETWORK, BAD));
  await world.time.advance(20 * SECOND);
  await world.pass();
  expect(world.orders).toEqual([]);
  const held = { state: 'pending', crashes: 0, owner: null, toSend: [], sendAt: world.clock.now() + HOUR };
  expect(await world.request(GOOD)).toMatchObject(held);
});

test('a network that cannot be read is acknowledged, and its certificates count no crash', async () => {
  const world = certificateWorld();
  await world.arrive();
  await world.putNetwork({});
  await world.ledger.spoil(networkKey(NETWORK));
  await world.time.advance(HOUR);
  await world.pass();
  expect(world.calls).toEqual([]);
  expect(await world.request()).toMatchObject({ state: 'pending', crashes: 0 });
});

test('the dead letter of a certificate that cannot be read stays in its queue when it is moved back', async () => {
  const world = certificateWorld();
  await world.arrive();
  await world.ledger.spoil(certificateKey(NETWORK, DOMAIN));
  await expect(world.pass({ domain: DOMAIN, deadLetter: 1 })).rejects.toMatchObject({
    name: 'UnreadableItem',
  });
});
