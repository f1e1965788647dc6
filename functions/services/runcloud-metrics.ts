import type { RuncloudMetrics } from '../../lib/observability/metrics.ts';
import type { CallGuard, Ledger } from '../../lib/sync/ledger/ports.ts';

/** Successes and faults by their hundred; what a client did wrong each for itself, for each has a cause of its own. */
function answerOf(status: number | undefined): string {
  if (status === undefined) return 'no-answer';
  const isClients = status >= 400 && status < 500;
  return isClients ? String(status) : `${Math.floor(status / 100)}xx`;
}

/** The same gate, every answer counted. */
export function countingGuard(guard: CallGuard, metrics: RuncloudMetrics): CallGuard {
  return {
    before: () => guard.before(),
    after: async (answer) => {
      metrics.called(answerOf(answer.status));
      await guard.after(answer);
    },
  };
}

/** The same ledger. Whoever takes a place for a call writes the credential's count: then the month's calls are told. */
export function watchedLedger(ledger: Ledger, metrics: RuncloudMetrics): Ledger {
  return {
    ...ledger,
    write: async (key, item, writes) => {
      const written = await ledger.write(key, item, writes);
      const calls = item !== undefined && 'limitPerMinute' in item ? item.calls : null;
      if (written && calls !== null) metrics.callsThisMonth(calls.count);
      return written;
    },
  };
}
