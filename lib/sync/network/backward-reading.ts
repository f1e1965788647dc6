import type { HostedDomain, ListingPage } from '../ledger/runcloud-ports.ts';

/** A list that has grown each time its last page was read: after so many times it counts as one that never ends. */
const MOST_LAST_PAGES = 5;

/** How many pages the list has by what its first page states; undefined: it states nothing. */
export function statedPages({ domains, unreadable, total, lastPage }: ListingPage): number | undefined {
  const rows = domains.length + unreadable;
  const needed = total === undefined || rows === 0 ? undefined : Math.ceil(total / rows);
  return lastPage === undefined ? needed : Math.max(lastPage, needed ?? 0);
}

/** Where a reading stands, besides its rows. */
export interface ReadingState {
  /** Null: all pages have been read. */
  readonly nextPage: number | null;
  /** How often the last page was looked for; null: it has been read. */
  readonly lastPages: number | null;
  /** As stated by the first answer; null: it stated none. */
  readonly total: number | null;
  readonly sameTotal: boolean;
  /** Every answer stated a total, or none did. */
  readonly alike: boolean;
  /** Every row could be read, and every page brought rows of its own. */
  readonly sound: boolean;
  /** The ids rise through the whole list. */
  readonly ordered: boolean;
  readonly lowestId: number;
}

/**
 * A list read from its last page to its first. In a list whose ids rise from page to page, new rows come last and a deleted
 * row moves those after it towards the first page, so a row that was there all the time cannot be missed
 * (docs/decisions/0003).
 */
export class BackwardReading {
  readonly rows = new Map<number, HostedDomain>();
  readonly #places: number[][] = [];
  #state: ReadingState;

  /** `first`: the first page, which says how many there are. It is read again at the end. */
  constructor(first: ListingPage, pages: number) {
    this.#state = {
      nextPage: pages,
      lastPages: 0,
      total: first.total ?? null,
      sameTotal: true,
      alike: true,
      sound: true,
      ordered: true,
      lowestId: Number.MAX_SAFE_INTEGER,
    };
  }

  get nextPage(): number | null {
    return this.#state.nextPage;
  }

  /** A name that no row has is not there. */
  get isComplete(): boolean {
    const { nextPage, total, sameTotal, alike, sound, ordered } = this.#state;
    if (nextPage !== null || !sound || !alike) return false;
    return total !== null && sameTotal ? this.rows.size === total : ordered;
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
    if (page.more && lastPages !== null) {
      const endless = lastPages === MOST_LAST_PAGES;
      const nextPage = Math.max(number + 1, page.lastPage ?? 0);
      this.#state = endless
        ? { ...state, nextPage: null, sound: false }
        : { ...state, nextPage, lastPages: lastPages + 1 };
      return;
    }
    this.#state = { ...this.#with(page), nextPage: number === 1 ? null : number - 1, lastPages: null };
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
      // The same rows again: RunCloud ignores the page number.
      sound: state.sound && unreadable === 0 && (ids.length === 0 || unseen.length > 0),
      ordered: state.ordered && rise && unseen.every((id) => id < state.lowestId),
      lowestId: Math.min(state.lowestId, ...ids),
    };
  }
}
