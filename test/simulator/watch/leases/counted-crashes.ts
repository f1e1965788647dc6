import type { Key, Kind } from '../../../../lib/sync/ledger/keys.ts';
import type { Ledger } from '../../../../lib/sync/ledger/ports.ts';
import type { Actor } from '../../chance/scheduler.ts';
import { leasesOutliveWorkers, type World } from '../../world/world.ts';

interface Counted {
  readonly owner: string | null;
  readonly crashes: number;
}

/** A crash is counted only of a worker that was killed, or that the ledger has kept from giving its lease back. */
export class CountedCrashes {
  readonly #world: Pick<World, 'ledger' | 'scenario'>;
  /** Names of actors. */
  readonly #killed = new Set<string>();
  readonly #mayCount = new Set<string>();
  readonly #broken: string[];

  constructor(world: Pick<World, 'ledger' | 'scenario'>, broken: string[]) {
    this.#world = world;
    this.#broken = broken;
  }

  killed({ name }: Actor): void {
    this.#killed.add(name);
  }

  /** The owner of a lease could not give it back. */
  couldNotGiveBack(owner: string): void {
    this.#mayCount.add(owner);
  }

  /** The ledger itself: it sees what each write counts. */
  guarding(ledger: Ledger, { name }: Actor): Ledger {
    const write: Ledger['write'] = async (key, item, writes) => {
      const before = this.#countedAt(key);
      const done = await ledger.write(key, item, writes);
      const after = this.#countedAt(key);
      if (done && before !== undefined && after !== undefined && after.crashes > before.crashes)
        this.#counted(`${name} counts a crash of ${before.owner} over ${key.item}`, before.owner);
      return done;
    };
    return { ...ledger, write };
  }

  #countedAt(key: Key<Kind>): Counted | undefined {
    const item = this.#world.ledger.peek(key);
    return item !== undefined && 'crashes' in item ? item : undefined;
  }

  #counted(what: string, owner: string | null): void {
    // A lease of seconds ends under a living worker, which is taken for a killed one.
    if (!leasesOutliveWorkers(this.#world)) return;
    const [worker = ''] = owner?.split('.') ?? [];
    if (!this.#killed.has(worker) && !this.#mayCount.has(owner ?? ''))
      this.#broken.push(`${what}, which was not killed`);
  }
}
