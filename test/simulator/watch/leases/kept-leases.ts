import type { Key, Kind } from '../../../../lib/sync/ledger/keys.ts';
import type { Ledger } from '../../../../lib/sync/ledger/ports.ts';
import type { Actor } from '../../chance/scheduler.ts';
import type { World } from '../../world/world.ts';
import type { CountedCrashes } from './counted-crashes.ts';

/** A pass tries to write its result until so little of its time is left that one more try might not end. */
const LAST_TRY_MS = 60_000;

/** A lease that is left on these counts as a crash, so a pass tries to give it back as long as it has time. */
const COUNTED = ['domain', 'certificate', 'outcome'] as const satisfies readonly Kind[];
/** It tries once to give back one on the others. */
const LEASED = [...COUNTED, 'certificateWork', 'network', 'sweep'] as const satisfies readonly Kind[];

type LeasedKey = Key<(typeof LEASED)[number]>;

/** A lease that an actor has taken. */
interface Taken {
  readonly key: LeasedKey;
  readonly owner: string;
  /** The actor was told that it has it. */
  readonly isAnswered: boolean;
  /** A call about its item has failed since. */
  hasFailedSince: boolean;
}

function isLeased(key: Key<Kind>): key is LeasedKey {
  return LEASED.some((kind) => kind === key.kind);
}

function isCounted({ kind }: LeasedKey): boolean {
  return COUNTED.some((counted) => counted === kind);
}

function nameOf({ network, item }: Key<Kind>): string {
  return `${network} ${item}`;
}

/**
 * A pass that is not killed leaves no lease, also none of which it was not told that it has it. It leaves one only where the ledger
 * has failed it since: at all tries for which it has time, or at the one try.
 */
export class KeptLeases {
  readonly #world: Pick<World, 'ledger' | 'scheduler'>;
  readonly #taken = new Map<Actor, Map<string, Taken>>();

  readonly #crashes: Pick<CountedCrashes, 'couldNotGiveBack'>;

  constructor(world: Pick<World, 'ledger' | 'scheduler'>, crashes: Pick<CountedCrashes, 'couldNotGiveBack'>) {
    this.#world = world;
    this.#crashes = crashes;
  }

  /** The ledger as an actor meets it, with all that fails. */
  noting(ledger: Ledger, actor: Actor): Ledger {
    const taken = new Map<string, Taken>();
    this.#taken.set(actor, taken);
    const noted = async <T>(keys: readonly Key<Kind>[], call: () => Promise<T>): Promise<T> => {
      try {
        return await call();
      } catch (error) {
        for (const key of keys) {
          const lease = taken.get(nameOf(key));
          if (lease !== undefined) lease.hasFailedSince = true;
        }
        throw error;
      }
    };
    const write: Ledger['write'] = async (key, item, writes) => {
      const before = this.#ownerOf(key);
      let isAnswered = false;
      try {
        const done = await noted([key], () => ledger.write(key, item, writes));
        isAnswered = true;
        return done;
      } finally {
        const owner = this.#ownerOf(key);
        if (isLeased(key) && owner !== null && owner !== before && isOf(actor, owner))
          taken.set(nameOf(key), { key, owner, isAnswered, hasFailedSince: false });
      }
    };
    return {
      ...ledger,
      read: (key) => noted([key], () => ledger.read(key)),
      readAll: (keys) => noted(keys, () => ledger.readAll(keys)),
      write,
    };
  }

  #ownerOf(key: Key<Kind>): string | null {
    return isLeased(key) ? (this.#world.ledger.peek(key)?.owner ?? null) : null;
  }

  killed(actor: Actor): void {
    this.#taken.delete(actor);
  }

  /** What is wrong with the end of a pass. */
  ends(actor: Actor): string[] {
    const taken = this.#taken.get(actor) ?? new Map<string, Taken>();
    this.#taken.delete(actor);
    return [...taken.values()].flatMap((lease) => this.#fault(actor, lease) ?? []);
  }

  #fault({ name, deadlineAt }: Actor, lease: Taken): string | undefined {
    const { key, owner, isAnswered, hasFailedSince } = lease;
    const { ledger, scheduler } = this.#world;
    if (this.#ownerOf(key) !== owner) return undefined;
    const hasTime = isAnswered && isCounted(key) && scheduler.now() <= deadlineAt - LAST_TRY_MS;
    // A lease on an item that it cannot read ends by itself.
    if (ledger.isSpoilt(key) || (hasFailedSince && !hasTime)) {
      this.#crashes.couldNotGiveBack(owner);
      return undefined;
    }
    return isAnswered
      ? `${name} ends before its time, and keeps the lease of ${key.item}`
      : `${name} keeps the lease of ${key.item}, which it was not told of`;
  }
}

function isOf({ name }: Actor, owner: string): boolean {
  return owner === name || owner.startsWith(`${name}.`);
}
