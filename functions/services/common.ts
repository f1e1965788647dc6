import { describesTable } from '../../lib/aws/describe-table.ts';
import { getAll } from '../../lib/aws/get-all.ts';
import { dynamoClient, dynamoLedger } from '../../lib/aws/ledger.ts';
import { systemClock } from '../../lib/clock.ts';
import type { Config } from '../../lib/config.ts';
import { createLog, type Log } from '../../lib/observability/log.ts';
import { createMetrics } from '../../lib/observability/metrics.ts';
import type { RuncloudMetrics } from '../../lib/observability/runcloud-metrics.ts';
import type { Clock, Ledger } from '../../lib/sync/ledger/ports.ts';
import { guardedLedger } from '../../lib/sync/network/restored/guarded-ledger.ts';
import type { Metrics } from './outcome-metric.ts';

/** The name under which log lines are found. */
export const SERVICE = 'runcloud-relay';

/** The variables of every function. */
export const commonVariables = [
  'LOG_LEVEL',
  'AWS_LAMBDA_FUNCTION_NAME',
  'METRIC_GROUP',
  'LEDGER_TABLE',
  'RETRY_BASE_SECONDS',
  'CERTIFICATE_RETRY_BASE_SECONDS',
] as const;

export interface CommonServices {
  readonly ledger: Ledger;
  readonly clock: Clock;
  readonly log: Log;
  readonly metrics: Metrics & RuncloudMetrics;
}

/** What every function works with, built once per cold start. */
export function commonServices(
  config: Config<(typeof commonVariables)[number]>,
  client = dynamoClient(),
): CommonServices {
  return {
    ledger: dynamoLedger({ client, table: config.LEDGER_TABLE }),
    clock: systemClock,
    log: createLog({ service: SERVICE, level: config.LOG_LEVEL }),
    metrics: createMetrics({
      functionName: config.AWS_LAMBDA_FUNCTION_NAME,
      group: config.METRIC_GROUP,
    }),
  };
}

/** The same for a function whose messages make calls to RunCloud: in a restored ledger it finds every network paused. */
export function guardedServices(config: Config<(typeof commonVariables)[number]>): CommonServices {
  const client = dynamoClient();
  const services = commonServices(config, client);
  const { clock, log, metrics } = services;
  const place = { client, table: config.LEDGER_TABLE };
  const ledger = guardedLedger(dynamoLedger(place, getAll), {
    clock,
    describeTable: describesTable(place),
    reportPaused: (network) => {
      const fields = { network, code: 'ledger-restored' };
      log.warn('network paused', fields, metrics.counted('network-paused', { network }));
    },
  });
  return { ...services, ledger };
}
