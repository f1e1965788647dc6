import type { RuncloudMetrics } from '../../lib/observability/runcloud-metrics.ts';
import type { CallGuard } from '../../lib/sync/ledger/runcloud-ports.ts';

/** Groups answers by their hundred, except 4xx: each of those has a cause of its own. */
function answerOf(status: number | undefined): string {
  if (status === undefined) return 'no-answer';
  const isClients = status >= 400 && status < 500;
  return isClients ? String(status) : `${Math.floor(status / 100)}xx`;
}

/** The same guard, which also counts every answer. */
export function countingGuard(guard: CallGuard, metrics: Pick<RuncloudMetrics, 'called'>): CallGuard {
  return {
    before: () => guard.before(),
    after: async (answer) => {
      metrics.called(answerOf(answer.status));
      await guard.after(answer);
    },
  };
}
