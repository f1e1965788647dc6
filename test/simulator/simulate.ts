import { faultsAtRest, isAtRest, Watch } from './oracle.ts';
import type { Scenario } from './scenario.ts';
import { deliver } from './senders.ts';
import { Workers } from './workers.ts';
import { heal, newWorld, PRIMARY, START, type World } from './world.ts';

export interface Run {
  /** What must not be, and is; empty if all promises held. */
  readonly faults: readonly string[];
  readonly log: readonly string[];
}

const HOUR_MS = 60 * 60_000;
const LONGEST_RUN_MS = 72 * HOUR_MS;
const LOOK_EVERY_MS = 10 * 60_000;

/** Somebody makes an alias the primary domain in RunCloud's panel; not between a worker's read and its DELETE. */
const promoteSometime = (world: World, watch: Watch): void => {
  const { scheduler, dice, runcloud } = world;
  scheduler.at(scheduler.now() + dice.between(1, 3_600) * 1_000, () => {
    const row = [...runcloud.rows.values()].find(({ name }) => name === PRIMARY);
    if (row === undefined) return;
    if (watch.isBusyWith(PRIMARY)) return promoteSometime(world, watch);
    runcloud.rows.set(row.id, { ...row, type: 'primary' });
    watch.promoted = row.id;
    scheduler.note(`${PRIMARY} is primary now`);
  });
};

/**
 * Runs one history: the real doors, workers and sweep over in-memory twins, in an order that only the seed knows,
 * with everything going wrong until some time after the last word. Then the world heals, and must come to rest.
 */
export const simulate = async (scenario: Scenario): Promise<Run> => {
  const world = newWorld(scenario);
  const { scheduler, dice } = world;
  const watch = new Watch(world);
  const workers = new Workers(world, watch);
  const listeners = { arrived: workers.arrived, accepted: (domain: string) => watch.wordAccepted(domain) };
  scheduler.onKill = () => watch.killed();
  let lastDelivery = START;
  for (const [index, word] of scenario.words.entries()) {
    for (const delay of word.deliveries) {
      const at = START + (word.saidAt + delay) * 1_000;
      lastDelivery = Math.max(lastDelivery, at);
      scheduler.at(at, () => deliver(world, index, word, listeners));
    }
  }
  promoteSometime(world, watch);
  scheduler.at(lastDelivery + dice.between(0, 2 * HOUR_MS), () => {
    scheduler.note('the world heals');
    heal(world);
  });
  const planSweeps = (): void => {
    workers.planSweep();
    if (scheduler.now() < START + LONGEST_RUN_MS) scheduler.at(scheduler.now() + 60_000, planSweeps);
  };
  planSweeps();
  let end = lastDelivery;
  do {
    end += LOOK_EVERY_MS;
    await scheduler.run(end);
  } while (end < START + LONGEST_RUN_MS && !(isAtRest(world) && world.chances.probability === 0));
  return { faults: [...watch.broken, ...faultsAtRest(world, watch.promoted)], log: scheduler.log };
};
