import { type AskWww, DNS_TIMEOUT_MS } from '../ledger/domains/www.ts';
import type { DomainItem } from '../ledger/items/domain-item.ts';
import type { NetworkItem } from '../ledger/items/network-item.ts';
import type { Clock, Ledger } from '../ledger/ports.ts';
import type { Access, CertificateHosting } from '../ledger/runcloud-ports.ts';
import { serverAddressOf } from '../network/server-address.ts';
import type { Goal } from './plan.ts';

interface ParkingContext {
  readonly stored: NetworkItem | undefined;
  readonly certificates: Pick<CertificateHosting, 'serverAddress'>;
}

/**
 * What a pass works towards. A name is still served when it is to be parked, and its DNS may have changed since: one that
 * leads here now, or that gives no answer, keeps its row.
 */
export async function wantedOf(
  item: DomainItem,
  access: Access,
  { stored, certificates }: ParkingContext,
  s: { readonly ledger: Ledger; readonly clock: Clock; readonly askWww: AskWww },
): Promise<Goal['wanted']> {
  const { network, domain, wanted, parking, state } = item;
  if (wanted === 'absent' || parking === null) return wanted;
  if (state === 'parked' || parking.reason === 'name-unsupported') return 'parked';
  const address = await serverAddressOf({ network, stored, access }, certificates, s);
  const serverAddresses = [...(address === undefined ? [] : [address]), ...access.serverAddresses];
  const points = await s.askWww(domain, { serverAddresses, timeoutMs: DNS_TIMEOUT_MS });
  return points === 'none' || points === 'elsewhere' ? 'parked' : 'present';
}
