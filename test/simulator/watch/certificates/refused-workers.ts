import { certificateWorkKey, type Key, type Kind, networkKey } from '../../../../lib/sync/ledger/keys.ts';
import type { Ledger, Queue } from '../../../../lib/sync/ledger/ports.ts';
import type { Actor } from '../../chance/scheduler.ts';
import { NETWORK, type World } from '../../world/world.ts';
import { CLOCKS_AGREE_MS } from '../clocks.ts';

/** The lease on an application as a worker has met it. */
interface Lease {
  readonly owner: string;
  readonly until: number;
  /** How many messages for the network's certificates had been sent by then. */
  readonly sent: number;
}

/** A worker that leaves its work to another one sees to it that a message comes, should that one be killed. */
export class RefusedWorkers {
  readonly #world: Pick<World, 'ledger' | 'scheduler'>;
  /** Whose lease each of them has met last. */
  readonly #met = new WeakMap<Actor, Lease>();
  /** Those that have had it themselves: what they held comes back by itself. */
  readonly #owners = new WeakSet<Actor>();
  /** When each message for the network's certificates is to arrive, in the order in which they were sent. */
  readonly #arrivals: number[] = [];

  constructor(world: Pick<World, 'ledger' | 'scheduler'>) {
    this.#world = world;
  }

  /** The ledger for one actor; what it reads of the lease is noted. */
  noting(ledger: Ledger, actor: Actor): Ledger {
    const note = (key: Key<Kind>): void => {
      if (key.kind === 'certificateWork') this.#note(actor, key.network);
    };
    return {
      ...ledger,
      read: async (key) => {
        const stored = await ledger.read(key);
        note(key);
        return stored;
      },
      readAll: async (keys) => {
        const snapshot = await ledger.readAll(keys);
        for (const key of keys) note(key);
        return snapshot;
      },
      write: async (key, item, writes) => {
        const done = await ledger.write(key, item, writes);
        if (done) note(key);
        return done;
      },
    };
  }

  /** The queue of those that send messages for certificates, and are no such worker themselves. */
  notingMessages(queue: Pick<Queue, 'send'>): Pick<Queue, 'send'> {
    return {
      send: async (messages) => {
        const left = await queue.send(messages);
        for (const message of messages) {
          if (left.includes(message) || message.message.network !== NETWORK) continue;
          this.#arrivals.push(this.#world.scheduler.now() + message.delaySeconds * 1_000);
        }
        return left;
      },
    };
  }

  #note(actor: Actor, network: string): void {
    const { owner = null, leaseUntil = null } = this.#world.ledger.peek(certificateWorkKey(network)) ?? {};
    const others = owner?.startsWith(`${actor.name}.`) === false;
    if (owner !== null && !others) this.#owners.add(actor);
    if (network === NETWORK && others && leaseUntil !== null)
      this.#met.set(actor, { owner, until: leaseUntil, sent: this.#arrivals.length });
    else this.#met.delete(actor);
  }

  /** What is wrong with the end of a worker that has not failed; undefined: nothing. */
  ends(actor: Actor): string | undefined {
    const met = this.#met.get(actor);
    const { ledger, scheduler } = this.#world;
    // It has met no lease in an item that it could not read.
    const isUnreadable = [networkKey(NETWORK), certificateWorkKey(NETWORK)].some((key) =>
      ledger.isSpoilt(key),
    );
    if (met === undefined || this.#owners.has(actor) || isUnreadable) return undefined;
    const { owner, leaseUntil } = ledger.peek(certificateWorkKey(NETWORK)) ?? {};
    const isHeld = owner === met.owner && (leaseUntil ?? 0) > scheduler.now() + CLOCKS_AGREE_MS;
    const { certificatesAt = null } = ledger.peek(networkKey(NETWORK)) ?? {};
    const inTime = (at: number | null): boolean => at !== null && at <= met.until + 2 * CLOCKS_AGREE_MS;
    // The time that it relies on may be over before it ends. The worker of that message comes after it, and is held to the same.
    const isSent = this.#arrivals.slice(met.sent).some(inTime);
    if (!isHeld || isSent || inTime(certificatesAt)) return undefined;
    return `${actor.name} leaves its work to ${owner}, and no message comes should that one be killed`;
  }
}
