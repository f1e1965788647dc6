import type { App, Hosting, Listing } from '../ledger/ports.ts';
import { MINUTE_MS } from '../ledger/time.ts';

const KEPT_MS = MINUTE_MS;
const MOST_KEPT = 16;
/**
 * From its record on. It is sent within 5 s and lands within its timeout of 30 s, or stays under watch; the clock of the worker that
 * sent it may be 5 s behind ours.
 */
export const LANDS_WITHIN_MS = 40_000;

interface Kept {
  readonly listing: Listing;
  /** When the reading began: what was written later may be missing. */
  readonly readAt: number;
  /** A long one takes more than a minute to read: its age counts from its end. */
  readonly doneAt: number;
}

/**
 * Listings read by this worker within the last minute. When a whole network is announced again, one of them answers
 * many looks. They may show that a name is there, never that it is not, and serve no item written since.
 */
export class KeptListings {
  readonly #kept = new Map<string, Kept>();

  /** The same hosting, its listings kept for others. */
  keeping<H extends Pick<Hosting, 'list'>>(hosting: H, app: App, now: () => number): H {
    const list = async (): Promise<Listing> => {
      const readAt = now();
      const listing = await hosting.list();
      this.#keep(keyOf(app), { listing, readAt, doneAt: now() });
      return listing;
    };
    return { ...hosting, list };
  }

  /** `wroteAt`: start of the last write about the item that asks. */
  find(app: App, now: number, wroteAt: number | null): Listing | undefined {
    const kept = this.#kept.get(keyOf(app));
    if (kept === undefined || kept.doneAt < now - KEPT_MS) return undefined;
    if (wroteAt !== null && wroteAt + LANDS_WITHIN_MS >= kept.readAt) return undefined;
    return kept.listing;
  }

  #keep(key: string, kept: Kept): void {
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
