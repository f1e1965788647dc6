import { WWW } from '../../ledger/domains/www.ts';
import { NotBefore } from '../../ledger/errors.ts';
import type { NetworkClaim } from '../../ledger/items/network-item.ts';
import type { Clock } from '../../ledger/ports.ts';
import type { Access, HostedDomain, Networks } from '../../ledger/runcloud-ports.ts';
import { isSameApp } from '../../ledger/same-app.ts';
import { ensureAccess } from '../../network/access.ts';
import { isProtected } from '../../network/listing/protected-names.ts';
import { removalRefusal } from '../plan/removal-refusal.ts';

interface Change {
  readonly network: string;
  readonly claimed: NetworkClaim | null;
  readonly row: HostedDomain;
  /** What the secret said when the pass began. */
  readonly access: Access;
}

interface SecretServices {
  readonly networks: Networks;
  readonly clock: Clock;
}

/**
 * Reads the secret again after the wait for a slot, for meanwhile a name may have been protected, the network paused, or its
 * application changed. Returns what it protects now.
 */
async function protectedNow(
  { network, claimed, access }: Change,
  { networks, clock }: SecretServices,
): Promise<readonly string[]> {
  const latest = await ensureAccess(networks, { network, claimed, fresh: true });
  const { app, credentialFingerprint, protectedDomains } = latest;
  const same = isSameApp(app, access.app) && credentialFingerprint === access.credentialFingerprint;
  // This pass ends with the secret it began with; the next one takes the new secret.
  if (!same) throw new NotBefore(clock.now());
  return protectedDomains;
}

/** Throws what forbids the deletion of this row. */
export async function assertStillRemovable(removal: Change, s: SecretServices): Promise<void> {
  const refusal = removalRefusal(removal.row, await protectedNow(removal, s));
  if (refusal !== undefined) throw refusal;
}

/** A `www.` that has become protected stays on: the next pass plans with that. */
export async function assertWwwMayGo(change: Change, s: SecretServices): Promise<void> {
  if (isProtected(WWW + change.row.name, await protectedNow(change, s))) throw new NotBefore(s.clock.now());
}
