export function median(values: readonly number[]): number {
  const sorted = values.toSorted((a, b) => a - b);
  const middle = sorted.length >> 1;
  const upper = sorted[middle];
  const lower = sorted[sorted.length - 1 - middle];
  if (upper === undefined || lower === undefined) throw new Error('There is no median of nothing');
  return (lower + upper) / 2;
}

/** Odd, so that a median is one of the values. */
const RUNS = 15;

/**
 * Each cost divided by that of `base`, as medians. All are measured in turn, again and again, so that whatever else the machine
 * does meets them alike.
 */
export async function ratios(
  base: () => Promise<number>,
  measured: ReadonlyMap<string, () => Promise<number>>,
  runs = RUNS,
): Promise<ReadonlyMap<string, number>> {
  const baseCosts: number[] = [];
  const costs = new Map([...measured.keys()].map((name) => [name, [] as number[]]));
  for (let run = 0; run < runs; run += 1) {
    baseCosts.push(await base());
    for (const [name, cost] of measured) costs.get(name)?.push(await cost());
  }
  return new Map([...costs].map(([name, all]) => [name, median(all) / median(baseCosts)]));
}
