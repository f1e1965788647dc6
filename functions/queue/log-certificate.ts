import type { CertificateResult } from '../../lib/certificates/outcome/result.ts';
import type { CertificateFact } from '../../lib/certificates/services.ts';
import type { Log } from '../../lib/observability/log.ts';
import { timeToReadyMs } from '../../lib/sync/status/time-to-ready.ts';
import type { Metrics } from '../services/outcome-metric.ts';

/** Why a pass ended with this result. */
function whyOf(result: CertificateResult): { code?: string; reason?: string | null } {
  switch (result.kind) {
    case 'troubled':
    case 'failing':
      return { code: result.error.code, reason: result.error.message };
    case 'failed':
      return { code: result.error.code, reason: result.reason };
    case 'paused':
      return { code: result.code, reason: result.message };
    case 'unverified':
      return { reason: result.why };
    case 'waiting-dns':
    case 'waiting':
      return { reason: result.reason };
    default:
      return {};
  }
}

/** One line and one count for every checked request, every order, and every network that is paused or resumes. */
export function logCertificate(log: Log, metrics: Metrics) {
  return (fact: CertificateFact): void => {
    switch (fact.kind) {
      case 'checked': {
        const { item, result, settled } = fact;
        const { network, domain, revision } = item;
        // A request that only a domain's arrival raised belongs to no event.
        const webhookId = item.version?.id;
        const fields = {
          network,
          domain,
          webhookId,
          revision,
          outcome: `certificate-${result.kind}`,
          ...whyOf(result),
          status: settled.kind,
        };
        // Only this needs an operator: a customer's DNS does not, and failed hosting has its own dead letter.
        const givenUp =
          settled.kind === 'done' && settled.item.deadLetteredRevision !== item.deadLetteredRevision;
        const durationMs = settled.kind === 'done' ? timeToReadyMs(item, settled.item, 'valid') : undefined;
        const metric = metrics.counted(`certificate-${result.kind}`, {
          network,
          ...(durationMs === undefined ? {} : { durationMs }),
        });
        if (givenUp) log.warn('certificate given up', fields, metric);
        else log.info('certificate checked', fields, metric);
        if (givenUp) metrics.count('certificate-given-up', { network });
        // Its alarm reports a spent week, and no other limit.
        if (result.kind === 'waiting' && (result.limit === 'week' || result.limit === 'registered-domain'))
          metrics.count('order-budget', { network });
        return;
      }
      case 'crashed': {
        const { network, domain, revision, crashes } = fact.item;
        const fields = { network, domain, revision, count: crashes, error: fact.error };
        log.error('certificate check crashed', fields, metrics.counted('crashed', { network }));
        return;
      }
      case 'ordered': {
        const { network, names, how, outcome, error } = fact;
        const fields = { network, action: how, outcome: `order-${outcome}`, count: names, error };
        log.info('certificate ordered', fields, metrics.counted(`order-${outcome}`, { network }));
        return;
      }
      case 'turned':
        log.warn(
          `network ${fact.transition}`,
          { network: fact.network, error: fact.error },
          metrics.counted(`network-${fact.transition}`, { network: fact.network }),
        );
    }
  };
}
