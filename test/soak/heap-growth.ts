import type { Memory } from './workers.ts';

/** A worker that leaks a little in every pass exceeds it within a soak; normal warm-up and garbage do not. */
export const mostGrowthBytes = 6 * 2 ** 20;

/** Fewer measurements prove nothing. */
const fewest = 8;

function middle(values: readonly number[]): number {
  return values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)] ?? 0;
}

/**
 * By how much the heap of a worker grew from the second quarter of its weighings, when all is loaded and kept that ever
 * will be, to the last one. Each quarter counts by its middle: a weighing may come in the middle of a pass.
 */
export function heapGrowth(memory: readonly Pick<Memory, 'heapBytes'>[]): number {
  const quarter = memory.length / 4;
  if (memory.length < fewest) throw new Error(`${memory.length} weighings are too few to judge by`);
  const heaps = memory.map(({ heapBytes }) => heapBytes);
  return (
    middle(heaps.slice(Math.ceil(3 * quarter))) -
    middle(heaps.slice(Math.floor(quarter), Math.ceil(2 * quarter)))
  );
}
