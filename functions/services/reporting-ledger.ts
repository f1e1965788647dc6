import { UnreadableItem } from '../../lib/errors.ts';
import type { Log } from '../../lib/observability/log.ts';
import type { Ledger, Snapshot } from '../../lib/sync/ledger/ports.ts';
import type { Metrics } from './outcome-metric.ts';

/** The same ledger, which also reports each item that cannot be read: the work that meets one skips it. */
export function reportingLedger(ledger: Ledger, log: Log, metrics: Metrics): Ledger {
  const report = (error: UnreadableItem): void => {
    const { network, item } = error;
    log.error(
      'item cannot be read',
      { network, item, error },
      metrics.counted('unreadable-item', { network }),
    );
  };
  const failed = (error: unknown): never => {
    if (error instanceof UnreadableItem) report(error);
    throw error;
  };
  return {
    ...ledger,
    read: (key) => ledger.read(key).catch(failed),
    create: (key, item) => ledger.create(key, item).catch(failed),
    async readAll(keys) {
      const read = await ledger.readAll(keys);
      const of: Snapshot['of'] = (key) => {
        try {
          return read.of(key);
        } catch (error) {
          return failed(error);
        }
      };
      return { of };
    },
    async page(kind, network, cursor, limit) {
      const page = await ledger.page(kind, network, cursor, limit);
      for (const { error } of page.unreadable) report(error);
      return page;
    },
  };
}
