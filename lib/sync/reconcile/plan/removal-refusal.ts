import { ProtectedDomain, type RefusedRemoval } from '../../ledger/errors.ts';
import type { HostedDomain } from '../../ledger/runcloud-ports.ts';
import { holdsProtected } from '../../network/listing/protected-names.ts';

/** Why this row must not be deleted; undefined: it may be. Checked by the plan, and again right before the DELETE. */
export function removalRefusal(
  row: HostedDomain,
  protectedDomains: readonly string[],
): RefusedRemoval | undefined {
  // An older API gives no type: then only the protected names keep a removal from the network's own rows.
  if (row.type === undefined && protectedDomains.length === 0) {
    return new ProtectedDomain(
      'RunCloud does not tell which domain is primary; name the network in PROTECTED_DOMAINS to allow removals',
    );
  }
  return holdsProtected(row, protectedDomains)
    ? new ProtectedDomain(`The row of ${row.name} serves a name that is protected by PROTECTED_DOMAINS`)
    : undefined;
}
