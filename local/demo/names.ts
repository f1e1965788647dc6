import { runcloudClient } from '../../lib/runcloud/client.ts';
import { runcloudHosting } from '../../lib/runcloud/domains.ts';
import type { NetworkSettings } from '../../lib/settings/settings.ts';
import { readListing } from '../../lib/sync/network/listing/listing.ts';
import type { RunningRuncloud } from '../runcloud/server.ts';
import type { Names } from './result.ts';

function inOurs(runcloud: RunningRuncloud, appId: string) {
  return new Set(runcloud.app(Number(appId)).domains.map(({ name }) => name));
}

async function inAnother(baseUrl: string, { credential, serverId, appId }: NetworkSettings) {
  const client = runcloudClient({ baseUrl, credential });
  const { domains } = await readListing(runcloudHosting(client, { serverId, appId }));
  return new Set(domains.map(({ name }) => name));
}

/** Reads our own RunCloud directly, past its API and its faults, and another one by its API. */
export function namesIn(
  networks: ReadonlyMap<string, NetworkSettings>,
  runcloud: { readonly ours: RunningRuncloud | undefined; readonly url: string },
): Names {
  return async (network) => {
    const settings = networks.get(network);
    if (settings === undefined) return undefined;
    if (runcloud.ours !== undefined) return inOurs(runcloud.ours, settings.appId);
    return inAnother(runcloud.url, settings).catch(() => undefined);
  };
}
