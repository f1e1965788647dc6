import { claimKey } from '../../lib/sync/items.ts';
import { Hands } from './hands.ts';
import { faultsAtRest, isAtRest, Watch } from './oracle.ts';
import { type Scenario, wordsOf } from './scenario.ts';
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
/** Somebody's hand is seen by the comparison of the next day, or by the one after. */
const LONGEST_RUN_WITH_HANDS_MS = 168 * HOUR_MS;
const LOOK_EVERY_MS = 10 * 60_000;

/** Everything that was to go wrong has, and is over. */
const isMended = ({ chances, trouble, scenario, scheduler }: World): boolean => {
  const latest = Math.max(
    scenario.movesAt ?? 0,
    (scenario.trouble?.from ?? 0) + (scenario.trouble?.lasts ?? 0),
    ...scenario.hands.map(({ at }) => at),
  );
  return chances.probability === 0 && trouble === null && scheduler.now() > START + latest * 1_000;
};

/** Somebody makes an alias the primary domain in RunCloud's panel; not between a worker's read and its DELETE. */
const promoteSometime = (world: World, watch: Watch): void => {
  const { scheduler, dice } = world;
  const runcloud = world.runclouds[0].hosting;
  scheduler.at(scheduler.now() + dice.between(1, 3_600) * 1_000, () => {
    const row = [...runcloud.rows.values()].find(({ name }) => name === PRIMARY);
    if (row === undefined) return;
    if (watch.isBusyWith(PRIMARY)) return promoteSometime(world, watch);
    runcloud.rows.set(row.id, { ...row, type: 'primary' });
    watch.promoted = row.id;
    scheduler.note(`${PRIMARY} is primary now`);
  });
};

/** The network as a whole is wrong for a while, and then somebody mends it. */
const troubleSometime = (world: World): void => {
  const { scheduler, ledger, scenario } = world;
  const { trouble } = scenario;
  if (trouble === null) return;
  const claim = (network: string, renewedAt: number): void => {
    for (const { app } of world.runclouds)
      ledger.put(claimKey(app.serverId, app.appId), { network, renewedAt });
  };
  scheduler.at(START + trouble.from * 1_000, () => {
    scheduler.note(`trouble: ${trouble.kind}`);
    world.trouble = trouble.kind;
    if (trouble.kind === 'claimed') claim('other', scheduler.now() + 30 * 24 * HOUR_MS);
  });
  scheduler.at(START + (trouble.from + trouble.lasts) * 1_000, () => {
    scheduler.note(`mended: ${trouble.kind}`);
    world.trouble = null;
    if (trouble.kind === 'claimed') claim('other', 0);
  });
};

/** The secret begins to name another web application. Whatever is said next tells the relay. */
const moveSometime = (world: World): void => {
  const { scheduler, scenario } = world;
  if (scenario.movesAt === null) return;
  scheduler.at(START + scenario.movesAt * 1_000, () => {
    scheduler.note('moved to another application');
    world.current = 1;
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
  const hands = new Hands(world);
  const longestRunMs = scenario.hands.length > 0 ? LONGEST_RUN_WITH_HANDS_MS : LONGEST_RUN_MS;
  const workers = new Workers(world, watch);
  const listeners = { arrived: workers.arrived, accepted: (domain: string) => watch.wordAccepted(domain) };
  scheduler.onKill = () => watch.killed();
  let lastDelivery = START;
  for (const [index, word] of wordsOf(scenario).entries()) {
    for (const delay of word.deliveries) {
      const at = START + (word.saidAt + delay) * 1_000;
      lastDelivery = Math.max(lastDelivery, at);
      scheduler.at(at, () => deliver(world, index, word, listeners));
    }
  }
  promoteSometime(world, watch);
  troubleSometime(world);
  moveSometime(world);
  hands.plan();
  scheduler.at(lastDelivery + dice.between(0, 2 * HOUR_MS), () => {
    scheduler.note('the world heals');
    heal(world);
  });
  const planSweeps = (): void => {
    workers.planSweep();
    if (scheduler.now() < START + longestRunMs) scheduler.at(scheduler.now() + 60_000, planSweeps);
  };
  planSweeps();
  let end = lastDelivery;
  let restingSince: number | null = null;
  do {
    end += LOOK_EVERY_MS;
    await scheduler.run(end);
    restingSince = isAtRest(world) && isMended(world) ? (restingSince ?? end) : null;
  } while (end < START + longestRunMs && !(restingSince !== null && hands.isCompared(restingSince)));
  const compared = restingSince !== null && hands.isCompared(restingSince);
  const faults = [
    ...watch.broken,
    ...(compared ? [] : ['never compared at rest']),
    ...faultsAtRest(world, watch.promoted, hands),
    ...hands.faultsAtRest(),
  ];
  return { faults, log: scheduler.log };
};
