import type { Pause } from '../../../lib/sync/ledger/items/network-item.ts';
import { networkKey } from '../../../lib/sync/ledger/keys.ts';
import type { Actor } from '../chance/scheduler.ts';
import { NETWORK, type World } from '../world/world.ts';

/** What must hold while a network is paused, and when its pause begins or ends. */
export class PauseWatch {
  readonly #world: World;
  readonly #broken: string[];
  /** Who has won each probe. */
  readonly #probers = new Map<number, Actor>();
  /** Actors whose last call was denied, with the status. */
  readonly #denied = new Map<Actor, number>();
  /** When the ledger has shown the pause first: later than `since`, which its worker notes before the write. */
  #shownAt = 0;

  constructor(world: World, broken: string[]) {
    this.#world = world;
    this.#broken = broken;
  }

  current(): Pause | null {
    return this.#world.ledger.peek(networkKey(NETWORK))?.pause ?? null;
  }

  /**
   * While the network is paused, only a pass that has won the probe may ask RunCloud. Passes that had begun before the ledger showed
   * the pause may finish.
   */
  called(actor: Actor, begunAt: number): void {
    this.#denied.delete(actor);
    const pause = this.current();
    const prober = pause === null ? undefined : this.#probers.get(pause.probeAt);
    if (pause === null || begunAt <= this.#shownAt || prober === actor) return;
    if (prober !== undefined)
      this.#broken.push(`${actor.name} asks RunCloud while the network is paused, beside ${prober.name}`);
    this.#probers.set(pause.probeAt, actor);
  }

  /** RunCloud refuses to work for that credential, or for that application. */
  denied(actor: Actor, status: number): void {
    this.#denied.set(actor, status);
  }

  /** An actor has written an item of the ledger. */
  written(actor: Actor, before: Pause | null): void {
    const after = this.current();
    if (before === null && after !== null) this.#shownAt = this.#world.scheduler.now();
    const denied = this.#denied.get(actor);
    // Any answer but a 429 shows that the quota is not spent: what it denies is a pause of its own.
    const unspent = before?.code === 'runcloud-quota-spent' && denied !== 429;
    if (before !== null && after === null && denied !== undefined && !unspent) {
      this.#broken.push(`${actor.name} lifts the pause, and was denied what it asked for`);
    }
    // Both change in one moment: a secret that is read after the refusal is accepted.
    const rotated = this.#world.scenario.incident?.kind === 'rotated';
    if (before === null && after?.code === 'runcloud-unauthorized' && rotated) {
      this.#broken.push(`${actor.name} takes a rotation of the token for a refusal of it`);
    }
  }
}
