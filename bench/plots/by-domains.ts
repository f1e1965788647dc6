import type { Point } from './plot.ts';
import { countingWorld, nameOf } from './world.ts';

const HOSTED = [40, 200, 500, 1_000, 2_000];

/** RunCloud's calls for one domain, by how many the application hosts already. */
export async function callsByDomains(): Promise<readonly Point[]> {
  const points: Point[] = [];
  for (const hosted of HOSTED) {
    const { record, pass, runcloudCalls, hosting } = await countingWorld(hosted);
    const added = nameOf(1);
    await record(added, 'present');
    points.push({ x: hosted, y: await runcloudCalls(() => pass(added)), series: 'addition' });
    await record(added, 'absent');
    points.push({ x: hosted, y: await runcloudCalls(() => pass(added)), series: 'removal, its row known' });
    // Added by hand in RunCloud's panel, and announced afterwards: the ledger does not know its row.
    const unknown = nameOf(2);
    await record(unknown, 'present');
    await hosting.add({ name: unknown, www: false });
    await record(unknown, 'absent');
    const calls = await runcloudCalls(() => pass(unknown));
    points.push({ x: hosted, y: calls, series: 'removal, its row unknown' });
  }
  return points;
}
