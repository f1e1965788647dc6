import type { Point } from './plot.ts';
import { countingWorld, nameOf } from './world.ts';

const BURSTS = [1, 10, 50, 100, 250, 1_000];
const HOSTED = 200;

/** RunCloud's calls for each domain of a burst, by how many events it has. */
export async function callsByBursts(): Promise<readonly Point[]> {
  const points: Point[] = [];
  for (const size of BURSTS) {
    const { record, pass, runcloudCalls } = await countingWorld(HOSTED);
    const burst = Array.from({ length: size }, (_, n) => nameOf(n));
    for (const [wanted, series] of [
      ['present', 'additions'],
      ['absent', 'removals'],
    ] as const) {
      for (const domain of burst) await record(domain, wanted);
      const calls = await runcloudCalls(async () => {
        for (const domain of burst) await pass(domain);
      });
      points.push({ x: size, y: calls / size, series });
    }
  }
  return points;
}
