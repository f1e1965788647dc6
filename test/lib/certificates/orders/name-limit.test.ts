import { describe, expect, test } from '@jest/globals';
import { certificateWorld } from '../../../support/certificates/certificate-world.ts';
import { APP, DAY, DOMAIN, HOUR, MINUTE, NOW, OTHER_APP } from '../../../support/sync/items.ts';

const PAGE_ROWS = 40;

/** An application of this many domains, all wanted and all failed for being too many. */
async function tooManyNames(count: number) {
  // Daily checks are spread over the day, by random numbers that do not repeat.
  let dice = 0;
  const random = () => {
    dice = (dice + 0.618_034) % 1;
    return dice;
  };
  const world = certificateWorld({ services: { random } });
  for (let n = 1; n < count; n += 1) await world.arrive(`shop-${n}.acme-bikes.com`);
  await world.arrive();
  await world.live(HOUR);
  expect(await world.request()).toMatchObject({ state: 'failed', reason: 'name-limit' });
  /** The calls to RunCloud that this costs. */
  const costOf = async (work: () => Promise<unknown>): Promise<number> => {
    const before = { hosting: world.hostingCalls.length, certificates: world.calls.length };
    await work();
    return world.hostingCalls.length - before.hosting + world.calls.length - before.certificates;
  };
  return { world, costOf };
}

describe('more names than one certificate holds', () => {
  test.each([120, 240])('%d of them are counted once a day, whatever their number', async (count) => {
    const { world, costOf } = await tooManyNames(count);
    const callsADay = (await costOf(() => world.live(4 * DAY))) / 4;
    // A listing, the SSL mode and the server's address, one and a half times at most.
    expect(callsADay).toBeLessThanOrEqual(1.5 * (count / PAGE_ROWS + 2));
    expect(world.queue.deadLetters).toHaveLength(count);
    expect(world.orders).toEqual([]);
  });

  test('a domain more costs the first page, which states their number', async () => {
    const { world, costOf } = await tooManyNames(120);
    await world.live(20 * MINUTE);
    await world.arrive('new.example');
    // The SSL mode, what is installed, and the page.
    expect(await costOf(() => world.live(MINUTE))).toBe(3);
    const { state, fix } = await world.request('new.example');
    expect({ state, fix }).toEqual({ state: 'failed', fix: expect.stringContaining('has 121') });
  });

  test('are counted again at once for an ssl_retry, also where rows and www. are fewer than a page states', async () => {
    const { world } = await tooManyNames(101);
    const [first] = world.hosting.rows.keys();
    world.hosting.rows.delete(first ?? 0);
    await world.retry();
    await world.pass();
    expect(world.orders).toHaveLength(1);
    expect((await world.network()).tooManyNames).toBeNull();
  });

  test('say nothing about another application', async () => {
    const { world } = await tooManyNames(101);
    expect((await world.network()).tooManyNames).toMatchObject({ names: 101, ...APP });
    world.putNetwork({
      ...(await world.network()),
      tooManyNames: { names: 101, countedAt: NOW + HOUR, ...OTHER_APP },
    });
    const [first] = world.hosting.rows.keys();
    world.hosting.rows.delete(first ?? 0);
    await world.putRequest({ dueAt: world.clock.now(), sendAt: world.clock.now() }, DOMAIN);
    await world.live(MINUTE);
    expect(world.orders).toHaveLength(1);
  });

  describe('that were never counted', () => {
    /** An application with these rows of other sites, and one domain that is new; counts pages of the list. */
    async function newWorld(rows: number) {
      const world = certificateWorld();
      for (let n = 0; n < rows; n += 1) await world.hosting.add({ name: `site-${n}.example`, www: false });
      await world.arrive();
      const pages = () => world.hostingCalls.filter(({ op }) => op === 'page').length;
      return { world, pages };
    }

    test('are told by the first page alone', async () => {
      const { world, pages } = await newWorld(1_000);
      await world.live(5 * MINUTE);
      expect(await world.request()).toMatchObject({ state: 'failed', reason: 'name-limit' });
      expect(pages()).toBe(1);
    });

    test.each([
      ['a total that its last page cannot hold', { total: 500, lastPage: 2 }],
      ['no total', { total: undefined, lastPage: undefined }],
    ])('are listed where the first page states %s', async (_, stated) => {
      const { world, pages } = await newWorld(79);
      const { page } = world.hosting;
      world.hosting.page = async (number) => ({ ...(await page(number)), ...stated });
      await world.live(5 * MINUTE);
      expect((await world.request()).reason).not.toBe('name-limit');
      expect(pages()).toBeGreaterThan(1);
    });
  });
});
