import type { CertificateItem } from '../../sync/ledger/items/certificate-item.ts';
import { DAY_MS } from '../../sync/ledger/time.ts';

/**
 * How long `dns_ready` vouches for a name with unknown addresses. Its certificate comes within hours, or something else is
 * wrong. A customer who left months ago must not spoil the orders of all (docs/certificates.md).
 */
const DNS_READY_HOLDS_MS = 30 * DAY_MS;

export function isDnsReady(item: Pick<CertificateItem, 'dnsReadyAt'> | undefined, now: number): boolean {
  return item !== undefined && item.dnsReadyAt !== null && now - item.dnsReadyAt < DNS_READY_HOLDS_MS;
}
