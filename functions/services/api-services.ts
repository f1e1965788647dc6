import type { Log } from '../../lib/observability/log.ts';
import type { Metrics } from '../../lib/observability/metrics.ts';
import type { NetworkSettings, Secrets } from '../../lib/settings/settings.ts';
import type { Clock, Ledger, Queue } from '../../lib/sync/ledger/ports.ts';

/** What an API handler needs of a network's secret; the keys to RunCloud are not among it. */
export type ApiSettings = Pick<
  NetworkSettings,
  'relaySecrets' | 'hookTokens' | 'readTokens' | 'protectedDomains'
>;

/** What an API handler works with, built once per cold start. */
export interface ApiServices {
  readonly secrets: Secrets<ApiSettings>;
  readonly ledger: Ledger;
  readonly queue: Pick<Queue, 'send'>;
  readonly clock: Clock;
  readonly log: Log;
  readonly metrics: Metrics;
  readonly domainBaseMs: number;
  readonly certificateBaseMs: number;
}

export interface RetryServices extends ApiServices {
  readonly certificateQueue: Pick<Queue, 'send'>;
}
