import type { App } from '../../ledger/runcloud-ports.ts';
import { MINUTE_MS } from '../../ledger/time.ts';
import type { Listing } from './listing.ts';

/** For how long a list may show that a name is there, or missing. */
export const KEPT_MS = MINUTE_MS;
const MOST_KEPT = 16;
/**
 * How long after its record a write may reach RunCloud: it is sent within 5 s and lands within its timeout of 30 s, or is
 * watched as ambiguous. The sender's clock may be 5 s slow.
 */
export const LANDS_WITHIN_MS = 40_000;

export interface KeptListing extends Listing {
  /** When its reading began: later writes may be missing. */
  readonly begunAt: number;
  /** A long list takes more than a minute to read, so its age counts from its end. */
  readonly doneAt: number;
}

/** The lists that this worker has read or loaded last, one for each application: one of them answers many passes. */
export class KeptListings {
  readonly #kept = new Map<string, KeptListing>();

  find(app: App): KeptListing | undefined {
    return this.#kept.get(keyOf(app));
  }

  keep(app: App, listing: KeptListing): void {
    const key = keyOf(app);
    this.#kept.delete(key);
    this.#kept.set(key, listing);
    for (const oldest of this.#kept.keys()) {
      if (this.#kept.size <= MOST_KEPT) break;
      this.#kept.delete(oldest);
    }
  }
}

function keyOf({ serverId, appId }: App): string {
  return `${serverId}/${appId}`;
}
