import { describe, expect, test } from '@jest/globals';
import { certificateWorld, SERVER } from '../../../support/certificates/certificate-world.ts';
import { DAY, HOUR } from '../../../support/sync/items.ts';

function nameOf(n: number) {
  return `shop-${n}.acme-bikes.com`;
}

/** An application of this many domains, in advanced mode, and how often RunCloud and the server are asked. */
async function silentWorld(count: number, { served }: { served: boolean }) {
  // Looks are spread by dice that do not repeat themselves.
  let dice = 0;
  const random = () => {
    dice = (dice + 0.618_034) % 1;
    return dice;
  };
  const world = certificateWorld({ mode: 'advanced', services: { random } });
  const names = Array.from({ length: count }, (_, n) => nameOf(n));
  if (served) world.serve(names, { lifeMs: 900 * DAY });
  for (const name of names) {
    await world.arrive(name);
    const row = [...world.hosting.rows.values()].find((one) => one.name === name);
    world.runcloud.installed.set(row?.id, row?.id ?? 0);
  }
  if (!served) world.state.silent = true;
  await world.live(HOUR);
  world.state.silent = true;
  const daily = async (days: number): Promise<number> => {
    const before = world.calls.length;
    await world.live(days * DAY);
    return (world.calls.length - before) / days;
  };
  return { world, daily };
}

describe('a server whose port 443 does not answer', () => {
  test.each([20, 200])(
    'costs the same few calls for %d valid domains, down to one question a day',
    async (count) => {
      const { world, daily } = await silentWorld(count, { served: true });
      // After 1, 2, 4, 8, 16 hours and a day, each with the SSL mode.
      expect(await daily(2)).toBeLessThanOrEqual(8);
      expect(await daily(8)).toBeLessThanOrEqual(3);
      expect(await world.request(nameOf(0))).toMatchObject({
        state: 'valid',
        reason: null,
        fix: expect.stringContaining('Open port 443'),
        lastError: { code: 'runcloud-timeout', message: `${SERVER} port 443 did not answer` },
      });
      expect(world.orders).toEqual([]);
    },
  );

  test('is asked about for what was ordered a short while ago, and no more after that', async () => {
    const { world, daily } = await silentWorld(20, { served: false });
    expect(world.orders).toHaveLength(20);
    // The growing waits of the questions end in the second day.
    await daily(2);
    expect(await daily(8)).toBeLessThanOrEqual(3);
    expect(await world.request(nameOf(0))).toMatchObject({ state: 'requested', reason: 'unverified' });
    expect(world.orders).toHaveLength(20);
  });

  test('is tried daily in the end, at times that are spread over the day', async () => {
    const { world } = await silentWorld(20, { served: true });
    await world.live(5 * DAY);
    const now = world.clock.now();
    const requests = await Promise.all(Array.from({ length: 20 }, (_, n) => world.request(nameOf(n))));
    const hours = new Set(requests.map(({ dueAt }) => Math.floor(((dueAt ?? 0) - now) / HOUR)));
    expect(hours.size).toBeGreaterThan(5);
    expect(Math.max(...hours)).toBeLessThanOrEqual(27);
  });

  test('that answers again is noted, with nothing left to do', async () => {
    const { world, daily } = await silentWorld(5, { served: true });
    await daily(2);
    expect((await world.network()).silence?.since).toBeLessThan(world.clock.now() - DAY);
    world.state.silent = false;
    await daily(2);
    expect((await world.network()).silence?.since).toBeNull();
    expect(await world.request(nameOf(0))).toMatchObject({ state: 'valid', fix: null, lastError: null });
  });

  test('and where RunCloud says that nothing is installed, is ordered for again, and the next one is asked about', async () => {
    const { world } = await silentWorld(5, { served: true });
    await world.live(2 * DAY);
    world.runcloud.installed.clear();
    await world.live(4 * DAY);
    expect(world.orders.length).toBeGreaterThan(1);
  });
});
