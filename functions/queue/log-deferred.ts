import { Unavailable, UnreadableItem } from '../../lib/errors.ts';
import type { Log } from '../../lib/observability/log.ts';
import type { Metrics } from '../../lib/observability/metrics.ts';
import type { ReportUnsent } from '../../lib/sync/ledger/dead-letters.ts';
import type { ReportDeferred } from '../../lib/sync/ledger/deferred-work.ts';

/**
 * Work that waits because the ledger, a queue or a secret is out of reach. AWS has such moments, so an alarm hears of it
 * only when it lasts: missing rights look the same, and would leave a domain pending without a word.
 */
export function logDeferred(log: Log, metrics: Metrics): ReportDeferred {
  return ({ network, domain }, error) => {
    log.warn('work deferred', { network, domain, what: error.what, error });
    metrics.count('unavailable', { network });
  };
}

/** A dead letter that could not be sent: what failed is told to nobody until it is. */
export function reportingUnsent(log: Log, metrics: Metrics): ReportUnsent {
  return ({ network, domain, id }, error) => {
    log.error('dead letter not sent', { network, domain, item: id, error });
    metrics.count('dead-letter-unsent', { network });
  };
}

/** A message that goes back to the queue: Lambda takes the call for a good one, so it has to be told of here. */
export function logFailedMessage(log: Log, metrics: Metrics) {
  return (error: unknown, messageId: string): void => {
    const away = error instanceof Unavailable;
    if (error instanceof UnreadableItem) {
      // The ledger has reported it; the queue keeps the dead letter that was moved back for it.
      log.warn('message failed', { error, item: messageId });
      return;
    }
    if (away) log.warn('message failed', { error, item: messageId, what: error.what });
    else log.error('message failed', { error, item: messageId });
    metrics.count(away ? 'unavailable' : 'crashed');
  };
}
