import { type RuncloudClient, runcloudClient } from '../../lib/runcloud/client.ts';
import { rateCounted } from '../../lib/sync/network/limits/rate-limit.ts';
import { fingerprintOf } from '../services/networks.ts';
import type { ReadServices } from '../services/read.ts';
import type { ReadSettings } from '../services/secrets.ts';

/** The live steps of one call. */
export interface ReadSteps {
  /** How long a step that begins now may last. */
  timeoutMs(): number;
  /** A client for one step, whose calls share one timeout. They count towards RunCloud's limit, but do not wait for a slot. */
  runcloud(): RuncloudClient;
}

export function readSteps(
  { credential }: ReadSettings,
  { ledger, clock, metrics, runcloudUrl, limits }: ReadServices,
): ReadSteps {
  const endsAt = clock.now() + limits.totalMs;
  const guard = rateCounted(
    { ledger, clock, reportCallsThisMonth: metrics.callsThisMonth },
    fingerprintOf(credential),
  );
  const timeoutMs = () => Math.max(1, Math.min(limits.stepMs, endsAt - clock.now()));
  return {
    timeoutMs,
    runcloud: () => {
      const signal = AbortSignal.timeout(timeoutMs());
      return runcloudClient({ baseUrl: runcloudUrl, credential, guard, timeoutSignal: () => signal });
    },
  };
}
