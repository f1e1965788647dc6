import { createLog } from '../../lib/observability/log.ts';
import { createMetrics } from '../../lib/observability/metrics.ts';

/** For tests of something else. */
export const silentLog = createLog({ service: 'test', level: 'SILENT', write: () => undefined });

export const silentMetrics = createMetrics({ functionName: 'test', group: 'test', write: () => undefined });
