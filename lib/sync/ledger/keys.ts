import type { CertificateItem } from './items/certificate-item.ts';
import type { CertificateWorkItem } from './items/certificate-work-item.ts';
import type { ComparisonItem } from './items/comparison-item.ts';
import type { DomainItem } from './items/domain-item.ts';
import type { IdentityItem } from './items/identity-item.ts';
import type { ListingItem } from './items/listing-item.ts';
import type { NetworkItem } from './items/network-item.ts';
import type { NoticesItem } from './items/notices-item.ts';
import type { AppOrdersItem, DomainOrdersItem } from './items/order-items.ts';
import type { OutcomeItem } from './items/outcome-item.ts';
import type { ClaimItem, RateLimitItem, SweepItem } from './items/shared-items.ts';

export interface StoredItems {
  domain: DomainItem;
  certificate: CertificateItem;
  network: NetworkItem;
  certificateWork: CertificateWorkItem;
  comparison: ComparisonItem;
  listing: ListingItem;
  domainOrders: DomainOrdersItem;
  appOrders: AppOrdersItem;
  claim: ClaimItem;
  rateLimit: RateLimitItem;
  outcome: OutcomeItem;
  notices: NoticesItem;
  sweep: SweepItem;
  identity: IdentityItem;
}

export type Kind = keyof StoredItems;

/** Kinds of work the sweep asks for: items of these kinds with a `sendAt` are in an index. */
export type WorkKind = 'domain' | 'certificate' | 'network' | 'outcome';

/** Kinds whose items of all networks lie in one index, by their `sendAt`. Certificates lie in that of their network. */
export type IndexedKind = Exclude<WorkKind, 'certificate'> | 'notices';

/** Where an item lies: `network` and `item` are the table's key (docs/rules.md, "The items"). */
export interface Key<K extends Kind> {
  readonly kind: K;
  readonly network: string;
  readonly item: string;
}

/** Kinds of work that are about one domain: each has a state, a history and dead letters of its own. */
export type DomainKind = 'domain' | 'certificate';

export function keyOf<K extends DomainKind>(kind: K, network: string, domain: string): Key<K> {
  return { kind, network, item: `${kind}#${domain}` };
}

/** The name in the `item` of such a key, or the id in an outcome's. */
export function nameOf(kind: DomainKind | 'outcome', item: string): string {
  return item.slice(kind.length + 1);
}

export function domainKey(network: string, domain: string): Key<'domain'> {
  return keyOf('domain', network, domain);
}

export function certificateKey(network: string, domain: string): Key<'certificate'> {
  return keyOf('certificate', network, domain);
}

export function networkKey(network: string): Key<'network'> {
  return {
    kind: 'network',
    network,
    item: 'network',
  };
}

export function certificateWorkKey(network: string): Key<'certificateWork'> {
  return {
    kind: 'certificateWork',
    network,
    item: 'certificates',
  };
}

export function comparisonKey(network: string): Key<'comparison'> {
  return {
    kind: 'comparison',
    network,
    item: 'comparison',
  };
}

export function listingKey(network: string, part: number): Key<'listing'> {
  return {
    kind: 'listing',
    network,
    item: `listing#${part}`,
  };
}

export function outcomeKey(network: string, id: string): Key<'outcome'> {
  return {
    kind: 'outcome',
    network,
    item: `outcome#${id}`,
  };
}

export function noticesKey(network: string): Key<'notices'> {
  return {
    kind: 'notices',
    network,
    item: 'notices',
  };
}

export function domainOrdersKey(network: string, registeredDomain: string): Key<'domainOrders'> {
  return {
    kind: 'domainOrders',
    network,
    item: `orders#${registeredDomain}`,
  };
}

export function appOrdersKey(network: string): Key<'appOrders'> {
  return {
    kind: 'appOrders',
    network,
    item: 'orders',
  };
}

export function claimKey(serverId: string, appId: string): Key<'claim'> {
  return {
    kind: 'claim',
    network: `app#${serverId}/${appId}`,
    item: 'claim',
  };
}

/** `fingerprint`: the first 16 hex digits of the SHA-256 of the credential. */
export function rateLimitKey(fingerprint: string): Key<'rateLimit'> {
  return {
    kind: 'rateLimit',
    network: `token#${fingerprint}`,
    item: 'rateLimit',
  };
}

export const sweepKey: Key<'sweep'> = { kind: 'sweep', network: 'sweep', item: 'lease' };

/** No network can have this name, so nothing of a network lies beside it. */
export const identityKey: Key<'identity'> = { kind: 'identity', network: 'ledger#table', item: 'identity' };
