import type { RuncloudMetrics } from '../../lib/observability/runcloud-metrics.ts';

/** Writes the calls to RunCloud that some work has made once it has ended, however it ends. */
export async function writtenCalls<T>(
  metrics: Pick<RuncloudMetrics, 'writeCalls'>,
  work: () => Promise<T>,
): Promise<T> {
  try {
    return await work();
  } finally {
    metrics.writeCalls();
  }
}
