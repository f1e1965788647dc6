import type { ComparisonItem } from '../ledger/comparison-item.ts';
import type { HostedDomain, ListingPage } from '../ledger/ports.ts';
import { FINGERPRINT_LENGTH, fingerprint } from './fingerprint.ts';
import { servedNames } from './served-names.ts';

/** 20,000 domains. A longer list counts as one that never ends. */
const MOST_PAGES = 500;

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
  #steady: boolean;
  /** Every name so far has one row, and this call read all of them. */
  #single: boolean;
  readonly #names = new Set<string>();

  constructor(stored?: StoredReading) {
    this.#earlier = new Set(inPieces(stored?.served ?? ''));
    this.#served = new Set(this.#earlier);
    this.#nextPage = stored === undefined ? 1 : stored.nextPage;
    this.#count = stored?.rows ?? 0;
    this.#total = stored?.total ?? null;
    this.#steady = stored?.steady ?? true;
    this.#single = stored === undefined;
  }

  /** Null: all pages have been read. */
  get nextPage(): number | null {
    return this.#nextPage;
  }

  /** No row moved from one page to another unseen: a name that is not in it is not there (docs/decisions/0003). */
  get isWhole(): boolean {
    return this.#nextPage === null && this.#steady && this.#count === this.#total;
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
  add({ domains, unreadable, total, more }: ListingPage): void {
    const page = this.#nextPage;
    if (page === null) throw new TypeError('The list has been read to its end');
    const fresh = domains.filter(
      ({ id, name }) => !this.rows.has(id) && !this.#earlier.has(fingerprint(name)),
    );
    for (const row of fresh) {
      this.rows.set(row.id, row);
      this.#single &&= !this.#names.has(row.name);
      this.#names.add(row.name);
      for (const name of servedNames(row)) this.#served.add(fingerprint(name));
    }
    this.#count += fresh.length;
    if (page === 1) this.#total = total ?? null;
    // The same rows again, or no end: RunCloud ignores the page number.
    const leadsOn = fresh.length > 0 && page < MOST_PAGES;
    this.#steady &&= total !== undefined && total === this.#total && unreadable === 0 && (leadsOn || !more);
    this.#nextPage = more && leadsOn ? page + 1 : null;
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
