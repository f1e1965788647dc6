import { Unavailable, UnreadableItem } from '../../errors.ts';
import { WWW } from '../ledger/domains/www.ts';
import type { CertificateItem } from '../ledger/items/certificate-item.ts';
import type { DomainItem } from '../ledger/items/domain-item.ts';
import type { NetworkItem } from '../ledger/items/network-item.ts';
import {
  certificateKey,
  domainKey,
  type Key,
  type Kind,
  networkKey,
  rateLimitKey,
  type StoredItems,
} from '../ledger/keys.ts';
import type { Ledger, Snapshot } from '../ledger/ports.ts';
import type { Seen } from '../ledger/updates/update.ts';
import type { KnownCredentials } from '../network/known-credentials.ts';
import type { SeenRateLimit } from '../network/session.ts';

/** What a pass reads in one call once it holds its lease. */
export interface ReadTogether {
  readonly network: Seen<NetworkItem>;
  readonly rateLimit: SeenRateLimit | undefined;
  /** Undefined: not asked for, or out of reach. It is read when it is needed. */
  readonly certificate: Seen<CertificateItem> | undefined;
  readonly sibling: Seen<DomainItem> | undefined;
}

function seenIn<K extends Kind>(snapshot: Snapshot, key: Key<K>): Seen<StoredItems[K]> {
  return snapshot.of(key) ?? { item: undefined, writes: 0 };
}

/** Only what needs the item meets its fault. */
function seenIfReadable<K extends Kind>(snapshot: Snapshot, key: Key<K>): Seen<StoredItems[K]> | undefined {
  try {
    return seenIn(snapshot, key);
  } catch (error) {
    if (error instanceof UnreadableItem || error instanceof Unavailable) return undefined;
    throw error;
  }
}

/**
 * Reads the network under the lease of one of its domains: a move to another application raises the revision of every leased
 * domain, so one that is not seen here cannot be settled over. The other items come with it, in the same call.
 */
export async function readTogether(
  { network, domain, wanted }: Pick<DomainItem, 'network' | 'domain' | 'wanted'>,
  { ledger, credentials }: { readonly ledger: Ledger; readonly credentials: KnownCredentials },
): Promise<ReadTogether> {
  const fingerprint = credentials.of(network);
  const ofNetwork = networkKey(network);
  const ofRateLimit = fingerprint === undefined ? undefined : rateLimitKey(fingerprint);
  const ofCertificate = wanted === 'present' ? certificateKey(network, domain) : undefined;
  const ofSibling =
    wanted === 'present' && !domain.startsWith(WWW) ? domainKey(network, WWW + domain) : undefined;
  const keys = [ofNetwork, ofRateLimit, ofCertificate, ofSibling].filter((key) => key !== undefined);
  const snapshot = await ledger.readAll(keys);
  const seen = ofRateLimit && seenIfReadable(snapshot, ofRateLimit);
  return {
    network: seenIn(snapshot, ofNetwork),
    rateLimit: fingerprint === undefined || seen === undefined ? undefined : { fingerprint, seen },
    certificate: ofCertificate && seenIfReadable(snapshot, ofCertificate),
    sibling: ofSibling && seenIfReadable(snapshot, ofSibling),
  };
}
