import { updatesOf } from '../../scenario.ts';
import { untilTrue } from '../../watch/certificates/settled-certificates.ts';
import { isAtRest } from '../../watch/oracle.ts';
import type { Listeners } from '../api-calls.ts';
import { deliver, deliverLate } from '../senders.ts';
import type { SecureParts } from '../workers/workers.ts';
import { START, type World } from '../world.ts';

const HOUR_MS = 60 * 60_000;
const DAY_MS = 24 * HOUR_MS;
const LONGEST_MS = 3 * DAY_MS;

/** Plans the events that are sent or arrive weeks later. Returns when the last one arrives. */
function planLateEvents(world: World, listeners: Listeners): number {
  const { scheduler, scenario } = world;
  const early = updatesOf(scenario);
  const { stragglers = [], updates = [] } = scenario.weeksLater ?? {};
  let last = scheduler.now();
  const plan = (at: number, run: () => void): void => {
    last = Math.max(last, at);
    scheduler.at(at, run);
  };
  world.said = [...early, ...updates];
  for (const [i, update] of updates.entries()) {
    world.unconfirmed += update.deliveries.length;
    for (const delay of update.deliveries) {
      plan(START + (update.saidAt + delay) * 1_000, () =>
        deliver(world, early.length + i, update, listeners),
      );
    }
  }
  for (const { update: number, days } of stragglers) {
    const index = number % early.length;
    const update = early[index];
    if (update === undefined) continue;
    plan(START + update.saidAt * 1_000 + days * DAY_MS, () => deliverLate(world, index, update, listeners));
  }
  return last;
}

/** Goes on until every late update has arrived and its work is done. Returns what is wrong with certificates then. */
export async function playLateUpdates(
  world: World,
  listeners: Listeners,
  secure: SecureParts | null,
): Promise<string[]> {
  const last = planLateEvents(world, listeners);
  let end = last;
  do {
    end += HOUR_MS;
    await world.scheduler.run(end);
  } while (end < last + LONGEST_MS && !isAtRest(world));
  return secure === null ? [] : untilTrue(world, secure, end);
}
