import { Unavailable, UnreadableItem } from '../../lib/errors.ts';
import type { Log } from '../../lib/observability/log.ts';
import type { ReportDeferred } from '../../lib/sync/ledger/updates/deferred-work.ts';
import type { ReportUnsent } from '../../lib/sync/outcomes/send-owed.ts';
import type { Metrics } from '../services/outcome-metric.ts';

/**
 * Logs work that waits because the ledger, a queue or a secret is out of reach. Short outages are normal, so only lasting
 * ones raise an alarm: missing rights look the same, and would leave a domain pending in silence.
 */
export function logDeferred(log: Log, metrics: Metrics): ReportDeferred {
  return ({ network, domain }, error) => {
    const fields = { network, domain, what: error.what, error };
    log.warn('work deferred', fields, metrics.counted('unavailable', { network }));
  };
}

/** Logs a dead letter that could not be sent: until it is, no operator sees the failure in the queue. */
export function logUnsent(log: Log, metrics: Metrics): ReportUnsent {
  return ({ network, domain, id }, error) => {
    const fields = { network, domain, item: id, error };
    log.error('dead letter not sent', fields, metrics.counted('dead-letter-unsent', { network }));
  };
}

/** Logs a message that goes back to the queue: to Lambda the call succeeded, so no metric of its own shows it. */
export function logFailedMessage(log: Log, metrics: Metrics) {
  return (error: unknown, messageId: string): void => {
    if (error instanceof UnreadableItem) {
      // The ledger has reported it; the queue keeps the dead letter that was moved back for it.
      log.warn('message failed', { error, item: messageId });
      return;
    }
    const fields = { error, item: messageId };
    if (error instanceof Unavailable)
      log.warn('message failed', { ...fields, what: error.what }, metrics.counted('unavailable'));
    else log.error('message failed', fields, metrics.counted('crashed'));
  };
}
