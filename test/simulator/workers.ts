import { certificateWaits } from '../../lib/certificates/waits.ts';
import type { ComparisonServices } from '../../lib/sync/comparison-call.ts';
import { KeptListings } from '../../lib/sync/kept-listings.ts';
import { lookAtDomain } from '../../lib/sync/look-at-domain.ts';
import { lookAtNetwork } from '../../lib/sync/network-look.ts';
import type { Hint } from '../../lib/sync/ports.ts';
import { sweep } from '../../lib/sync/sweep.ts';
import { nobodysQueue } from '../support/nobodys-queue.ts';
import { networksOfChance } from './networks-of-chance.ts';
import type { Watch } from './oracle.ts';
import { clockOfChance, ledgerOfChance, queueOfChance } from './ports-of-chance.ts';
import type { Actor } from './scheduler.ts';
import { WORKER_TIMEOUT_MS, type World } from './world.ts';

const VISIBILITY_MS = 6 * WORKER_TIMEOUT_MS;
const MINUTE_MS = 60_000;
const SWEEP_TIMEOUT_MS = 50_000;
const MOST_RECEIVES = 5;

/** Delivers hints to workers as Lambda does, and sweeps every minute in which a sweep would find something. */
export class Workers {
  readonly #world: World;
  readonly #watch: Watch;
  readonly #listings: KeptListings[];
  #busy = new Set<number>();
  #looks = 0;
  #sweepAt: number | undefined;

  constructor(world: World, watch: Watch) {
    this.#world = world;
    this.#watch = watch;
    // What a worker keeps in memory outlives its calls, as in a warm Lambda.
    this.#listings = Array.from({ length: world.scenario.workers }, () => new KeptListings());
  }

  /** A hint will be visible after `delaySeconds`. */
  readonly arrived = (delaySeconds: number): void => {
    const { scheduler } = this.#world;
    scheduler.at(scheduler.now() + delaySeconds * 1_000, () => this.#pump());
  };

  #pump(): void {
    const { scheduler, queue, scenario } = this.#world;
    for (let slot = 0; slot < scenario.workers; slot++) {
      if (this.#busy.has(slot)) continue;
      const [message] = queue.receive({ max: 1, visibilityMs: VISIBILITY_MS });
      if (message === undefined) return;
      if (message.receives > MOST_RECEIVES) {
        queue.ack(message.id);
        continue;
      }
      scheduler.at(scheduler.now() + VISIBILITY_MS, () => this.#pump());
      this.#busy.add(slot);
      this.#look(slot, message.hint, () => queue.ack(message.id));
    }
  }

  #services(actor: Actor, slot: number, hint: Hint): ComparisonServices {
    const world = this.#world;
    const { scheduler, dice, scenario } = world;
    const listings = this.#listings[slot] ?? new KeptListings();
    let owners = 0;
    return {
      ledger: ledgerOfChance(world, actor, this.#watch.guarding(world.ledger, actor)),
      queue: this.#watch.watchingLetters(queueOfChance(world, actor, world.queue, this.arrived)),
      clock: clockOfChance(scheduler, actor),
      random: () => dice.roll(),
      networks: networksOfChance(world, actor, this.#watch, hint.domain ?? ''),
      listings,
      waits: world.waits,
      gatherMs: 20_000,
      certificateQueue: nobodysQueue,
      askWww: async () => 'here',
      leaseMs: scenario.leaseSeconds * 1_000,
      newOwner: () => `${actor.name}.${owners++}`,
      driftDryRun: false,
      reportComparison: ({ drift, error, resting, dueAt }) => {
        const what =
          drift === null ? (error?.code ?? (resting ? 'put off' : 'goes on')) : JSON.stringify(drift);
        scheduler.note(`${actor.name} comparison: ${what}, next ${new Date(dueAt).toISOString()}`);
      },
      report: ({ item, found, settled }) => {
        const { end } = found;
        const why =
          end.kind === 'failed' ? ` ${end.error.code}` : end.kind === 'paused' ? ` ${end.code}` : '';
        scheduler.note(
          `${actor.name} ${item.domain} wants ${item.wanted}: ${end.kind}${why}, ${settled.kind}`,
        );
      },
    };
  }

  #look(slot: number, hint: Hint, acknowledge: () => void): void {
    const { scheduler } = this.#world;
    const deadlineAt = scheduler.now() + WORKER_TIMEOUT_MS;
    const actor = { name: `worker-${this.#looks++}`, deadlineAt, mortal: true };
    const services = this.#services(actor, slot, hint);
    const { network, domain, letter } = hint;
    const look = async (): Promise<void> => {
      try {
        if (domain === undefined) await lookAtNetwork(network, deadlineAt, services);
        else await lookAtDomain({ network, domain, letter }, deadlineAt, services);
      } catch (error) {
        // Only the ledger's absence may end a look so; the queue delivers the hint again.
        if (!(error instanceof Error && error.name === 'Unavailable')) throw error;
        return;
      }
      acknowledge();
    };
    this.#watch.lookBegins(actor);
    scheduler.start(actor, look, () => {
      this.#watch.callEnds(actor);
      this.#busy.delete(slot);
      this.#pump();
    });
  }

  /** Asks for a sweep in the next minute in which something is due. A sweep that finds nothing changes nothing. */
  planSweep(): void {
    const { scheduler, ledger } = this.#world;
    const wanting = [...ledger.all('domain'), ...ledger.all('network')].flatMap(({ sendAt }) => sendAt ?? []);
    if (wanting.length === 0) return;
    const earliest = Math.max(Math.min(...wanting) - MINUTE_MS, scheduler.now() + 1);
    const at = Math.ceil(earliest / MINUTE_MS) * MINUTE_MS;
    if (this.#sweepAt !== undefined && this.#sweepAt <= at && this.#sweepAt > scheduler.now()) return;
    this.#sweepAt = at;
    scheduler.at(at, () => this.#sweep());
  }

  #sweep(): void {
    const world = this.#world;
    const { scheduler } = world;
    this.#sweepAt = undefined;
    const deadlineAt = scheduler.now() + SWEEP_TIMEOUT_MS;
    const actor = { name: `sweep-${this.#looks++}`, deadlineAt, mortal: true };
    const services = {
      ledger: ledgerOfChance(world, actor, this.#watch.guarding(world.ledger, actor)),
      queue: this.#watch.countingHints(queueOfChance(world, actor, world.queue, this.arrived)),
      clock: clockOfChance(scheduler, actor),
      waits: world.waits,
      certificateQueue: nobodysQueue,
      certificateWaits: certificateWaits(60_000),
      newOwner: () => actor.name,
      report: unexpected,
    };
    const run = async (): Promise<void> => {
      try {
        await sweep(deadlineAt, services);
      } catch (error) {
        if (!(error instanceof Error && error.name === 'Unavailable')) throw error;
      }
    };
    scheduler.start(actor, run, () => this.planSweep());
  }
}

/** Nothing of the simulator spoils an item. */
const unexpected = (error: unknown): never => {
  throw error;
};
