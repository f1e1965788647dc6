import { NotBefore } from '../../ledger/errors.ts';
import type { NetworkClaim } from '../../ledger/items/network-item.ts';
import type { Clock } from '../../ledger/ports.ts';
import type { Access, HostedDomain, Networks } from '../../ledger/runcloud-ports.ts';
import { isSameApp } from '../../ledger/same-app.ts';
import { ensureAccess } from '../../network/access.ts';
import { removalRefusal } from '../plan/removal-refusal.ts';

interface Removal {
  readonly network: string;
  readonly claimed: NetworkClaim | null;
  readonly row: HostedDomain;
  /** What the secret said when the pass began. */
  readonly access: Access;
}

/**
 * Reads the secret again after the wait for a slot, for meanwhile a name may have been protected, the network paused, or its
 * application changed. Throws what forbids the deletion.
 */
export async function assertStillRemovable(
  { network, claimed, row, access }: Removal,
  { networks, clock }: { readonly networks: Networks; readonly clock: Clock },
): Promise<void> {
  const latest = await ensureAccess(networks, { network, claimed, fresh: true });
  const { app, credentialFingerprint, protectedDomains } = latest;
  const same = isSameApp(app, access.app) && credentialFingerprint === access.credentialFingerprint;
  // This pass ends with the secret it began with; the next one takes the new secret.
  if (!same) throw new NotBefore(clock.now());
  const refusal = removalRefusal(row, protectedDomains);
  if (refusal !== undefined) throw refusal;
}
