import { createLog } from '../../lib/log.ts';
import { createMetrics } from '../../lib/metrics.ts';

/** For tests that look at something else. */
export const silentLog = createLog({ service: 'test', level: 'SILENT' });

export const silentMetrics = createMetrics({ functionName: 'test', write: () => undefined });
