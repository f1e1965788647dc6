import { describe, expect, test } from '@jest/globals';
import { KeptListings } from '../../../../lib/sync/network/kept-listings.ts';
import { readListing } from '../../../../lib/sync/network/listing.ts';
import { memoryHosting } from '../../../doubles/hosting.ts';
import { manualClock } from '../../../doubles/manual-clock.ts';
import { APP, DOMAIN, MINUTE, NOW, OTHER_APP, SECOND } from '../../../support/items.ts';

async function readAt(now: number, app = APP, kept = new KeptListings()) {
  const hosting = memoryHosting({ domains: [{ name: DOMAIN }] });
  await kept.keeping(
    () => readListing(hosting),
    app,
    () => now,
  )();
  return kept;
}

describe('a listing is kept', () => {
  test('for a minute', async () => {
    const kept = await readAt(NOW);
    expect(kept.find(APP, NOW + MINUTE, null)?.domains).toMatchObject([{ name: DOMAIN }]);
    expect(kept.find(APP, NOW + MINUTE + 1, null)).toBeUndefined();
  });

  test('for its application only', async () => {
    expect((await readAt(NOW)).find(OTHER_APP, NOW, null)).toBeUndefined();
  });

  test('for a minute from the end of its reading, for a long one takes more than that', async () => {
    const clock = manualClock(NOW);
    const kept = new KeptListings();
    const slow = memoryHosting({ onCall: () => clock.advance(90 * SECOND) });
    await kept.keeping(() => readListing(slow), APP, clock.now)();
    expect(kept.find(APP, NOW + 90 * SECOND + MINUTE, null)).toBeDefined();
    expect(kept.find(APP, NOW + 90 * SECOND + MINUTE + 1, null)).toBeUndefined();
  });

  test('but serves nothing that was written after its reading began', async () => {
    const clock = manualClock(NOW);
    const kept = new KeptListings();
    const slow = memoryHosting({ onCall: () => clock.advance(90 * SECOND) });
    await kept.keeping(() => readListing(slow), APP, clock.now)();
    expect(kept.find(APP, NOW + 90 * SECOND, NOW + 1)).toBeUndefined();
  });

  test('as the last one read', async () => {
    const kept = await readAt(NOW);
    await readAt(NOW + 30 * SECOND, APP, kept);
    expect(kept.find(APP, NOW + 90 * SECOND, null)).toBeDefined();
  });

  test('for the sixteen applications read last, for a worker’s memory has an end', async () => {
    const kept = new KeptListings();
    const app = (n: number) => ({ serverId: '42', appId: String(n) });
    for (let n = 0; n < 17; n++) await readAt(NOW, app(n), kept);
    expect(kept.find(app(0), NOW, null)).toBeUndefined();
    expect(kept.find(app(1), NOW, null)).toBeDefined();
    expect(kept.find(app(16), NOW, null)).toBeDefined();
  });

  test('not if it failed', async () => {
    const kept = new KeptListings();
    const away = memoryHosting({
      onCall: async () => {
        throw new Error('away');
      },
    });
    await expect(
      kept.keeping(
        () => readListing(away),
        APP,
        () => NOW,
      )(),
    ).rejects.toThrow('away');
    expect(kept.find(APP, NOW, null)).toBeUndefined();
  });
});

describe('a kept listing', () => {
  test('says nothing about an item that was written since', async () => {
    const kept = await readAt(NOW);
    expect(kept.find(APP, NOW + 10, NOW)).toBeUndefined();
    expect(kept.find(APP, NOW + 10, NOW + 5)).toBeUndefined();
  });

  test('says nothing about a write that may have been under way while it was read', async () => {
    const kept = await readAt(NOW);
    expect(kept.find(APP, NOW + 10, NOW - 40 * SECOND)).toBeUndefined();
    expect(kept.find(APP, NOW + 10, NOW - 41 * SECOND)).toBeDefined();
  });
});
