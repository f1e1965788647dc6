import type { ComparisonItem } from '../ledger/items/comparison-item.ts';
import type { ListingPage } from '../ledger/runcloud-ports.ts';
import { BackwardReading, backwardFrom } from '../network/listing/backward-reading.ts';
import { ListReading, MOST_PAGES, type StoredReading } from '../network/listing/list-reading.ts';
import { hasSingleRows } from '../network/listing/listing.ts';

type StoredList = StoredReading & Pick<ComparisonItem, 'reading'>;

/**
 * The list as a comparison reads it: from its last page to its first, where it says how many there are, so that no row slips
 * from page to page unseen (docs/decisions/0003).
 */
export class ComparedList extends ListReading {
  readonly #isAllOfOneCall: boolean;
  #backward: BackwardReading | undefined;
  #isOnePage = false;

  constructor(stored?: StoredList) {
    super(stored);
    this.#isAllOfOneCall = stored === undefined;
    // What an earlier version has begun goes on forward.
    this.#backward = stored?.reading ? new BackwardReading(stored.reading) : undefined;
  }

  /**
   * Whether every name has one row. Undefined: a row may have slipped from page to page. False: a name has come twice, or may have,
   * because of what other calls have read only fingerprints are known.
   */
  get hasSingleRows(): boolean | undefined {
    if (!this.#isAllOfOneCall || !hasSingleRows([...this.rows.values()])) return false;
    const isConfirmed = this.#backward?.isConfirmed ?? (this.isWhole && this.#isOnePage);
    return isConfirmed ? true : undefined;
  }

  protected override pageAfter(page: number, read: ListingPage): number | null {
    if (this.#backward !== undefined) return this.#pageBefore(page, read, this.#backward);
    const next = super.pageAfter(page, read);
    if (page > 1) return next;
    this.#isOnePage = !read.more;
    const backward = next === null ? undefined : backwardFrom(read);
    if (backward === undefined || backward.nextPage === null || backward.nextPage > MOST_PAGES) return next;
    this.#backward = backward;
    return backward.nextPage;
  }

  #pageBefore(page: number, read: ListingPage, backward: BackwardReading): number | null {
    backward.add(read);
    // The list has grown or shrunk, and this page is read again.
    if (backward.isLookingForLast) return backward.nextPage;
    // The first page has been read before.
    const leadsOn = this.addRows(read) || page === 1;
    this.requireSound(leadsOn && backward.isSound);
    return leadsOn ? backward.nextPage : null;
  }

  override toStored(): StoredList {
    return { ...super.toStored(), reading: this.#backward?.state ?? null };
  }
}
