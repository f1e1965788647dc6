import type { HostedDomain } from '../../ledger/runcloud-ports.ts';
import type { Listing } from '../../network/listing/listing.ts';
import { servesWww } from '../../network/listing/served-names.ts';
import { type Goal, type Observed, servingRow } from '../plan/plan.ts';

/** What a pass has learnt, whatever its result. */
export interface Observations {
  /** The row of this name last seen; null: seen to be missing; undefined: not seen at all. */
  readonly row: HostedDomain | null | undefined;
  /** RunCloud has answered about this domain. */
  readonly answered: boolean;
  /** A POST was refused because the name was there already. */
  readonly announcedAgain: boolean;
  /** A POST succeeded. */
  readonly added: boolean;
  /** RunCloud accepted a write without showing it, and no read has shown it since: it may still be under way. */
  readonly unconfirmed: boolean;
  /** A listing showed more than one row of this name. */
  readonly duplicated: boolean;
  /** A read showed that a row of this name served its `www.`. */
  readonly servedWww: boolean;
}

/** RunCloud was not asked. */
export const NO_OBSERVATIONS: Observations = {
  row: undefined,
  answered: false,
  announcedAgain: false,
  added: false,
  unconfirmed: false,
  duplicated: false,
  servedWww: false,
};

/** Collects what one pass learns about its domain, read by read and answer by answer. */
export class ObservationLog {
  readonly #goal: Pick<Goal, 'domain' | 'wanted' | 'secondRowPossible'>;
  #last: Observed = { via: 'nothing' };
  #row: HostedDomain | null | undefined;
  #answered = false;
  #refused = false;
  #added = false;
  #unconfirmed = false;
  #deleted = false;
  #duplicated = false;
  #servedWww = false;

  constructor(goal: Pick<Goal, 'domain' | 'wanted' | 'secondRowPossible'>) {
    this.#goal = goal;
  }

  /** RunCloud has confirmed a DELETE, and no other row can have the name: the removal does not rely on a listing. */
  get #goneForSure(): boolean {
    return this.#deleted && !this.#goal.secondRowPossible;
  }

  /** The last read, with what this pass has deleted since taken out. */
  get last(): Observed {
    return this.#last;
  }

  get row(): HostedDomain | null | undefined {
    return this.#row;
  }

  get unconfirmed(): boolean {
    return this.#unconfirmed;
  }

  toObservations(): Observations {
    return {
      row: this.#row,
      answered: this.#answered,
      announcedAgain: this.#refused && this.#row !== undefined && this.#row !== null,
      added: this.#added,
      // A DELETE is confirmed once a listing does not show the row.
      unconfirmed: this.#unconfirmed && !(this.#goal.wanted !== 'present' && this.#row === null),
      duplicated: this.#duplicated,
      servedWww: this.#servedWww,
    };
  }

  sawKept(seen: Observed): void {
    this.#see(seen);
    this.#answered = true;
  }

  sawList({ domains, complete, confirmed }: Listing): void {
    this.#see({ via: 'list', rows: domains, complete, confirmed: confirmed || this.#goneForSure });
    this.#answered = true;
  }

  /** A row slips from page to page unseen only when one that was read goes away: the second list lacks that one. True: none did. */
  sawListAgain({ domains, complete }: Listing): boolean {
    const before = this.#last.via === 'nothing' ? [] : this.#last.rows;
    const ids = new Set(domains.map(({ id }) => id));
    const unmoved = before.every(({ id }) => ids.has(id));
    this.#see({ via: 'list', rows: domains, complete: complete && unmoved, confirmed: true });
    return complete && unmoved;
  }

  sawById(row: HostedDomain | undefined): void {
    this.#see({ via: 'id', rows: row === undefined ? [] : [row] });
    this.#answered ||= row !== undefined;
  }

  wasAdded(row: HostedDomain): void {
    this.#answered = true;
    this.#row = row;
    this.#added = true;
  }

  /** An addition succeeded without showing its row. */
  wasAcceptedUnseen(): void {
    this.#answered = true;
    this.#unconfirmed = true;
  }

  /** The listing after it has been read. */
  confirmsAddition(): void {
    this.#unconfirmed = !this.#row;
  }

  wasRefused(): void {
    this.#refused = true;
    this.#answered = true;
  }

  wasRemoved(id: number): void {
    this.#answered = true;
    this.#row = null;
    this.#deleted = true;
    if (this.#last.via !== 'list') return;
    const rows = this.#last.rows.filter((other) => other.id !== id);
    this.#last = { ...this.#last, rows, confirmed: this.#last.confirmed || this.#goneForSure };
  }

  /** A 404 may come from a missing application, and a bare success proves nothing: a listing decides. */
  wasMaybeRemoved(answer: 'gone' | 'unclear'): void {
    this.#unconfirmed = answer === 'unclear';
  }

  #see(seen: Observed): void {
    this.#last = seen;
    if (seen.via === 'nothing') return;
    const named = seen.rows.filter(({ name }) => name === this.#goal.domain);
    this.#duplicated ||= named.length > 1;
    this.#servedWww ||= named.some((row) => servesWww(row) === true);
    const own = servingRow(seen.rows, this.#goal.domain);
    if (own !== undefined) this.#row = own;
    else if (seen.via === 'list' && seen.complete) this.#row = null;
  }
}
