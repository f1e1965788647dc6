import { domainKey } from '../../../lib/sync/ledger/keys.ts';
import type { Actor } from '../chance/scheduler.ts';
import { NETWORK, type World } from '../world/world.ts';

/** A pass tries to write its result until so little of its time is left that one more try might not end. */
const LAST_TRY_MS = 60_000;

/** A pass that has asked RunCloud gives its lease back, with as many tries as its time allows, unless it is killed. */
export class KeptLeases {
  readonly #world: Pick<World, 'ledger' | 'scheduler'>;
  /** Owners of leases under which RunCloud was asked. */
  readonly #asked = new Set<string>();
  readonly #killed = new WeakSet<Actor>();

  constructor(world: Pick<World, 'ledger' | 'scheduler'>) {
    this.#world = world;
  }

  asks({ name }: Actor, domain: string): void {
    const owner = this.#world.ledger.peek(domainKey(NETWORK, domain))?.owner;
    if (owner?.startsWith(`${name}.`)) this.#asked.add(owner);
  }

  killed(actor: Actor): void {
    this.#killed.add(actor);
  }

  /** What is wrong with the end of a pass. */
  ends(actor: Actor): string[] {
    const { ledger, scheduler } = this.#world;
    if (this.#killed.has(actor) || scheduler.now() > actor.deadlineAt - LAST_TRY_MS) return [];
    return ledger.all('domain').flatMap(({ owner, network, domain }) => {
      // A lease on an item that it cannot read ends by itself.
      if (ledger.isSpoilt(domainKey(network, domain))) return [];
      const kept = owner !== null && this.#asked.has(owner) && owner.startsWith(`${actor.name}.`);
      return kept ? [`${actor.name} ends before its time, and keeps the lease of ${domain}`] : [];
    });
  }
}
