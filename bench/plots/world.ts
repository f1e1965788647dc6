import { recordUpdate } from '../../lib/sync/events/record-update.ts';
import type { DomainUpdate } from '../../lib/sync/ledger/desired-state.ts';
import { countedLedger } from '../../test/support/sync/counted-ledger.ts';
import { NETWORK, NOW, networkItem, update } from '../../test/support/sync/items.ts';
import { reconcileWorld } from '../../test/support/sync/reconcile-world.ts';

export function nameOf(n: number): string {
  return `shop-${n}.example.com`;
}

/** A worker's world in memory, whose application hosts so many domains already. It counts what is asked of RunCloud and the ledger. */
export async function countingWorld(hosted: number) {
  const rows = Array.from({ length: hosted }, (_, n) => ({ name: `hosted-${n}.example.com` }));
  const world = reconcileWorld({ rows, access: { removalsPerHour: 0, additionsPerHour: 0 } });
  // As after the first daily comparison: RunCloud is known to keep one row for each name.
  await world.putNetwork(networkItem({ refusesDuplicates: true, singleRowsAt: NOW }));
  const { ledger, asked } = countedLedger(world.ledger);
  const services = { ...world.services, ledger };
  const runcloudCalls = async (work: () => Promise<unknown>): Promise<number> => {
    const before = world.calls.length;
    await work();
    return world.calls.length - before;
  };
  let seconds = 0;
  return {
    asked,
    runcloudCalls,
    hosting: world.hosting,
    record: (domain: string, wanted: DomainUpdate['wanted']) => {
      seconds += 1;
      const now = world.time.now();
      const timestamp = new Date(now + seconds * 1_000).toISOString();
      const event = update({
        network: NETWORK,
        domain,
        wanted,
        version: { timestamp, id: `msg_${seconds}` },
      });
      return recordUpdate(ledger, event, { now, baseMs: 30_000 });
    },
    pass: (domain: string) => world.passWith(services, domain),
  };
}
