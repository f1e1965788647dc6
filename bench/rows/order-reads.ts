import { certificateKey } from '../../lib/sync/ledger/keys.ts';
import { certificateWorld } from '../../test/support/certificates/certificate-world.ts';
import { countedLedger } from '../../test/support/sync/counted-ledger.ts';
import { DAY, HOUR, NETWORK, SECOND } from '../../test/support/sync/items.ts';
import type { Measure } from '../row.ts';

const DOMAINS = 10_000;

/** What a pass in advanced SSL reads that orders for one domain of ten thousand. */
export const measure: Measure = async () => {
  const world = certificateWorld({ mode: 'advanced' });
  await world.arrive('first.example');
  await world.live(HOUR);
  const settled = await world.request('first.example');
  const dueAt = world.clock.now() + 30 * DAY;
  for (let n = 0; n < DOMAINS; n += 1) {
    const domain = `shop-${n}.example.com`;
    world.ledger.put(certificateKey(NETWORK, domain), { ...settled, domain, dueAt, sendAt: dueAt });
  }
  await world.arrive();
  await world.time.advance(20 * SECOND);
  const { ledger, asked } = countedLedger(world.ledger);
  await world.pass({}, { others: { ledger } });
  return [
    {
      measure: 'read units of an order in advanced SSL beside 10,000 domains',
      value: asked.units,
      goal: 20,
      unit: 'count',
    },
  ];
};
