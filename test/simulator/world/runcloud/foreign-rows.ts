import type { MemoryHosting } from '../../../doubles/hosting.ts';
import type { Random } from '../../chance/random.ts';

const NAMES = '.foreign.example';
const FIRST_NEW_ID = 20_000;

/** Names of other sites, which are in the web application before the relay knows it. */
export function foreignNames(count: number): string[] {
  return Array.from({ length: count }, (_, n) => `site-${n}${NAMES}`);
}

export function isForeign(name: string): boolean {
  return name.endsWith(NAMES);
}

/** Rows of other sites, which another user of the panel replaces while a worker reads them page by page. */
export class ForeignRows {
  readonly #hosting: MemoryHosting;
  readonly #random: Random;
  /** How likely one is replaced after a page was read. */
  readonly chances = { replaced: 0 };
  readonly #expected: Set<string>;
  #added = 0;

  constructor(hosting: MemoryHosting, random: Random) {
    this.#hosting = hosting;
    this.#random = random;
    this.#expected = new Set(this.#names());
  }

  #names(): string[] {
    return [...this.#hosting.rows.values()].map(({ name }) => name).filter(isForeign);
  }

  /** Rows up to this one have been read. Deletes one of them and adds another, so all that follow move up by one place. */
  rowsRead(count: number): void {
    if (this.chances.replaced === 0 || !this.#random.chance(this.chances.replaced)) return;
    const { rows } = this.#hosting;
    const read = [...rows.values()].slice(0, count).filter(({ name }) => isForeign(name));
    if (read.length === 0) return;
    const gone = this.#random.pick(read);
    rows.delete(gone.id);
    this.#expected.delete(gone.name);
    const id = FIRST_NEW_ID + this.#added;
    const name = `new-${this.#added++}${NAMES}`;
    rows.set(id, { id, name, type: 'alias', www: false, wildcard: false });
    this.#expected.add(name);
  }

  /** What is wrong with them. */
  faults(): string[] {
    const now = new Set(this.#names());
    const gone = [...this.#expected].filter((name) => !now.has(name));
    return gone.map((name) => `${name}: the row of another site was touched`);
  }
}
