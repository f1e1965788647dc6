import { RelayError } from '../../errors.ts';
import { ImplausibleAnswer, NotBefore, RefusedRemoval } from '../ledger/errors.ts';
import type { HostedDomain, Hosting } from '../ledger/ports.ts';
import type { Attempt } from '../ledger/work-item.ts';
import type { Listing } from '../network/listing.ts';
import { type Action, type Goal, type Observed, plan, servingRow, type TargetState } from './plan.ts';

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
}

export type Outcome =
  | { readonly kind: 'settled'; readonly target: TargetState; readonly observations: Observations }
  | { readonly kind: 'failed'; readonly error: RelayError; readonly observations: Observations }
  | { readonly kind: 'held'; readonly by: NotBefore; readonly observations: Observations };

export interface Steps {
  readonly hosting: Omit<Hosting, 'page' | 'remove'> & {
    /** All pages, read now. */
    list(): Promise<Listing>;
    /** Deletes a row by its id; throws when it must not be deleted any more. */
    remove(row: HostedDomain): ReturnType<Hosting['remove']>;
  };
  /** RunCloud's own words in the answer to the last write. */
  readonly saidOfWrite: () => string | undefined;
  /** Checks the time and the removal limit; throws when the write must not begin. */
  readonly beforeWrite: (op: Attempt['op']) => Promise<void>;
  /** A recent listing that may show this name; undefined when there is none, or it must not be used. */
  readonly keptListing: () => Listing | undefined;
}

// Read, refused write, read, write, read: a sound RunCloud needs no more. Each further row of the name costs a removal.
const MOST_STEPS = 12;

/**
 * Brings one domain in RunCloud to what is wanted: asks `plan` what to do, does it, and plans again with the answer. Expected
 * failures are an outcome; unexpected errors are thrown.
 */
export async function converge(goal: Goal, steps: Steps): Promise<Outcome> {
  const pass = new Convergence(goal, steps);
  try {
    const target = await pass.run();
    return { kind: 'settled', target, observations: pass.observations() };
  } catch (error) {
    if (error instanceof RefusedRemoval && goal.wanted === 'absent')
      return { kind: 'settled', target: pass.kept(error), observations: pass.observations() };
    if (error instanceof RelayError) return { kind: 'failed', error, observations: pass.observations() };
    if (error instanceof NotBefore) return { kind: 'held', by: error, observations: pass.observations() };
    throw error;
  }
}

/** The state of one pass: what was seen, and what was refused. */
class Convergence {
  readonly #goal: Goal;
  readonly #steps: Steps;
  #seen: Observed = { via: 'nothing' };
  #row: HostedDomain | null | undefined;
  #refused: { www: boolean; error: RelayError } | undefined;
  #updated = false;
  #answered = false;
  #added = false;
  #unconfirmed = false;
  /** RunCloud has confirmed a DELETE, so the removal does not rely on a listing alone. */
  #deleted = false;
  #duplicated = false;
  readonly #removed = new Set<number>();

  constructor(goal: Goal, steps: Steps) {
    this.#goal = goal;
    this.#steps = steps;
  }

  observations(): Observations {
    const announcedAgain = this.#refused !== undefined && this.#row !== undefined && this.#row !== null;
    return {
      row: this.#row,
      answered: this.#answered,
      announcedAgain,
      added: this.#added,
      // A DELETE is confirmed once a listing does not show the row.
      unconfirmed: this.#unconfirmed && !(this.#goal.wanted !== 'present' && this.#row === null),
      duplicated: this.#duplicated,
    };
  }

  /** What a removal that is never followed ends as. */
  kept({ code, message }: RefusedRemoval): TargetState {
    return { state: 'present', reason: code, row: this.#row ?? null, refusal: message };
  }

  async run(): Promise<TargetState> {
    const shown = this.#endingOfKeptListing();
    if (shown !== undefined) return shown;
    for (let step = 0; step < MOST_STEPS; step++) {
      const target = await this.#do(plan(this.#goal, this.#seen));
      if (target !== undefined) return target;
    }
    throw this.#implausible("does not come to rest: RunCloud's answers contradict");
  }

  /** A kept listing may settle a pass that would begin with a listing, but only by showing the name. */
  #endingOfKeptListing(): TargetState | undefined {
    if (this.#goal.wanted === 'absent' || this.#goal.ambiguous) return undefined;
    if (plan(this.#goal, this.#seen).do !== 'list') return undefined;
    const kept = this.#steps.keptListing();
    if (kept === undefined) return undefined;
    const seen: Observed = { via: 'list', rows: kept.domains, complete: false, confirmed: false };
    const action = plan(this.#goal, seen);
    if (action.do !== 'end') return undefined;
    this.#see(seen);
    this.#answered = true;
    return action.target;
  }

  #see(seen: Observed): void {
    this.#seen = seen;
    if (seen.via === 'nothing') return;
    this.#duplicated ||= seen.rows.filter(({ name }) => name === this.#goal.domain).length > 1;
    const own = servingRow(seen.rows, this.#goal.domain);
    if (own !== undefined) this.#row = own;
    else if (seen.via === 'list' && seen.complete) this.#row = null;
  }

  async #list(): Promise<void> {
    const { domains, complete, confirmed } = await this.#steps.hosting.list();
    this.#see({ via: 'list', rows: domains, complete, confirmed: confirmed || this.#deleted });
    this.#answered = true;
  }

  /**
   * Lists again. A row slips from page to page unseen only when one that was read goes away: the second list lacks that one.
   */
  async #confirm(before: readonly HostedDomain[]): Promise<void> {
    const { domains, complete } = await this.#steps.hosting.list();
    const ids = new Set(domains.map(({ id }) => id));
    const unmoved = before.every(({ id }) => ids.has(id));
    this.#see({ via: 'list', rows: domains, complete: complete && unmoved, confirmed: true });
  }

  async #do(action: Action): Promise<TargetState | undefined> {
    switch (action.do) {
      case 'end':
        return action.target;
      case 'refuse':
        throw action.error;
      case 'list':
        await this.#list();
        return undefined;
      case 'confirm':
        await this.#confirm(this.#seen.via === 'nothing' ? [] : this.#seen.rows);
        return undefined;
      case 'find': {
        const row = await this.#steps.hosting.find(action.id);
        this.#see({ via: 'id', rows: row === undefined ? [] : [row] });
        this.#answered ||= row !== undefined;
        return undefined;
      }
      case 'add':
        return this.#add(action.www);
      case 'update':
        return this.#updateDomain(action.id, action.www);
      case 'remove':
        return this.#remove(action.row);
    }
  }

  async #add(www: boolean): Promise<TargetState | undefined> {
    // The same write was refused before, and the listing read since does not explain it.
    if (this.#refused?.www === www) throw this.#refused.error;
    if (this.#unconfirmed) throw this.#implausible('was accepted by RunCloud, but is not listed');
    await this.#steps.beforeWrite('add');
    try {
      const row = await this.#steps.hosting.add({ name: this.#goal.domain, www });
      this.#answered = true;
      if (row === undefined) {
        this.#unconfirmed = true;
        await this.#list();
        this.#unconfirmed = !this.#row;
        return undefined;
      }
      this.#row = row;
      this.#added = true;
      return { state: 'present', reason: null, row };
    } catch (error) {
      if (!(error instanceof RelayError) || error.failure !== 'refused') throw error;
      this.#refused = { www, error };
      this.#answered = true;
      await this.#list();
      return undefined;
    }
  }

  /** A row that exists serves its name; `wwwServed` shows that its `www.` could not be changed, and the pass does not fail. */
  async #updateDomain(id: number, www: boolean): Promise<TargetState | undefined> {
    const row = this.#row ?? null;
    if (this.#updated) return this.#asItIs(row);
    await this.#steps.beforeWrite('update');
    this.#updated = true;
    try {
      if ((await this.#steps.hosting.updateDomain(id, { www })) === 'unsupported') return this.#asItIs(row);
    } catch (error) {
      const serves = row !== null && row.type !== 'redirect';
      if (error instanceof RelayError && error.failure === 'refused' && serves) {
        return this.#asItIs(row);
      }
      throw error;
    }
    // The answer does not show the row, so it is read.
    await this.#list();
    return undefined;
  }

  #implausible(what: string): ImplausibleAnswer {
    // A success that has done nothing often says why.
    const said = this.#steps.saidOfWrite();
    return new ImplausibleAnswer(`${this.#goal.domain} ${what}${said === undefined ? '' : `: ${said}`}`);
  }

  #asItIs(row: HostedDomain | null): TargetState {
    if (row === null || row.type === 'redirect') {
      throw this.#implausible('stays a redirect: RunCloud did not change it');
    }
    return { state: 'present', reason: null, row };
  }

  async #remove(row: HostedDomain): Promise<TargetState | undefined> {
    const { id } = row;
    if (this.#removed.has(id)) throw this.#implausible('was removed, but RunCloud still lists it');
    await this.#steps.beforeWrite('remove');
    const answer = await this.#steps.hosting.remove(row);
    this.#removed.add(id);
    if (answer !== 'removed') {
      // 404 may come from a missing application, and a bare success proves nothing: the listing decides.
      this.#unconfirmed = answer === 'unclear';
      await this.#list();
      return undefined;
    }
    this.#answered = true;
    this.#row = null;
    this.#deleted = true;
    if (this.#seen.via === 'list') {
      const rows = this.#seen.rows.filter((other) => other.id !== id);
      this.#seen = { ...this.#seen, rows, confirmed: true };
      return undefined;
    }
    // The id has shown one row only.
    if (!this.#goal.secondRowPossible)
      return this.#goal.wanted === 'parked' ? { state: 'parked' } : { state: 'absent' };
    await this.#list();
    return undefined;
  }
}
