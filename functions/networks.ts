import { createHash } from 'node:crypto';
import { runcloudClient } from '../lib/runcloud/client.ts';
import { runcloudHosting } from '../lib/runcloud/domains.ts';
import type { Credential, NetworkSettings, Secrets } from '../lib/settings.ts';
import type { Access, Networks } from '../lib/sync/ports.ts';

/** What a worker needs of a network's secret, and when it was read. */
export interface WorkerSettings
  extends Pick<
    NetworkSettings,
    'credential' | 'serverId' | 'appId' | 'protectedDomains' | 'removalsPerHour' | 'paused'
  > {
  readonly readAt: number;
}

const FINGERPRINT_DIGITS = 16;

/** Tells credentials apart in the ledger without being one. */
export const fingerprintOf = (credential: Credential): string => {
  const text = credential.api === 'v3' ? credential.token : `${credential.key}:${credential.secret}`;
  return createHash('sha256').update(text).digest('hex').slice(0, FINGERPRINT_DIGITS);
};

/** Where a network's secret and RunCloud meet. */
export const networksOf = (secrets: Secrets<WorkerSettings>, runcloudUrl: string): Networks => ({
  access: async (network, { fresh }): Promise<Access | undefined> => {
    const settings = await secrets.settings(network, { fresh });
    if (settings === undefined) return undefined;
    const { credential, serverId, appId, protectedDomains, removalsPerHour, paused, readAt } = settings;
    const app = { serverId, appId };
    return {
      app,
      readAt,
      protectedDomains,
      removalsPerHour,
      paused,
      credentialFingerprint: fingerprintOf(credential),
      hosting: (gate) => runcloudHosting(runcloudClient({ baseUrl: runcloudUrl, credential, gate }), app),
    };
  },
});
