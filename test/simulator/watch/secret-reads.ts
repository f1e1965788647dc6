import type { Actor } from '../chance/scheduler.ts';

/** When each actor has last read the secret, as long as it has neither waited nor called RunCloud since. */
export class SecretReads {
  readonly #readAt = new WeakMap<Actor, number>();

  read(actor: Actor, now: number): void {
    this.#readAt.set(actor, now);
  }

  /** A read before a wait or another call may be out of date. */
  over(actor: Actor): void {
    this.#readAt.delete(actor);
  }

  latest(actor: Actor): number | undefined {
    return this.#readAt.get(actor);
  }
}
