import { expect, test } from '@jest/globals';
import { KeptListings } from '../../../../../lib/sync/network/listing/kept-listings.ts';
import { APP, NOW, OTHER_APP } from '../../../../support/sync/items.ts';

function listing(begunAt: number) {
  return { domains: [], complete: true, confirmed: true, begunAt, doneAt: begunAt };
}

test('a list is kept for its application only, the one read last', () => {
  const kept = new KeptListings();
  kept.keep(APP, listing(NOW));
  kept.keep(APP, listing(NOW + 1));
  expect(kept.find(APP)?.begunAt).toBe(NOW + 1);
  expect(kept.find(OTHER_APP)).toBeUndefined();
});

test('the lists of the sixteen applications read last are kept, because a worker’s memory has an end', () => {
  const kept = new KeptListings();
  const app = (n: number) => ({ serverId: '42', appId: String(n) });
  for (let n = 0; n < 17; n++) kept.keep(app(n), listing(NOW));
  expect(kept.find(app(0))).toBeUndefined();
  expect(kept.find(app(1))).toBeDefined();
  expect(kept.find(app(16))).toBeDefined();
});
