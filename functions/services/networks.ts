import { createHash } from 'node:crypto';
import type { RuncloudMetrics } from '../../lib/observability/runcloud-metrics.ts';
import { runcloudCertificates } from '../../lib/runcloud/certificates.ts';
import { runcloudClient } from '../../lib/runcloud/client.ts';
import { runcloudHosting } from '../../lib/runcloud/domains.ts';
import type { Credential, Secrets } from '../../lib/settings/settings.ts';
import type { Access, CallGuard, Networks } from '../../lib/sync/ledger/runcloud-ports.ts';
import { countingGuard } from './counting-guard.ts';
import type { WorkerSettings } from './secrets.ts';

const FINGERPRINT_DIGITS = 16;

/** Distinguishes credentials in the ledger without revealing them. */
export function fingerprintOf(credential: Credential): string {
  const text = credential.api === 'v3' ? credential.token : `${credential.key}:${credential.secret}`;
  return createHash('sha256').update(text).digest('hex').slice(0, FINGERPRINT_DIGITS);
}

/** Combines a network's secret with clients for RunCloud. */
export function networksOf(
  secrets: Secrets<WorkerSettings>,
  runcloudUrl: string,
  metrics: Pick<RuncloudMetrics, 'called'>,
): Networks {
  return {
    access: async (network, { fresh }): Promise<Access | undefined> => {
      const settings = await secrets.settings(network, { fresh });
      if (settings === undefined) return undefined;
      const { credential, serverId, appId, ...kept } = settings;
      const app = { serverId, appId };
      const client = (guard: CallGuard) =>
        runcloudClient({ baseUrl: runcloudUrl, credential, guard: countingGuard(guard, metrics) });
      return {
        ...kept,
        app,
        credentialFingerprint: fingerprintOf(credential),
        hosting: (guard) => runcloudHosting(client(guard), app),
        certificates: (guard) => runcloudCertificates(client(guard), app),
      };
    },
  };
}
