import type { App } from '../ledger/runcloud-ports.ts';
import { MINUTE_MS } from '../ledger/time.ts';
import type { Listing } from './listing.ts';

const KEPT_MS = MINUTE_MS;
const MOST_KEPT = 16;
/**
 * How long after its record a write may reach RunCloud: it is sent within 5 s and lands within its timeout of 30 s, or is
 * watched as ambiguous. The sender's clock may be 5 s slow.
 */
export const LANDS_WITHIN_MS = 40_000;

interface KeptListing {
  readonly listing: Listing;
  /** When the reading began: later writes may be missing. */
  readonly readAt: number;
  /** A long listing takes more than a minute to read, so its age counts from its end. */
  readonly doneAt: number;
}

/**
 * Listings that this worker read within the last minute. When a whole network is announced again, one of them answers many
 * passes. A kept listing may show that a name is there, never that it is missing, and serves no item written since.
 */
export class KeptListings {
  readonly #kept = new Map<string, KeptListing>();

  /** The same reading of a list; what it reads is kept for other passes. */
  keeping(list: () => Promise<Listing>, app: App, now: () => number): () => Promise<Listing> {
    return async () => {
      const readAt = now();
      const listing = await list();
      this.#keep(keyOf(app), { listing, readAt, doneAt: now() });
      return listing;
    };
  }

  /** `wroteAt`: start of the last write about the item. */
  find(app: App, now: number, wroteAt: number | null): Listing | undefined {
    const kept = this.#kept.get(keyOf(app));
    if (kept === undefined || kept.doneAt < now - KEPT_MS) return undefined;
    if (wroteAt !== null && wroteAt + LANDS_WITHIN_MS >= kept.readAt) return undefined;
    return kept.listing;
  }

  #keep(key: string, kept: KeptListing): void {
    this.#kept.delete(key);
    this.#kept.set(key, kept);
    for (const oldest of this.#kept.keys()) {
      if (this.#kept.size <= MOST_KEPT) break;
      this.#kept.delete(oldest);
    }
  }
}

function keyOf({ serverId, appId }: App): string {
  return `${serverId}/${appId}`;
}
