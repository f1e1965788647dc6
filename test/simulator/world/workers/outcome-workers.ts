import { z } from 'zod';
import type { WorkMessage } from '../../../../lib/sync/ledger/ports.ts';
import { type DeliveryServices, deliverOutcome } from '../../../../lib/sync/outcomes/deliver.ts';
import type { PostAnswer } from '../../../../lib/sync/outcomes/ports.ts';
import type { Actor } from '../../chance/scheduler.ts';
import { actorClock, unreliableLedger, unreliableQueue } from '../../chance/unreliable-ports.ts';
import type { Watch } from '../../watch/watch.ts';
import { leaseMsOf, RELAY_SECRET, VISIBILITY_MS, type World } from '../world.ts';
import { QueueDeliveries } from './queue-deliveries.ts';
import { startPass } from './worker-pass.ts';

const bodySchema = z.object({
  timestamp: z.string(),
  data: z.object({ domain: z.string(), hosting: z.object({ state: z.string() }) }),
});

const SLOTS = 2;

/** Posts outcomes as Lambda calls `post-outcome`, to a multisite that fails now and then. */
export class OutcomeWorkers {
  readonly #world: World;
  readonly #watch: Watch;
  readonly #deliveries: QueueDeliveries;
  #passes = 0;

  constructor(world: World, watch: Watch) {
    this.#world = world;
    this.#watch = watch;
    const terms = { slots: SLOTS, visibilityMs: VISIBILITY_MS };
    this.#deliveries = new QueueDeliveries(world.scheduler, world.outcomeQueue, terms, this.#deliver);
  }

  readonly arrived = (delaySeconds: number): void => this.#deliveries.arrived(delaySeconds);

  /** The multisite keeps what happened last, whatever the order in which it arrives. */
  #receive(text: string): void {
    const outcome = bodySchema.safeParse(JSON.parse(text)).data;
    // A pause is about no domain.
    if (outcome === undefined) return;
    const { timestamp, data } = outcome;
    const known = this.#world.received.get(data.domain);
    if (known !== undefined && known.timestamp > timestamp) return;
    this.#world.received.set(data.domain, { timestamp, state: data.hosting.state });
  }

  async #post(actor: Actor, body: string): Promise<PostAnswer> {
    const { scheduler, contentionRandom, chances } = this.#world;
    await scheduler.step(actor, 'posts');
    if (contentionRandom.chance(chances.probability)) {
      this.#watch.told.outcomeCrashes.answered(actor);
      return { kind: 'answered', status: 503, retryAfterMs: undefined };
    }
    this.#receive(body);
    await scheduler.step(actor, 'is answered');
    this.#watch.told.outcomeCrashes.answered(actor);
    if (contentionRandom.chance(chances.probability)) return { kind: 'unanswered', why: 'ECONNRESET' };
    return { kind: 'answered', status: 202, retryAfterMs: undefined };
  }

  #services(actor: Actor): DeliveryServices {
    const world = this.#world;
    const { scenario, scheduler, random } = world;
    const receiver = { url: 'https://network.example/outcomes', secrets: [RELAY_SECRET] };
    const counting = this.#watch.countingCrashes(world.ledger, actor);
    const guarded = this.#watch.told.outcomeCrashes.guarding(counting, actor);
    return {
      ledger: this.#watch.watchingLeases(unreliableLedger(world, actor, guarded), actor),
      queue: unreliableQueue(world, actor, world.outcomeQueue, this.arrived),
      receivers: { receiver: async () => (scenario.readers.multisite ? receiver : undefined) },
      post: ({ body }) => this.#post(actor, body),
      clock: actorClock(scheduler, actor),
      random: () => random.roll(),
      delays: world.delays,
      leaseMs: leaseMsOf(world),
      newOwner: () => actor.name,
      report: ({ item, result }) => scheduler.note(`${actor.name} ${item.id}: ${result.kind}`),
      reportDeferred: (_, { what }) => scheduler.note(`${actor.name} puts off an outcome: no ${what}`),
    };
  }

  readonly #deliver = (
    slot: number,
    { network, outcome = '', deadLetter }: WorkMessage,
    acknowledge: () => void,
    ended: () => void,
  ): void => {
    const redriven = deadLetter !== undefined;
    const call = { name: `post-${this.#passes++}`, host: slot, redriven, acknowledge, ended };
    startPass(this.#world, this.#watch, call, async (actor, deadlineAt) => {
      const work = { network, outcome, deadLetter };
      await deliverOutcome(work, deadlineAt, this.#services(actor));
    });
  };
}
