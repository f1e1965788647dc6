import { NotBefore, PausedByOwner, SecretMissing } from '../ledger/errors.ts';
import type { NetworkClaim } from '../ledger/network-item.ts';
import type { Access, Clock, Networks } from '../ledger/ports.ts';
import { isNews, soonestNews } from './claim.ts';

interface Asked {
  readonly network: string;
  readonly claimed: NetworkClaim | null;
  readonly fresh: boolean;
  /** For work that writes nothing to RunCloud. */
  readonly evenPaused?: boolean;
}

async function accessTo(networks: Networks, asked: Asked, fresh: boolean): Promise<Access> {
  const { network, evenPaused = false } = asked;
  const access = await networks.access(network, { fresh });
  if (access === undefined) throw new SecretMissing(`There is no secret for network ${network}`);
  if (access.paused && !evenPaused) throw new PausedByOwner('PAUSED is set in the secret of this network');
  return access;
}

/**
 * A network's way to RunCloud. A secret that names another application than the one last claimed counts only if it was
 * read later than the one that claimed it: else a worker that still keeps the old ids would walk the network back to
 * what it has just left. Throws `NotBefore` when it is too soon to know.
 */
export async function ensureAccess(networks: Networks, asked: Asked): Promise<Access> {
  const { claimed, fresh } = asked;
  const counts = (access: Access): boolean => isNews(claimed, access);
  const kept = await accessTo(networks, asked, fresh);
  if (counts(kept)) return kept;
  const access = fresh ? kept : await accessTo(networks, asked, true);
  if (counts(access)) return access;
  throw new NotBefore(soonestNews(access));
}

/** Left of the function once the secret has been read again: to write down what came of it. */
const SETTLING_NEEDS_MS = 30_000;

interface ReadAgain {
  readonly clock: Clock;
  /** When the function is stopped. */
  readonly deadlineAt: number;
}

/**
 * What the secret says now that RunCloud has refused its credential: `read` afresh, after that refusal. Secrets Manager is
 * asked at most once in ten seconds, so a read that is older is waited out. Throws `NotBefore` where there is no time to wait.
 */
export async function readAfterRefusal<T extends Pick<Access, 'readAt'>>(
  read: () => Promise<T>,
  { clock, deadlineAt }: ReadAgain,
): Promise<T> {
  const refusedAt = clock.now();
  let access = await read();
  while (access.readAt <= refusedAt) {
    const until = Math.max(soonestNews(access), clock.now() + 1);
    if (until > deadlineAt - SETTLING_NEEDS_MS) throw new NotBefore(until);
    await clock.sleep(until - clock.now());
    access = await read();
  }
  return access;
}
