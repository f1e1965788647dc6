import { expect, test } from '@jest/globals';
import { certificateKey } from '../../../../lib/sync/ledger/keys.ts';
import { certificateWorld } from '../../../support/certificates/certificate-world.ts';
import { countedLedger } from '../../../support/sync/counted-ledger.ts';
import { DAY, DOMAIN, HOUR, NETWORK, SECOND } from '../../../support/sync/items.ts';

const COUNT = 10_000;

test('an order for one domain of ten thousand reads only what counts against its names: at most 20 read units', async () => {
  const world = certificateWorld({ mode: 'advanced' });
  await world.arrive('first.example');
  await world.live(HOUR);
  const settled = await world.request('first.example');
  expect(settled.state).toBe('valid');
  const dueAt = world.clock.now() + 30 * DAY;
  for (let n = 0; n < COUNT; n += 1) {
    const domain = `shop-${n}.acme-bikes.com`;
    world.ledger.put(certificateKey(NETWORK, domain), {
      ...settled,
      domain,
      orders: [],
      dueAt,
      sendAt: dueAt,
    });
  }
  await world.arrive();
  await world.time.advance(20 * SECOND);
  const { ledger, asked } = countedLedger(world.ledger);
  await world.pass({}, { others: { ledger } });
  expect(world.orders).toMatchObject([{ names: ['first.example'] }, { names: [DOMAIN] }]);
  expect(asked.listed).toBe(0);
  expect(asked.units).toBeLessThanOrEqual(20);
});
