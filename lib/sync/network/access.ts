import { NetworkPaused, NotBefore, SecretMissing } from '../ledger/errors.ts';
import type { NetworkClaim } from '../ledger/items.ts';
import type { Access, Networks } from '../ledger/ports.ts';
import { isNews, soonestNews } from './claim.ts';

interface Asked {
  readonly network: string;
  readonly claimed: NetworkClaim | null;
  readonly fresh: boolean;
  /** For work that writes nothing to RunCloud. */
  readonly evenPaused?: boolean;
}

const accessTo = async (networks: Networks, asked: Asked, fresh: boolean): Promise<Access> => {
  const { network, evenPaused = false } = asked;
  const access = await networks.access(network, { fresh });
  if (access === undefined) throw new SecretMissing(`There is no secret for network ${network}`);
  if (access.paused && !evenPaused) throw new NetworkPaused('PAUSED is set in the secret of this network');
  return access;
};

/**
 * A network's way to RunCloud. A secret that names another application than the one last claimed counts only if it was
 * read later than the one that claimed it: else a worker that still keeps the old ids would walk the network back to
 * what it has just left. Throws `NotBefore` when it is too soon to know.
 */
export const ensureAccess = async (networks: Networks, asked: Asked): Promise<Access> => {
  const { claimed, fresh } = asked;
  const counts = (access: Access): boolean => isNews(claimed, access);
  const kept = await accessTo(networks, asked, fresh);
  if (counts(kept)) return kept;
  const access = fresh ? kept : await accessTo(networks, asked, true);
  if (counts(access)) return access;
  throw new NotBefore(soonestNews(access));
};
