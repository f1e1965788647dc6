import type { Log } from '../../lib/observability/log.ts';
import type { ReconcileResult } from '../../lib/sync/reconcile/outcome/next-state.ts';
import type { ReconcileReport } from '../../lib/sync/reconcile/reconcile.ts';
import { timeToReadyMs } from '../../lib/sync/status/time-to-ready.ts';
import type { CountedOutcome, Metrics } from '../services/outcome-metric.ts';

/** The result of a pass in one word, and why. */
function summaryOf(result: ReconcileResult): { outcome: string; code?: string; reason?: string | null } {
  switch (result.kind) {
    case 'settled':
      return { outcome: result.target.state };
    case 'failed':
      return { outcome: 'failed', code: result.error.code, reason: result.error.message };
    case 'paused':
      return { outcome: 'paused', code: result.code, reason: result.message };
    case 'held':
      return { outcome: 'held', reason: result.reason };
  }
}

/** A failure counts by its code. What a limit holds counts by its name: a runaway sender may cause it. */
function countedAs(result: ReconcileResult): CountedOutcome {
  switch (result.kind) {
    case 'settled':
      return result.target.state;
    case 'failed':
      return result.error.code;
    case 'paused':
      return result.code;
    case 'held':
      return result.reason ?? 'held';
  }
}

/** One line and one count for every pass, and for every network that is paused or resumes. */
export function logDomain(log: Log, metrics: Metrics) {
  return ({ item, found, settled }: ReconcileReport): void => {
    const { network, domain, revision, version } = item;
    const { outcome, code, reason } = summaryOf(found.result);
    const givenUp = settled.kind === 'done' && settled.item.state === 'failed';
    const fields = {
      network,
      domain,
      // The event of this update, so that its lines can be found beyond the API handler.
      webhookId: version.id,
      revision,
      outcome,
      code,
      reason,
      count: found.calls,
      status: settled.kind,
    };
    const durationMs = settled.kind === 'done' ? timeToReadyMs(item, settled.item, 'present') : undefined;
    const metric = metrics.counted(countedAs(found.result), {
      network,
      ...(durationMs === undefined ? {} : { durationMs }),
    });
    // A retry is normal work. A domain that is given up needs an operator.
    if (givenUp) log.warn('domain given up', fields, metric);
    else log.info('domain reconciled', fields, metric);
    if (givenUp) metrics.count('given-up', { network });
    const { transition } = found;
    if (transition === null) return;
    log.warn(
      `network ${transition}`,
      { network, code, reason },
      metrics.counted(`network-${transition}`, { network }),
    );
  };
}
