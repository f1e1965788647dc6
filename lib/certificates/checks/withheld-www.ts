import { giveWwwBack, isWwwWithheld } from '../../sync/ledger/domains/withheld-www.ts';
import { WWW } from '../../sync/ledger/domains/www.ts';
import type { CertificateItem } from '../../sync/ledger/items/certificate-item.ts';
import type { DomainItem } from '../../sync/ledger/items/domain-item.ts';
import { domainKey } from '../../sync/ledger/keys.ts';
import { updateItem } from '../../sync/ledger/updates/update.ts';
import type { CertificateServices } from '../services.ts';

type WithheldServices = Pick<CertificateServices, 'ledger' | 'clock'>;

/** What the owner of a domain that is served without its `www.` can do; undefined: nothing is withheld. */
export function withheldFix(domain: DomainItem, now: number): string | undefined {
  if (!isWwwWithheld(domain, now)) return undefined;
  const www = WWW + domain.domain;
  return `${www} is not served, because orders that covered it failed: let the certificate authority reach this server at http://${www}/.well-known/acme-challenge/, then send an ssl_retry`;
}

/** An `ssl_retry` asks for the `www.` too: it may have been fixed. */
export async function retryWithheld(
  { network, askedAt }: Pick<CertificateItem, 'network' | 'askedAt'>,
  { domain, wwwWithheld }: DomainItem,
  { ledger, clock }: WithheldServices,
): Promise<void> {
  if (wwwWithheld === null || wwwWithheld.over || (askedAt ?? 0) <= wwwWithheld.at) return;
  await updateItem(ledger, domainKey(network, domain), giveWwwBack(clock.now(), { anew: true }));
}

/** An order for the name alone has failed too, so its `www.` is not at fault. */
export async function clearWww(
  { network, domain }: Pick<CertificateItem, 'network' | 'domain'>,
  { ledger, clock }: WithheldServices,
): Promise<void> {
  await updateItem(ledger, domainKey(network, domain), giveWwwBack(clock.now(), { anew: false }));
}
