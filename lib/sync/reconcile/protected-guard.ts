import { NotBefore } from '../ledger/errors.ts';
import type { NetworkClaim } from '../ledger/network-item.ts';
import type { Access, CallGuard, Clock, HostedDomain, Networks } from '../ledger/ports.ts';
import { isSameApp } from '../ledger/same-app.ts';
import { ensureAccess } from '../network/access.ts';
import { removalRefusal } from './plan.ts';

interface Removal {
  readonly network: string;
  readonly claimed: NetworkClaim | null;
  readonly row: HostedDomain;
  /** What the secret said when the look began. */
  readonly access: Access;
}

/**
 * The gate of a DELETE, which asks the secret once more after the wait for a slot: by then a name may be protected, the network
 * paused, or its application another one. Throws what keeps the row from being deleted.
 */
export function protectedGate(
  { network, claimed, row, access }: Removal,
  guard: CallGuard,
  { networks, clock }: { readonly networks: Networks; readonly clock: Clock },
): CallGuard {
  return {
    before: async () => {
      await guard.before();
      const latest = await ensureAccess(networks, { network, claimed, fresh: true });
      const { app, credentialFingerprint, protectedDomains } = latest;
      const same = isSameApp(app, access.app) && credentialFingerprint === access.credentialFingerprint;
      // This look speaks for the secret it began with; the next one begins with the new secret.
      if (!same) throw new NotBefore(clock.now());
      const refusal = removalRefusal(row, protectedDomains);
      if (refusal !== undefined) throw refusal;
    },
    after: guard.after,
  };
}
