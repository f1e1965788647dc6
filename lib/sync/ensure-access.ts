import { isSameApp } from './claim.ts';
import { NetworkPaused, SecretMissing } from './errors.ts';
import type { Access, App, Networks } from './ports.ts';

const accessTo = async (networks: Networks, network: string, fresh: boolean): Promise<Access> => {
  const access = await networks.access(network, { fresh });
  if (access === undefined) throw new SecretMissing(`There is no secret for network ${network}`);
  if (access.paused) throw new NetworkPaused('PAUSED is set in the secret of this network');
  return access;
};

/**
 * A network's way to RunCloud. A kept secret that names another application than the one last claimed is read afresh:
 * it may be the older of the two, and the network would walk back to what it has just left.
 */
export const ensureAccess = async (
  networks: Networks,
  at: { readonly network: string; readonly claimed: App | null; readonly fresh: boolean },
): Promise<Access> => {
  const { network, claimed, fresh } = at;
  const access = await accessTo(networks, network, fresh);
  const other = claimed !== null && !isSameApp(claimed, access.app);
  return other && !fresh ? accessTo(networks, network, true) : access;
};
