import type { Log } from '../lib/log.ts';
import type { Metrics } from '../lib/metrics.ts';
import type { LookReport } from '../lib/sync/look-at-domain.ts';

/** One line and one count for every look: what it found, and what the network's pause came to. */
export const reporting =
  (log: Log, metrics: Metrics) =>
  ({ item, found, settled }: LookReport): void => {
    const { network, domain, revision } = item;
    const { end, calls, turned } = found;
    const outcome = end.kind === 'settled' ? end.ending.state : end.kind;
    const code = end.kind === 'failed' ? end.error.code : end.kind === 'paused' ? end.code : undefined;
    const fields = { network, domain, revision, outcome, code, count: calls, status: settled };
    if (end.kind === 'failed') log.warn('looked at domain', { ...fields, error: end.error });
    else log.info('looked at domain', fields);
    metrics.count(code ?? outcome, { network });
    if (turned !== null) {
      log.warn(`network ${turned}`, { network, code });
      metrics.count(`network-${turned}`, { network });
    }
  };
