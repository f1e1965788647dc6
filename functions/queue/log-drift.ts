import type { Log } from '../../lib/observability/log.ts';
import type { ComparisonReport } from '../../lib/sync/drift/result.ts';
import type { Drift } from '../../lib/sync/ledger/items/network-item.ts';
import type { Metrics } from '../services/outcome-metric.ts';

/** One line for each of the first domains that an operator may have to fix by hand, with their number. */
function tellExtras(log: Log, network: string, { unwanted, unknown }: Drift): void {
  const kinds = [
    ['unwanted', unwanted],
    ['unknown', unknown],
  ] as const;
  for (const [what, { count, names }] of kinds) {
    for (const domain of names) log.warn('in RunCloud but never announced', { network, domain, what, count });
  }
}

/** One line and one count for every comparison that ends, and for every one that fails. */
export function logDrift(log: Log, metrics: Metrics) {
  return ({ network, drift, error, paused, transition, calls }: ComparisonReport): void => {
    if (transition !== null) {
      log.warn(`network ${transition}`, { network }, metrics.counted(`network-${transition}`, { network }));
    }
    if (error !== null) {
      const fields = { network, code: error.code, reason: error.message, count: calls };
      log.warn(
        'comparison broke off; it is tried again in an hour',
        fields,
        metrics.counted('comparison-failed', { network }),
      );
    }
    if (drift === null) {
      if (error === null)
        log.info(paused ? 'comparison deferred' : 'comparison goes on', { network, count: calls });
      return;
    }
    const { missing, unwanted, unknown, dryRun } = drift;
    log.info('compared with RunCloud', {
      network,
      missing: missing.count,
      unwanted: unwanted.count,
      unknown: unknown.count,
      outcome: dryRun ? 'dry-run' : 'healed',
      count: calls,
    });
    metrics.count('compared', { network });
    if (missing.count > 0) metrics.count('drift-missing', { network });
    if (unwanted.count + unknown.count > 0) metrics.count('drift-extra', { network });
    tellExtras(log, network, drift);
  };
}
