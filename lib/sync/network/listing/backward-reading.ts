import type { ReadingState } from '../../ledger/items/listing-item.ts';
import type { HostedDomain, ListingPage } from '../../ledger/runcloud-ports.ts';

/** A list that has grown each time its last page was read: after so many times it counts as one that never ends. */
const MOST_LAST_PAGES = 5;

/** How many pages the list has by what one of them states; undefined: it states nothing. */
export function statedPages({ total, lastPage }: ListingPage, rowsPerPage: number): number | undefined {
  if (lastPage !== undefined || total === undefined) return lastPage;
  return Math.ceil(total / Math.max(1, rowsPerPage));
}

export function rowsOf({ domains, unreadable }: ListingPage): number {
  return domains.length + unreadable;
}

/** Undefined: the first page does not say how many follow. It is read again at the end. */
export function backwardFrom(first: ListingPage): BackwardReading | undefined {
  const rowsPerPage = rowsOf(first);
  const nextPage = statedPages(first, rowsPerPage);
  if (!first.more || nextPage === undefined) return undefined;
  return new BackwardReading({
    nextPage,
    rowsPerPage,
    lastPages: 0,
    total: first.total ?? null,
    sameTotal: true,
    alike: true,
    sound: true,
    ordered: true,
    lowestId: Number.MAX_SAFE_INTEGER,
  });
}

/**
 * A list read from its last page to its first. In a list whose ids rise from page to page, new rows come last and a deleted
 * row moves those after it towards the first page, so a row that was there all the time cannot be missed
 * (docs/decisions/0003).
 */
export class BackwardReading {
  readonly rows: Map<number, HostedDomain>;
  readonly #places: number[][] = [];
  #state: ReadingState;

  /** From where an earlier call has left it, or from its beginning. */
  constructor(state: ReadingState, rows: readonly HostedDomain[] = []) {
    this.#state = state;
    this.rows = new Map(rows.map((row) => [row.id, row]));
  }

  get state(): ReadingState {
    return this.#state;
  }

  get nextPage(): number | null {
    return this.#state.nextPage;
  }

  /** The last page is not the one that was said to be it. */
  get isLookingForLast(): boolean {
    return this.#state.nextPage !== null && this.#state.lastPages !== null;
  }

  get isSound(): boolean {
    return this.#state.sound;
  }

  /** A name that no row has is not there. */
  get isComplete(): boolean {
    const { nextPage, total, sameTotal, alike, sound, ordered } = this.#state;
    if (nextPage !== null || !sound || !alike) return false;
    return ordered || (total !== null && sameTotal && this.rows.size === total);
  }

  /** Complete, and no row can have moved to a page that had been read. */
  get isConfirmed(): boolean {
    return this.isComplete && this.#state.ordered;
  }

  /** Neither a total nor the order of ids says whether rows are missing: only a second reading can. */
  get isUncounted(): boolean {
    const { nextPage, total, alike, sound, ordered } = this.#state;
    return nextPage === null && sound && alike && total === null && !ordered;
  }

  /** Which ids stood on which page. */
  get places(): string {
    return JSON.stringify(this.#places);
  }

  /** Adds the next page. */
  add(page: ListingPage): void {
    const state = this.#state;
    const { nextPage: number, lastPages } = state;
    if (number === null) throw new TypeError('The list has been read to its end');
    const last = statedPages(page, state.rowsPerPage) ?? number;
    if (lastPages !== null && last !== number) {
      // It has grown or shrunk since.
      this.#state =
        lastPages === MOST_LAST_PAGES
          ? { ...state, nextPage: null, sound: false }
          : { ...state, nextPage: Math.max(1, last), lastPages: lastPages + 1 };
      return;
    }
    // Pages that cannot hold the total leave rows out, in whichever order.
    const holds = lastPages === null || (page.total ?? 0) <= number * state.rowsPerPage;
    const read = this.#with(page);
    const nextPage = number === 1 ? null : number - 1;
    this.#state = { ...read, ordered: read.ordered && holds, nextPage, lastPages: null };
  }

  #with({ domains, unreadable, total }: ListingPage): ReadingState {
    const state = this.#state;
    const ids = domains.map(({ id }) => id);
    const unseen = ids.filter((id) => !this.rows.has(id));
    const rise = ids.every((id, index) => index === 0 || id > (ids[index - 1] ?? id));
    for (const row of domains) this.rows.set(row.id, row);
    this.#places.push(ids);
    return {
      ...state,
      sameTotal: state.sameTotal && (total ?? null) === state.total,
      alike: state.alike && (total === undefined) === (state.total === null),
      // No row, or the same rows again: RunCloud states too many pages, or ignores their number.
      sound: state.sound && unreadable === 0 && unseen.length > 0,
      ordered: state.ordered && rise && unseen.every((id) => id < state.lowestId),
      lowestId: Math.min(state.lowestId, ...ids),
    };
  }
}
