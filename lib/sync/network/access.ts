import { NotBefore, PausedByOwner, SecretMissing } from '../ledger/errors.ts';
import type { NetworkClaim } from '../ledger/items/network-item.ts';
import type { Clock } from '../ledger/ports.ts';
import type { Access, Networks } from '../ledger/runcloud-ports.ts';
import { isUpToDate, readableAgainAt } from './claim.ts';

interface AccessTerms {
  readonly network: string;
  readonly claimed: NetworkClaim | null;
  readonly fresh: boolean;
  /** For work that writes nothing to RunCloud. */
  readonly evenPaused?: boolean;
}

export function secretMissing(network: string): SecretMissing {
  return new SecretMissing(`There is no secret for network ${network}`);
}

async function accessTo(networks: Networks, terms: AccessTerms, fresh: boolean): Promise<Access> {
  const { network, evenPaused = false } = terms;
  const access = await networks.access(network, { fresh });
  if (access === undefined) throw secretMissing(network);
  if (access.paused && !evenPaused) throw new PausedByOwner('PAUSED is set in the secret of this network');
  return access;
}

/**
 * A network's access to RunCloud. A secret that names another application than the claimed one counts only if it was read
 * later than the secret that claimed it. Otherwise a worker that still keeps the old ids would move the network back.
 * Throws `NotBefore` when it is too soon to know.
 */
export async function ensureAccess(networks: Networks, terms: AccessTerms): Promise<Access> {
  const { claimed, fresh } = terms;
  const counts = (access: Access): boolean => isUpToDate(claimed, access);
  const kept = await accessTo(networks, terms, fresh);
  if (counts(kept)) return kept;
  const access = fresh ? kept : await accessTo(networks, terms, true);
  if (counts(access)) return access;
  throw new NotBefore(readableAgainAt(access));
}

/** Time of the function that is left after the secret was read again, to write the result. */
const SETTLING_NEEDS_MS = 30_000;

interface ReadAgain {
  readonly clock: Clock;
  /** When the function is stopped. */
  readonly deadlineAt: number;
}

/**
 * Reads the secret after RunCloud has refused its credential. Secrets Manager is asked at most once in ten seconds, so a
 * kept read that is older than the refusal is waited out. Throws `NotBefore` where there is no time to wait.
 */
export async function readAfterRefusal<T extends Pick<Access, 'readAt'>>(
  read: () => Promise<T>,
  { clock, deadlineAt }: ReadAgain,
): Promise<T> {
  const refusedAt = clock.now();
  let access = await read();
  while (access.readAt <= refusedAt) {
    const until = Math.max(readableAgainAt(access), clock.now() + 1);
    if (until > deadlineAt - SETTLING_NEEDS_MS) throw new NotBefore(until);
    await clock.sleep(until - clock.now());
    access = await read();
  }
  return access;
}
