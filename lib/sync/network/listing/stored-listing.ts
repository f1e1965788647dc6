import { Unavailable } from '../../../errors.ts';
import { inBatches } from '../../ledger/in-batches.ts';
import type { ListingItem } from '../../ledger/items/listing-item.ts';
import { listingKey } from '../../ledger/keys.ts';
import type { Ledger } from '../../ledger/ports.ts';
import type { App } from '../../ledger/runcloud-ports.ts';
import { isSameApp } from '../../ledger/same-app.ts';
import { DAY_MS, toTtl } from '../../ledger/time.ts';
import { unlessUnreadable } from '../../ledger/unreadable.ts';
import { updateItem } from '../../ledger/updates/update.ts';

/** A part takes about 30 KB of the 400 KB that an item may hold, and 350 KB where all names are as long and as varied as DNS allows. */
const PART_ROWS = 1_500;
const READS_AT_ONCE = 4;

/** A list as the ledger holds it, in one piece. */
export type StoredListing = Pick<
  ListingItem,
  'begunAt' | 'doneAt' | 'reading' | 'complete' | 'confirmed' | 'rows'
>;

/** The list is an aid: without it each pass reads its own. */
async function unlessAway<T>(work: () => Promise<T>): Promise<T | undefined> {
  try {
    return await unlessUnreadable(work);
  } catch (error) {
    if (error instanceof Unavailable) return undefined;
    throw error;
  }
}

/** True once it is stored. */
export async function storeListing(
  ledger: Ledger,
  network: string,
  app: App,
  listing: StoredListing,
): Promise<boolean> {
  const { serverId, appId } = app;
  const parts = Math.max(1, Math.ceil(listing.rows.length / PART_ROWS));
  const expiresAt = toTtl(listing.begunAt + DAY_MS);
  const stored = await unlessAway(async () => {
    // The first part names the others, so it comes last.
    for (let part = parts - 1; part >= 0; part -= 1) {
      const rows = listing.rows.slice(part * PART_ROWS, (part + 1) * PART_ROWS);
      const write: ListingItem = { ...listing, serverId, appId, parts, rows, expiresAt };
      await updateItem(ledger, listingKey(network, part), () => ({ write, result: undefined }));
    }
    return true;
  });
  return stored === true;
}

/** Undefined: there is none of this application, or its parts do not fit together. */
export async function loadListing(
  ledger: Pick<Ledger, 'read'>,
  network: string,
  app: App,
): Promise<StoredListing | undefined> {
  return unlessAway(async () => {
    const first = (await ledger.read(listingKey(network, 0)))?.item;
    if (first === undefined || !isSameApp(first, app)) return undefined;
    const { begunAt, doneAt, reading, complete, confirmed } = first;
    const names = Array.from({ length: first.parts - 1 }, (_, index) => listingKey(network, index + 1));
    const others = await inBatches(names, READS_AT_ONCE, async (key) => {
      const part = (await ledger.read(key))?.item;
      // Another version cuts it into other parts.
      const fits = part?.begunAt === begunAt && part.parts === first.parts && isSameApp(part, app);
      return fits ? part.rows : undefined;
    });
    const rows = [first.rows, ...others];
    return rows.every((part) => part !== undefined)
      ? { begunAt, doneAt, reading, complete, confirmed, rows: rows.flat() }
      : undefined;
  });
}
