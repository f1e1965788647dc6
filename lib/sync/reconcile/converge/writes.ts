import { RelayError } from '../../../errors.ts';
import { ImplausibleAnswer } from '../../ledger/errors.ts';
import type { Attempt } from '../../ledger/items/work-item.ts';
import type { HostedDomain, Hosting } from '../../ledger/runcloud-ports.ts';
import type { Goal, TargetState } from '../plan/plan.ts';
import type { ObservationLog } from './observations.ts';

export interface WriteSteps {
  readonly hosting: Pick<Hosting, 'add'> & {
    /** `row`: as it was seen; null: it was not. Throws when it must not lose its `www.` any more. */
    updateDomain(
      id: number,
      to: { www: boolean },
      row: HostedDomain | null,
    ): ReturnType<Hosting['updateDomain']>;
    /** Deletes a row by its id; throws when it must not be deleted any more. */
    remove(row: HostedDomain): ReturnType<Hosting['remove']>;
  };
  /** RunCloud's own words in the answer to the last write. */
  readonly saidOfWrite: () => string | undefined;
  /** Checks the time and the removal limit; throws when the write must not begin. */
  readonly beforeWrite: (op: Attempt['op']) => void;
}

/** The writes of one pass. One that has been refused, or has had no effect, is not repeated. */
export class Writes {
  readonly #goal: Goal;
  readonly #steps: WriteSteps;
  readonly #observations: ObservationLog;
  #refused: { readonly www: boolean; readonly error: RelayError } | undefined;
  #updated = false;
  readonly #removed = new Set<number>();

  constructor(goal: Goal, steps: WriteSteps, observations: ObservationLog) {
    this.#goal = goal;
    this.#steps = steps;
    this.#observations = observations;
  }

  /** `unseen`: RunCloud has accepted it, and its answer does not show the row. */
  async add(www: boolean): Promise<TargetState | 'unseen' | 'refused'> {
    // The same write was refused before, and the listing read since does not explain it.
    if (this.#refused?.www === www) throw this.#refused.error;
    if (this.#observations.unconfirmed) throw this.implausible('was accepted by RunCloud, but is not listed');
    this.#steps.beforeWrite('add');
    try {
      const row = await this.#steps.hosting.add({ name: this.#goal.domain, www });
      if (row === undefined) {
        this.#observations.wasAcceptedUnseen();
        return 'unseen';
      }
      this.#observations.wasAdded(row);
      return { state: 'present', reason: null, row };
    } catch (error) {
      if (!(error instanceof RelayError) || error.failure !== 'refused') throw error;
      this.#refused = { www, error };
      this.#observations.wasRefused();
      return 'refused';
    }
  }

  /**
   * Undefined: RunCloud has accepted it. A row that exists serves its name; `wwwServed` shows that its `www.` could not be
   * changed, and the pass does not fail.
   */
  async updateDomain(id: number, www: boolean): Promise<TargetState | undefined> {
    const row = this.#observations.row ?? null;
    if (this.#updated) return this.#asItIs(row);
    this.#steps.beforeWrite('update');
    this.#updated = true;
    try {
      const answer = await this.#steps.hosting.updateDomain(id, { www }, row);
      return answer === 'unsupported' ? this.#asItIs(row) : undefined;
    } catch (error) {
      const serves = row !== null && row.type !== 'redirect';
      if (error instanceof RelayError && error.failure === 'refused' && serves) return this.#asItIs(row);
      throw error;
    }
  }

  #asItIs(row: HostedDomain | null): TargetState {
    if (row === null || row.type === 'redirect') {
      throw this.implausible('stays a redirect: RunCloud did not change it');
    }
    return { state: 'present', reason: null, row };
  }

  /** True once RunCloud has said that the row is deleted. */
  async remove(row: HostedDomain): Promise<boolean> {
    const { id } = row;
    if (this.#removed.has(id)) throw this.implausible('was removed, but RunCloud still lists it');
    this.#steps.beforeWrite('remove');
    const answer = await this.#steps.hosting.remove(row);
    this.#removed.add(id);
    if (answer === 'removed') this.#observations.wasRemoved(id);
    else this.#observations.wasMaybeRemoved(answer);
    return answer === 'removed';
  }

  implausible(what: string): ImplausibleAnswer {
    // A success that has done nothing often says why.
    const said = this.#steps.saidOfWrite();
    return new ImplausibleAnswer(`${this.#goal.domain} ${what}${said === undefined ? '' : `: ${said}`}`);
  }
}
