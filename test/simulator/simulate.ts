import { type Scenario, updatesOf } from './scenario.ts';
import { CertificateWatch } from './watch/certificates/certificate-watch.ts';
import { certificatesAtRest } from './watch/certificates/settled-certificates.ts';
import { faultsAtRest, hasNoticedApp, isAtRest, lostAtRest } from './watch/oracle.ts';
import { Overdue } from './watch/overdue.ts';
import { Watch } from './watch/watch.ts';
import type { Listeners } from './world/api-calls.ts';
import { itemFaultsEnd, planUnreadable } from './world/incidents/item-faults.ts';
import { playLateUpdates } from './world/incidents/late-updates.ts';
import { planIncident, planMove } from './world/incidents/network-incidents.ts';
import { OperatorActions } from './world/incidents/operator-actions.ts';
import { planOtherNetwork } from './world/incidents/other-network.ts';
import { planRival, rivalEnds } from './world/incidents/rival-network.ts';
import { forgetExpired } from './world/incidents/time-to-live.ts';
import { deliver, deliverRetry } from './world/senders.ts';
import { keptSecrets } from './world/workers/cached-secrets.ts';
import { SecureWorkers } from './world/workers/certificate-workers.ts';
import { OutcomeWorkers } from './world/workers/outcome-workers.ts';
import { type SecureParts, Workers } from './world/workers/workers.ts';
import { newWorld, repair, START, type World } from './world/world.ts';

export interface Run {
  /** Broken promises; empty if all held. */
  readonly faults: readonly string[];
  readonly log: readonly string[];
}

const HOUR_MS = 60 * 60_000;
const LONGEST_RUN_MS = 72 * HOUR_MS;
/** A change by hand is seen by the comparison of the next day, or by the one after. */
const LONGEST_RUN_WITH_HANDS_MS = 168 * HOUR_MS;
/** After a repair, work goes on within this time. */
const WORK_RESUMES_MS = 2 * HOUR_MS;
const CHECK_EVERY_MS = 10 * 60_000;
/** Warm processes of the API handlers. */
const API_PROCESSES = 2;

/** Whether every planned fault is over. */
function isRepaired({ chances, incident, scenario, scheduler }: World): boolean {
  const latest = Math.max(
    itemFaultsEnd({ scenario }),
    rivalEnds({ scenario }),
    scenario.movesAt ?? 0,
    scenario.refuses?.until ?? 0,
    (scenario.incident?.from ?? 0) + (scenario.incident?.lasts ?? 0),
    ...scenario.operatorActions.map(({ at }) => at),
  );
  return chances.probability === 0 && incident === null && scheduler.now() > START + latest * 1_000;
}

function securePartsOf(world: World, watch: Watch, outcomes: OutcomeWorkers): SecureParts | null {
  const { ssl } = world;
  if (ssl === null) return null;
  const certificates = new CertificateWatch(world, ssl, watch.broken);
  watch.onChange = (app, name) => certificates.orders.changed(app, name);
  watch.onSlowPass = () => certificates.repeats();
  watch.onWrite = (before, after) => certificates.domainWritten(before, after);
  const { arrived } = new SecureWorkers(world, ssl, watch, certificates, outcomes);
  return { ssl, certificates, arrived };
}

/** Plans every copy of every event. Returns the time at which the last update arrives. */
function planEvents(world: World, listeners: Listeners): number {
  const { scheduler, scenario } = world;
  let lastDelivery = START;
  for (const [index, update] of updatesOf(scenario).entries()) {
    for (const delay of update.deliveries) {
      const at = START + (update.saidAt + delay) * 1_000;
      lastDelivery = Math.max(lastDelivery, at);
      scheduler.at(at, () => deliver(world, index, update, listeners));
    }
  }
  for (const [index, retry] of (scenario.ssl?.retries ?? []).entries()) {
    for (const delay of retry.deliveries) {
      const at = START + (retry.saidAt + delay) * 1_000;
      scheduler.at(at, () => deliverRetry(world, index, retry, listeners));
    }
  }
  return lastDelivery;
}

/** A sweep is asked for after everything that may have changed the ledger, and every minute while work may be long. */
function planSweeps(world: World, workers: Workers, everyMinuteUntil: number): void {
  const { scheduler } = world;
  scheduler.onEnd = () => workers.planSweep();
  const plan = (): void => {
    workers.planSweep();
    if (scheduler.now() < everyMinuteUntil) scheduler.at(scheduler.now() + 60_000, plan);
  };
  plan();
}

/**
 * Runs one history: the real API handlers, workers and sweep over in-memory twins, in an order that only the seed knows,
 * with everything going wrong until some time after the last update. Then the world recovers, and all work must end.
 */
export async function simulate(scenario: Scenario): Promise<Run> {
  const world = newWorld(scenario);
  const { scheduler, random } = world;
  const watch = new Watch(world);
  const operatorActions = new OperatorActions(world);
  const longestRunMs = operatorActions.needComparison() ? LONGEST_RUN_WITH_HANDS_MS : LONGEST_RUN_MS;
  const outcomes = new OutcomeWorkers(world, watch);
  const secure = securePartsOf(world, watch, outcomes);
  const workers = new Workers(world, watch, outcomes, secure);
  scheduler.onKill = (actor) => {
    watch.killed(actor);
    secure?.certificates.repeats();
  };
  scheduler.onRunOn = ({ name }, step) => watch.broken.push(`${name} is over, and runs on at ${step}`);
  const listeners: Listeners = {
    arrived: workers.arrived,
    accepted: (domain, calledAt, api) => watch.updateAccepted(domain, calledAt, api),
    guarding: (ledger, actor) => watch.guarding(ledger, actor),
    apis: Array.from({ length: API_PROCESSES }, (_, host) => keptSecrets(world, host)),
    certificates: secure?.certificates ?? null,
    certificatesArrived: secure?.arrived ?? (() => undefined),
  };
  const lastDelivery = planEvents(world, listeners);
  forgetExpired(world);
  watch.promotion.plan();
  planIncident(world);
  planMove(world);
  planUnreadable(world);
  planOtherNetwork(world);
  planRival(world, listeners.guarding);
  operatorActions.plan();
  const repairedAt = lastDelivery + random.between(0, 2 * HOUR_MS);
  scheduler.at(repairedAt, () => {
    scheduler.note('the world is repaired');
    repair(world);
  });
  planSweeps(world, workers, repairedAt + HOUR_MS);
  const overdue = new Overdue(world);
  let end = lastDelivery;
  let restingSince: number | null = null;
  do {
    end += CHECK_EVERY_MS;
    await scheduler.run(end);
    const late = overdue.found();
    if (end > repairedAt + WORK_RESUMES_MS) watch.broken.push(...late);
    const rested = restingSince !== null;
    restingSince =
      isAtRest(world) && isRepaired(world) && hasNoticedApp(world) ? (restingSince ?? end) : null;
    if (!rested && restingSince !== null) watch.broken.push(...lostAtRest(world, operatorActions));
  } while (
    end < START + longestRunMs &&
    !(restingSince !== null && operatorActions.isCompared(restingSince))
  );
  const atRest = (): string[] => [
    ...faultsAtRest(world, watch.promotion.promoted, operatorActions),
    ...(isAtRest(world) ? world.ledger.all('domain').flatMap((item) => watch.told.atRest(item)) : []),
  ];
  const compared = restingSince !== null && operatorActions.isCompared(restingSince);
  const faults = [
    ...(compared ? [] : ['never compared at rest']),
    ...atRest(),
    ...operatorActions.faultsAtRest(),
  ];
  if (secure !== null && faults.length === 0) {
    faults.push(...(await certificatesAtRest(world, secure, end)));
    faults.push(...atRest());
  }
  if (scenario.weeksLater !== null && faults.length === 0) {
    faults.push(...(await playLateUpdates(world, listeners, secure)));
    faults.push(...atRest());
  }
  return { faults: [...watch.broken, ...faults], log: scheduler.log };
}
