import { WWW } from '../../ledger/domains/www.ts';
import type { DomainItem } from '../../ledger/items/domain-item.ts';
import type { NetworkItem } from '../../ledger/items/network-item.ts';
import { domainKey } from '../../ledger/keys.ts';
import type { Ledger } from '../../ledger/ports.ts';
import type { App } from '../../ledger/runcloud-ports.ts';
import { CLOCKS_AGREE_MS, MINUTE_MS } from '../../ledger/time.ts';
import { ifUsable } from '../../ledger/unreadable.ts';
import {
  KEPT_MS,
  type KeptListing,
  type KeptListings,
  LANDS_WITHIN_MS,
} from '../../network/listing/kept-listings.ts';
import { loadListing } from '../../network/listing/stored-listing.ts';

/**
 * What a list read after the removal was recorded does not show was gone after it, whatever came since. The end only keeps a row
 * that a person adds much later from being overlooked.
 */
const KEPT_FOR_REMOVALS_MS = 5 * MINUTE_MS;

/** Until when a write about this item may have landed. One under way that was recorded with its lease has no `wroteAt` yet. */
function landedAt({ wroteAt, attempt }: Pick<DomainItem, 'wroteAt' | 'attempt'>): number {
  const lastAt = Math.max(wroteAt ?? 0, attempt?.startedAt ?? 0);
  return lastAt === 0 ? 0 : lastAt + LANDS_WITHIN_MS;
}

/** A list says something about this domain only if its reading began after this moment; null: none does. */
function listedAfter(item: DomainItem): number | null {
  const { ambiguousUntil, wanted, recordedAt } = item;
  const after = Math.max(landedAt(item), (ambiguousUntil ?? 0) + CLOCKS_AGREE_MS);
  if (wanted === 'present') return after;
  // Before the removal was recorded, another pass or a person may have added the row that it is to remove.
  return recordedAt === null ? null : Math.max(after, recordedAt + CLOCKS_AGREE_MS);
}

/** Whether this list still says something about the domain, as far as its own item shows. */
export function isCurrent(item: DomainItem, listing: KeptListing, now: number): boolean {
  const after = listedAfter(item);
  const keptMs = item.wanted === 'absent' ? KEPT_FOR_REMOVALS_MS : KEPT_MS;
  return item.parking === null && after !== null && listing.begunAt > after && listing.doneAt >= now - keptMs;
}

/** One row may serve a name and its `www.`, so a list that is older than a write about either says nothing about both. */
async function siblingIsOlder(
  { network, domain, wanted }: DomainItem,
  { begunAt }: KeptListing,
  ledger: Pick<Ledger, 'read'>,
): Promise<boolean> {
  if (wanted === 'absent') return true;
  const sibling = domain.startsWith(WWW) ? domain.slice(WWW.length) : WWW + domain;
  const older = await ifUsable(async () => {
    const item = (await ledger.read(domainKey(network, sibling)))?.item;
    return item === undefined || begunAt > landedAt(item);
  });
  return older === true;
}

/** A list that this worker or another one has read, if it may still show this domain, or show that it is missing. */
export async function usableListing(
  item: DomainItem,
  { app, stored }: { readonly app: App; readonly stored: NetworkItem | undefined },
  s: {
    readonly ledger: Pick<Ledger, 'read'>;
    readonly clock: { now(): number };
    readonly listings: KeptListings;
  },
): Promise<KeptListing | undefined> {
  const now = s.clock.now();
  const inMemory = s.listings.find(app);
  const noted = stored?.listing ?? null;
  if (noted !== null && noted.doneAt !== null && noted.begunAt > (inMemory?.begunAt ?? 0)) {
    const { begunAt, doneAt } = noted;
    const shown = { domains: [], complete: true, confirmed: true, begunAt, doneAt };
    // Loaded only where it is of use.
    if (isCurrent(item, shown, now)) await load(item.network, app, s);
  }
  const kept = s.listings.find(app);
  return kept !== undefined && (await isUsable(item, kept, s)) ? kept : undefined;
}

/** Whether this list still says something about the domain. */
export async function isUsable(
  item: DomainItem,
  listing: KeptListing,
  { ledger, clock }: { readonly ledger: Pick<Ledger, 'read'>; readonly clock: { now(): number } },
): Promise<boolean> {
  return isCurrent(item, listing, clock.now()) && (await siblingIsOlder(item, listing, ledger));
}

async function load(
  network: string,
  app: App,
  { ledger, listings }: { readonly ledger: Pick<Ledger, 'read'>; readonly listings: KeptListings },
): Promise<void> {
  const read = await loadListing(ledger, network, app);
  if (read === undefined || read.doneAt === null) return;
  const { rows: domains, complete, confirmed, begunAt, doneAt } = read;
  listings.keep(app, { domains, complete, confirmed, begunAt, doneAt });
}
