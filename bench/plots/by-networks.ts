import { certificateKey } from '../../lib/sync/ledger/keys.ts';
import { memoryLedger } from '../../test/doubles/ledger.ts';
import { countedLedger } from '../../test/support/sync/counted-ledger.ts';
import { certificateItem, NOW } from '../../test/support/sync/items.ts';
import type { Point } from './plot.ts';
import { nameOf } from './world.ts';

const NETWORKS = [1, 50, 100, 250, 500];

/** Rows of the index that are read to find the due certificates of one network, by how many others have one due. */
export async function rowsByNetworks(): Promise<readonly Point[]> {
  const points: Point[] = [];
  for (const networks of NETWORKS) {
    const stored = memoryLedger();
    for (let n = 0; n < networks; n += 1) {
      const item = certificateItem({ network: `network-${n}`, domain: nameOf(n), dueAt: NOW, sendAt: NOW });
      stored.put(certificateKey(item.network, item.domain), item);
    }
    const { ledger, asked } = countedLedger(stored);
    const readsOf = async (network: string) => {
      const before = asked.rows;
      await ledger.dueCertificates(network, { until: NOW, meant: () => true, limit: 1_000 });
      return asked.rows - before;
    };
    points.push({ x: networks, y: await readsOf('network-0'), series: 'one certificate due' });
    points.push({ x: networks, y: await readsOf('idle'), series: 'nothing due' });
  }
  return points;
}
