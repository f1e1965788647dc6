import type { ComparisonItem } from '../../ledger/items/comparison-item.ts';
import type { HostedDomain, ListingPage } from '../../ledger/runcloud-ports.ts';
import { FINGERPRINT_LENGTH, fingerprint } from '../fingerprint.ts';
import { servedNames } from './served-names.ts';

/** 20,000 domains. A longer list counts as one that never ends. */
export const MOST_PAGES = 500;

export type StoredReading = Pick<ComparisonItem, 'nextPage' | 'rows' | 'total' | 'steady' | 'served'>;

function inPieces(text: string): string[] {
  return Array.from({ length: text.length / FINGERPRINT_LENGTH }, (_, piece) =>
    text.slice(piece * FINGERPRINT_LENGTH, (piece + 1) * FINGERPRINT_LENGTH),
  );
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
  #isBegun: boolean;

  constructor(stored?: StoredReading) {
    this.#isBegun = stored !== undefined;
    this.#earlier = new Set(inPieces(stored?.served ?? ''));
    this.#served = new Set(this.#earlier);
    this.#nextPage = stored === undefined ? 1 : stored.nextPage;
    this.#count = stored?.rows ?? 0;
    this.#total = stored?.total ?? null;
    this.#sameTotal = stored?.steady ?? true;
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

  /** Whether a row read so far serves this name. */
  serves(name: string): boolean {
    return this.#served.has(fingerprint(name));
  }

  /** Adds the next page. */
  add(read: ListingPage): void {
    const page = this.#nextPage;
    if (page === null) throw new TypeError('The list has been read to its end');
    const { lastPage } = read;
    const total = read.total ?? null;
    if (!this.#isBegun) {
      this.#isBegun = true;
      this.#total = total;
      this.#lastPage = lastPage;
    }
    this.#sameTotal &&= total === this.#total;
    this.#sameLastPage &&= lastPage === this.#lastPage;
    this.#nextPage = this.pageAfter(page, read);
  }

  /** The same rows again, or no end: RunCloud ignores the page number. */
  protected pageAfter(page: number, read: ListingPage): number | null {
    const leadsOn = this.addRows(read) && page < MOST_PAGES;
    this.requireSound(leadsOn || !read.more);
    return read.more && leadsOn ? page + 1 : null;
  }

  protected requireSound(sound: boolean): void {
    this.#sound &&= sound;
  }

  /** False: all of them were known. */
  protected addRows({ domains, unreadable }: ListingPage): boolean {
    this.requireSound(unreadable === 0);
    const before = this.#count;
    for (const row of domains) this.#addRow(row);
    return this.#count > before;
  }

  #addRow(row: HostedDomain): void {
    if (this.#earlier.has(fingerprint(row.name))) return;
    if (!this.rows.has(row.id)) {
      this.#count += 1;
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
