import { Unavailable } from '../../errors.ts';
import { inBatches } from '../ledger/in-batches.ts';
import type { Key } from '../ledger/keys.ts';
import type { DueWork } from '../ledger/ports.ts';
import { updateItem } from '../ledger/updates/update.ts';
import { listNetwork } from '../ledger/work/listed-network.ts';
import { AT_ONCE, type RoundServices } from './round.ts';

/**
 * Writes certificates once more that 0.1.0 has written, which brings them into the index of their network. Returns why the first
 * one could not be that the ledger does not give out.
 */
export async function bringIntoIndex(
  works: readonly DueWork[],
  s: Pick<RoundServices, 'ledger' | 'report'>,
): Promise<Unavailable | undefined> {
  let outOfReach: Unavailable | undefined;
  const orReport = async (work: DueWork, bring: () => Promise<undefined>): Promise<boolean> => {
    try {
      await bring();
      return true;
    } catch (error) {
      if (error instanceof Unavailable) outOfReach ??= error;
      else s.report(error, work);
      return false;
    }
  };
  const byNetwork = Map.groupBy(works, ({ network }) => network);
  for (const [network, certificates] of byNetwork) {
    const [first] = certificates;
    // Before its certificates: in their new form, only a network that is listed leads to them.
    if (first === undefined || !(await orReport(first, () => listNetwork(s.ledger, network)))) continue;
    await inBatches(certificates, AT_ONCE, (work) => {
      const key: Key<'certificate'> = { kind: 'certificate', network, item: work.item };
      return orReport(work, () =>
        updateItem(s.ledger, key, (item) => ({ ...(item && { write: item }), result: undefined })),
      );
    });
  }
  return outOfReach;
}
