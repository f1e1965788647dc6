import type { Log } from '../../lib/observability/log.ts';
import type { DeliveryReport } from '../../lib/sync/outcomes/deliver.ts';
import type { Metrics } from '../services/outcome-metric.ts';

/** One line and one count for every try to post an outcome. */
export function logDelivery(log: Log, metrics: Metrics) {
  return ({ item, result, settled }: DeliveryReport): void => {
    const { network, id, content } = item;
    const failure = result.kind === 'done' ? undefined : result.failure;
    const givenUp = settled.kind === 'done' && settled.item.state === 'failed';
    const fields = {
      network,
      ...('domain' in content ? { domain: content.domain } : {}),
      webhookId: id,
      what: content.type,
      code: failure?.code,
      reason: failure?.message,
      status: settled.kind,
    };
    const metric = metrics.counted(failure?.code ?? 'posted', { network });
    if (givenUp) log.warn('outcome given up', fields, metric);
    else log.info('outcome posted', { ...fields, outcome: result.kind }, metric);
    if (givenUp) metrics.count('given-up', { network });
  };
}
