import type { DnsFinding } from '../../dns/gate.ts';
import { leadsHere } from '../../dns/verdict.ts';
import type { CertificateItem } from '../../sync/ledger/items/certificate-item.ts';

/** True if visitors of the name may reach the server, also where the name does not pass the gate. */
export function isLedHere(found: DnsFinding, serverAddresses: readonly string[]): boolean {
  return found.kind !== 'not-here' || leadsHere(found.addresses, serverAddresses);
}

/** True if the name has ever been seen to lead here, by the relay or by the multisite. */
export function hasLedHere(
  item: Pick<CertificateItem, 'pointedHereAt' | 'dnsReadyAt' | 'notAfter'> | undefined,
): boolean {
  return (
    item !== undefined && (item.pointedHereAt !== null || item.dnsReadyAt !== null || item.notAfter !== null)
  );
}
