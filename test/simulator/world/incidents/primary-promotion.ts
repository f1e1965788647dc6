import type { Actor } from '../../chance/scheduler.ts';
import { PRIMARY, type World } from '../world.ts';

/**
 * An operator makes an alias the primary domain in RunCloud's panel, and from then on it must stay. RunCloud has no DELETE
 * that depends on what a row is: between the read that showed an alias and the write that depends on it (which may land
 * minutes later) no client can tell. At every other moment, also in the middle of a pass before it reads, it must be seen.
 */
export class Promotion {
  readonly #world: World;
  /** Workers with a pass under way whose last read showed an alias. */
  readonly #sawAlias = new Set<Actor>();
  /** Writes for that domain that RunCloud has not applied yet. */
  #flying = 0;
  /** Id of the row, once it is primary. */
  promoted: number | undefined;

  constructor(world: World) {
    this.#world = world;
  }

  #row() {
    const { rows } = this.#world.runclouds[0].hosting;
    return [...rows.values()].find(({ name }) => name === PRIMARY);
  }

  /** A pass over a domain has read the rows, or a row, of an application. */
  rowsRead(actor: Actor, domain: string, app: 0 | 1): void {
    if (domain !== PRIMARY || app !== 0) return;
    if (this.#row()?.type === 'alias') this.#sawAlias.add(actor);
    else this.#sawAlias.delete(actor);
  }

  passEnds(actor: Actor): void {
    this.#sawAlias.delete(actor);
  }

  /** A write for a domain is on its way, and lands when the answer is called. */
  writeFlies(domain: string): () => void {
    if (domain !== PRIMARY) return () => undefined;
    this.#flying++;
    return () => void this.#flying--;
  }

  /** The operator does it within the first hour, if there is such a row. */
  plan(): void {
    const { scheduler, random } = this.#world;
    scheduler.at(scheduler.now() + random.between(1, 3_600) * 1_000, () => this.#promote());
  }

  #promote(): void {
    const { scheduler, random, runclouds } = this.#world;
    const row = this.#row();
    if (row === undefined) return;
    if (this.#sawAlias.size > 0 || this.#flying > 0) {
      scheduler.at(scheduler.now() + random.between(1, 120) * 1_000, () => this.#promote());
      return;
    }
    runclouds[0].hosting.rows.set(row.id, { ...row, type: 'primary' });
    this.promoted = row.id;
    scheduler.note(`${PRIMARY} is primary now`);
  }
}
