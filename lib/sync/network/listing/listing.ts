import type { ComparisonItem } from '../../ledger/items/comparison-item.ts';
import type { HostedDomain, Hosting, ListingPage } from '../../ledger/runcloud-ports.ts';
import { FINGERPRINT_LENGTH, fingerprint } from '../fingerprint.ts';
import { type BackwardReading, backwardFrom } from './backward-reading.ts';
import { servedNames } from './served-names.ts';

/** 20,000 domains. A longer list counts as one that never ends. */
const MOST_PAGES = 500;

export type StoredReading = Pick<ComparisonItem, 'nextPage' | 'rows' | 'total' | 'steady' | 'served'>;

function inPieces(text: string): string[] {
  return Array.from({ length: text.length / FINGERPRINT_LENGTH }, (_, piece) =>
    text.slice(piece * FINGERPRINT_LENGTH, (piece + 1) * FINGERPRINT_LENGTH),
  );
}

export interface Listing {
  readonly domains: readonly HostedDomain[];
  /** True if as many rows came as there are, as far as one reading can tell: only then a missing name may be absent. */
  readonly complete: boolean;
  /** Nothing can have slipped from page to page unseen: one page, rising ids read backward, or two equal readings. */
  readonly confirmed: boolean;
}

/** Whether every name has one row. */
export function hasSingleRows(rows: readonly HostedDomain[]): boolean {
  return new Set(rows.map(({ name }) => name)).size === rows.length;
}

/**
 * RunCloud's list, read page by page, perhaps in several calls of the worker. The names that earlier calls read are kept as
 * fingerprints: 20,000 names would not fit into an item of the ledger.
 */
export class ListReading {
  /** Rows read in this call. */
  readonly rows = new Map<number, HostedDomain>();
  readonly #earlier: ReadonlySet<string>;
  readonly #served: Set<string>;
  #nextPage: number | null;
  #count: number;
  #total: number | null;
  /** Every row could be read, and the pages led to an end. */
  #sound = true;
  /** Every page stated the same total, or none did. */
  #sameTotal: boolean;
  /** Of the first page. */
  #lastPage: number | undefined;
  #sameLastPage = true;
  /** Every name so far has one row, and this call read all of them. */
  #single: boolean;
  readonly #names = new Set<string>();

  constructor(stored?: StoredReading) {
    this.#earlier = new Set(inPieces(stored?.served ?? ''));
    this.#served = new Set(this.#earlier);
    this.#nextPage = stored === undefined ? 1 : stored.nextPage;
    this.#count = stored?.rows ?? 0;
    this.#total = stored?.total ?? null;
    this.#sameTotal = stored?.steady ?? true;
    this.#single = stored === undefined;
  }

  /** Null: all pages have been read. */
  get nextPage(): number | null {
    return this.#nextPage;
  }

  /** As many rows came as every page stated: a name that is not in it is not there (docs/decisions/0003). */
  get isWhole(): boolean {
    return this.#nextPage === null && this.#steady && this.#count === this.#total;
  }

  /** No page stated a total, so only a second reading can tell whether a row moved from one page to another. */
  get isUncounted(): boolean {
    const uncounted = this.#total === null && this.#sameTotal && this.#sameLastPage;
    return this.#nextPage === null && this.#sound && uncounted;
  }

  get #steady(): boolean {
    return this.#sound && this.#sameTotal && this.#total !== null;
  }

  /** Every name has one row. Unknown, so false, for a list that was read in several calls. */
  get hasSingleRows(): boolean {
    return this.isWhole && this.#single;
  }

  /** Whether a row read so far serves this name. */
  serves(name: string): boolean {
    return this.#served.has(fingerprint(name));
  }

  /** Adds the next page. */
  add({ domains, unreadable, total: stated, lastPage, more }: ListingPage): void {
    const total = stated ?? null;
    const page = this.#nextPage;
    if (page === null) throw new TypeError('The list has been read to its end');
    const before = this.#count;
    for (const row of domains) this.#addRow(row);
    if (page === 1) {
      this.#total = total;
      this.#lastPage = lastPage;
    }
    this.#sameTotal &&= total === this.#total;
    this.#sameLastPage &&= lastPage === this.#lastPage;
    // The same rows again, or no end: RunCloud ignores the page number.
    const leadsOn = this.#count > before && page < MOST_PAGES;
    this.#sound &&= unreadable === 0 && (leadsOn || !more);
    this.#nextPage = more && leadsOn ? page + 1 : null;
  }

  #addRow(row: HostedDomain): void {
    if (this.#earlier.has(fingerprint(row.name))) return;
    if (!this.rows.has(row.id)) {
      this.#count += 1;
      this.#single &&= !this.#names.has(row.name);
      this.#names.add(row.name);
      for (const name of servedNames(row)) this.#served.add(fingerprint(name));
    }
    this.rows.set(row.id, row);
  }

  toStored(): StoredReading {
    return {
      nextPage: this.#nextPage,
      rows: this.#count,
      total: this.#total,
      steady: this.#steady,
      served: [...this.#served].join(''),
    };
  }
}

async function readForward(hosting: Pick<Hosting, 'page'>, first?: ListingPage) {
  const reading = new ListReading();
  const ids: number[][] = [];
  for (let page = reading.nextPage; page !== null; page = reading.nextPage) {
    const read = page === 1 && first !== undefined ? first : await hosting.page(page);
    reading.add(read);
    ids.push(read.domains.map(({ id }) => id));
  }
  const { isWhole, isUncounted } = reading;
  return { reading, isWhole, isUncounted, places: JSON.stringify(ids) };
}

/** From the last page to the first, or on from where an earlier call has left it. */
async function readBackward(hosting: Pick<Hosting, 'page'>, reading: BackwardReading) {
  for (let page = reading.nextPage; page !== null; page = reading.nextPage) {
    reading.add(await hosting.page(page));
  }
  const { isComplete: complete, isConfirmed: confirmed, isUncounted, places } = reading;
  return { domains: [...reading.rows.values()], complete, confirmed, isUncounted, places };
}

/** Where neither a total nor the order of ids tells, two readings must find the same rows in the same places. */
function confirmedBy(
  domains: readonly HostedDomain[],
  places: string,
  again: { readonly isUncounted: boolean; readonly places: string },
): Listing {
  const same = again.isUncounted && again.places === places;
  return { domains, complete: same, confirmed: same };
}

/** For a list that may not be read in one call. */
interface LongReading {
  /** What an earlier call has read. */
  readonly resumed?: BackwardReading | undefined;
  /** Receives a reading that another call may continue. */
  readonly begun: (reading: BackwardReading) => void;
}

/** Reads the whole list now, after its first page where that has just been read. */
export async function readListing(
  hosting: Pick<Hosting, 'page'>,
  first?: ListingPage,
  long?: LongReading,
): Promise<Listing> {
  if (long?.resumed !== undefined) {
    const { domains, complete, confirmed } = await readBackward(hosting, long.resumed);
    return { domains, complete, confirmed };
  }
  const top = first ?? (await hosting.page(1));
  const backward = backwardFrom(top);
  if (backward !== undefined) {
    long?.begun(backward);
    const { domains, complete, confirmed, isUncounted, places } = await readBackward(hosting, backward);
    const again = isUncounted ? backwardFrom(top) : undefined;
    if (again === undefined) return { domains, complete, confirmed };
    return confirmedBy(domains, places, await readBackward(hosting, again));
  }
  const { reading, isWhole, isUncounted, places } = await readForward(hosting, top);
  const domains = [...reading.rows.values()];
  if (!isUncounted) return { domains, complete: isWhole, confirmed: isWhole && !top.more };
  return confirmedBy(domains, places, await readForward(hosting));
}
