import { configOf, InvalidConfig } from '../../../lib/config.ts';
import { runcloudClient } from '../../../lib/runcloud/client.ts';
import { runcloudHosting } from '../../../lib/runcloud/domains.ts';
import type { NetworkSettings } from '../../../lib/settings/settings.ts';
import type { Hosting } from '../../../lib/sync/ledger/runcloud-ports.ts';
import { BadUsage } from '../../errors.ts';
import type { Aws } from './aws.ts';

/** Where the functions of this relay reach RunCloud and look up names. */
export function surroundingsOf({ surroundings }: Aws) {
  try {
    return configOf(surroundings, 'RUNCLOUD_URL', 'DNS_SERVERS');
  } catch (error) {
    if (error instanceof InvalidConfig) throw new BadUsage(`${error.message}.`);
    throw error;
  }
}

/** A network's web application, with the network's own credential. It is only read here. */
export function readOnlyHosting(
  { credential, serverId, appId }: Pick<NetworkSettings, 'credential' | 'serverId' | 'appId'>,
  aws: Aws,
): Pick<Hosting, 'find' | 'page'> {
  const client = runcloudClient({ baseUrl: surroundingsOf(aws).RUNCLOUD_URL, credential });
  return runcloudHosting(client, { serverId, appId });
}
