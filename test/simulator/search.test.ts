import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import { search } from './search.ts';

const HOUR_MS = 3_600_000;

/** A search among whole numbers, each of which takes an hour to play. */
async function searched(play: (history: number) => string[], shortenForMs: number) {
  const told: number[] = [];
  let nowMs = 0;
  let plays = 0;
  const result = await search({
    histories: fc.nat({ max: 1_000_000 }),
    play: async (history) => {
      nowMs += HOUR_MS;
      plays++;
      return { faults: play(history), log: [] };
    },
    runs: 100,
    seed: 1,
    shortenForMs,
    now: () => nowMs,
    onFailure: ({ history }) => told.push(history),
  });
  return { ...result, told, plays };
}

const tooLarge = (history: number): string[] => (history > 1_000 ? ['too large'] : []);

test('the search for a shorter history ends in time, and the fault is told', async () => {
  const { found, told, plays, played } = await searched(tooLarge, 2 * HOUR_MS);
  expect(found?.faults).toEqual(['too large']);
  expect(found?.history).toBeGreaterThan(1_000);
  expect(told).toHaveLength(1);
  expect(plays).toBe(played + 2);
});

test('with time enough the shortest history is found', async () => {
  const { found } = await searched(tooLarge, 1_000 * HOUR_MS);
  expect(found?.history).toBe(1_001);
});

test('where any history is enough the first one is told', async () => {
  const { found, told } = await searched(tooLarge, 0);
  expect(told).toEqual([found?.history]);
});

test('a search without a fault plays every history', async () => {
  const { found, played } = await searched(() => [], HOUR_MS);
  expect(found).toBeUndefined();
  expect(played).toBe(100);
});

test('what a task throws is told like a broken promise', async () => {
  const { found } = await searched(() => {
    throw new TypeError('is no function');
  }, 0);
  expect(found?.faults).toEqual([expect.stringContaining('a task threw TypeError: is no function')]);
});

test('a search may leave histories out, and tells where the first one fails', async () => {
  const indexes: number[] = [];
  let plays = 0;
  const all = await search({
    histories: fc.nat({ max: 1_000_000 }),
    play: async (history) => {
      plays++;
      return { faults: tooLarge(history), log: [] };
    },
    plays: (index) => {
      indexes.push(index);
      return index >= 7;
    },
    runs: 100,
    seed: 1,
    shortenForMs: 0,
    now: () => 0,
  });
  expect(indexes).toEqual(Array.from({ length: 8 }, (_, index) => index));
  expect(all.foundAt).toBe(7);
  expect(plays).toBe(1);
});
