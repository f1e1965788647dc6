import { sqsClient, sqsQueue } from '../../lib/aws/queue.ts';
import { certificateDelays } from '../../lib/certificates/delays.ts';
import { KeptModes } from '../../lib/certificates/kept-modes.ts';
import type { CertificateServices } from '../../lib/certificates/services.ts';
import { configOf } from '../../lib/config.ts';
import { dnsGate } from '../../lib/dns/gate.ts';
import type { Log } from '../../lib/observability/log.ts';
import type { RuncloudMetrics } from '../../lib/observability/runcloud-metrics.ts';
import { once } from '../../lib/once.ts';
import { domainDelays } from '../../lib/sync/ledger/delays.ts';
import { tlsProof } from '../../lib/tls/proof.ts';
import type { Metrics } from './outcome-metric.ts';
import { workerServices, workerVariables } from './worker.ts';

/** What the worker works with, without what belongs to one call: its lease, and the reports that name the call. */
export interface SecureServices
  extends Omit<CertificateServices, 'leaseMs' | 'report' | 'reportDeferred' | 'reportUnsent'> {
  readonly log: Log;
  readonly metrics: Metrics & Pick<RuncloudMetrics, 'writeCalls'>;
}

/** Built at the first call; clients, kept secrets and modes live as long as the process. */
export const secureServices = once(async (): Promise<SecureServices> => {
  const config = configOf(process.env, ...workerVariables, 'CERTIFICATE_DLQ_URL', 'TLS_PROBE_PORT');
  return {
    ...workerServices(config),
    queue: sqsQueue({
      client: sqsClient(),
      url: config.CERTIFICATE_QUEUE_URL,
      deadLetterUrl: config.CERTIFICATE_DLQ_URL,
    }),
    modes: new KeptModes(),
    dnsGate: dnsGate(config.DNS_SERVERS),
    prove: tlsProof(config.TLS_PROBE_PORT),
    delays: certificateDelays(config.CERTIFICATE_RETRY_BASE_SECONDS * 1_000),
    domainDelays: domainDelays(config.RETRY_BASE_SECONDS * 1_000),
  };
});
