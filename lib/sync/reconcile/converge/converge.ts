import { RelayError } from '../../../errors.ts';
import { NotBefore, RefusedRemoval } from '../../ledger/errors.ts';
import type { HostedDomain, Hosting } from '../../ledger/runcloud-ports.ts';
import type { KeptListing } from '../../network/listing/kept-listings.ts';
import { type Action, type Goal, type Observed, plan, type TargetState } from '../plan/plan.ts';
import { ObservationLog, type Observations } from './observations.ts';
import { type WriteSteps, Writes } from './writes.ts';

export type ConvergeResult =
  | { readonly kind: 'settled'; readonly target: TargetState; readonly observations: Observations }
  | { readonly kind: 'failed'; readonly error: RelayError; readonly observations: Observations }
  | { readonly kind: 'held'; readonly by: NotBefore; readonly observations: Observations };

export interface Steps extends WriteSteps {
  readonly hosting: WriteSteps['hosting'] & {
    find: Hosting['find'];
    /** All pages, read to the last one now. `resumed`: some were read in an earlier call. */
    list(): Promise<KeptListing & { readonly resumed: boolean }>;
  };
  /** A listing of before this pass that may show this name, or that it is missing; undefined: there is none. */
  readonly keptListing: () => Promise<KeptListing | undefined>;
  /** The second listing has all rows of the first, which therefore missed none. */
  readonly wasConfirmed: (first: KeptListing, second: KeptListing) => Promise<void>;
}

// Read, refused write, read, write, read: a sound RunCloud needs no more. Each further row of the name costs a removal.
const MOST_STEPS = 12;

/**
 * Brings one domain in RunCloud to what is wanted: asks `plan` what to do, does it, and plans again with the answer. Expected
 * failures are an outcome; unexpected errors are thrown.
 */
export async function converge(goal: Goal, steps: Steps): Promise<ConvergeResult> {
  const pass = new Convergence(goal, steps);
  try {
    const target = await pass.run();
    return { kind: 'settled', target, observations: pass.observations.toObservations() };
  } catch (error) {
    const observations = pass.observations.toObservations();
    if (error instanceof RefusedRemoval && goal.wanted === 'absent')
      return { kind: 'settled', target: pass.kept(error), observations };
    if (error instanceof RelayError) return { kind: 'failed', error, observations };
    if (error instanceof NotBefore) return { kind: 'held', by: error, observations };
    throw error;
  }
}

/** One pass: what it has seen, and what it does next. */
class Convergence {
  readonly observations: ObservationLog;
  readonly #goal: Goal;
  readonly #steps: Steps;
  readonly #writes: Writes;
  #listing: KeptListing | undefined;
  /** A kept listing was asked for, or would be older than what this pass has written. */
  #keptIsOver = false;

  constructor(goal: Goal, steps: Steps) {
    this.#goal = goal;
    this.#steps = steps;
    this.observations = new ObservationLog(goal);
    this.#writes = new Writes(goal, steps, this.observations);
  }

  /** What a removal that is never followed ends as. */
  kept({ code, message }: RefusedRemoval): TargetState {
    return { state: 'present', reason: code, row: this.observations.row ?? null, refusal: message };
  }

  async run(): Promise<TargetState> {
    for (let step = 0; step < MOST_STEPS; step++) {
      const target = await this.#do(plan(this.#goal, this.observations.last));
      if (target !== undefined) return target;
    }
    throw this.#writes.implausible("does not come to rest: RunCloud's answers contradict");
  }

  async #list(): Promise<TargetState | undefined> {
    this.#keptIsOver = true;
    const listing = await this.#steps.hosting.list();
    this.#listing = listing;
    if (listing.resumed && this.#goal.wanted === 'absent') return this.#removeAsKept(listing);
    this.observations.sawList(listing);
    return undefined;
  }

  async #listAgain(): Promise<undefined> {
    const first = this.#listing;
    const second = await this.#steps.hosting.list();
    const confirms = this.observations.sawListAgain(second);
    if (confirms && first !== undefined) await this.#steps.wasConfirmed(first, second);
  }

  /** The first listing of a pass may be one of before. */
  async #listOrKept(): Promise<TargetState | undefined> {
    const kept = this.#keptIsOver ? undefined : await this.#steps.keptListing();
    if (kept === undefined) return this.#list();
    this.#keptIsOver = true;
    this.#listing = kept;
    return this.#goal.wanted === 'absent' ? this.#removeAsKept(kept) : this.#addAsKept(kept);
  }

  /** It may show the name, or that it is missing: RunCloud refuses an addition of a name that has come since. Its rows may have changed. */
  async #addAsKept({ domains, complete }: KeptListing): Promise<TargetState | undefined> {
    const seen: Observed = { via: 'list', rows: domains, complete, confirmed: false };
    const action = plan(this.#goal, seen);
    if (action.do !== 'end' && action.do !== 'add') return this.#list();
    this.observations.sawKept(seen);
    return undefined;
  }

  /** It may show that the name is missing. A row that it shows may have changed, so each is read before it is deleted. */
  async #removeAsKept({ domains, complete, confirmed }: KeptListing): Promise<TargetState | undefined> {
    if (!complete) return this.#list();
    const own = domains.filter(({ name }) => name === this.#goal.domain);
    if (own.length === 0) {
      this.observations.sawKept({ via: 'list', rows: domains, complete, confirmed });
      return undefined;
    }
    for (const { id } of own) {
      this.observations.sawById(await this.#steps.hosting.find(id));
      const action = plan(this.#goal, this.observations.last);
      if (action.do === 'refuse') throw action.error;
      if (action.do !== 'remove' || !(await this.#writes.remove(action.row))) return this.#list();
    }
    // A second row may have slipped while the listing was read.
    return confirmed || !this.#goal.secondRowPossible ? { state: 'absent' } : this.#list();
  }

  async #do(action: Action): Promise<TargetState | undefined> {
    switch (action.do) {
      case 'end':
        return action.target;
      case 'refuse':
        throw action.error;
      case 'list':
        return this.#listOrKept();
      case 'confirm':
        return this.#listAgain();
      case 'find':
        this.observations.sawById(await this.#steps.hosting.find(action.id));
        return undefined;
      case 'add':
        return this.#add(action.www);
      case 'update':
        return this.#updateDomain(action.id, action.www);
      case 'remove':
        return this.#remove(action.row);
    }
  }

  async #add(www: boolean): Promise<TargetState | undefined> {
    const added = await this.#writes.add(www);
    if (added === 'refused') return this.#list();
    if (added !== 'unseen') return added;
    await this.#list();
    this.observations.confirmsAddition();
    return undefined;
  }

  /** The answer does not show the row, so it is read. */
  async #updateDomain(id: number, www: boolean): Promise<TargetState | undefined> {
    return (await this.#writes.updateDomain(id, www)) ?? this.#list();
  }

  async #remove(row: HostedDomain): Promise<TargetState | undefined> {
    if (!(await this.#writes.remove(row))) return this.#list();
    if (this.observations.last.via === 'list') return undefined;
    // The id has shown one row only.
    if (!this.#goal.secondRowPossible)
      return this.#goal.wanted === 'parked' ? { state: 'parked' } : { state: 'absent' };
    return this.#list();
  }
}
