import type { SecureParts } from '../../world/workers/workers.ts';
import { START, type World } from '../../world/world.ts';
import { runWithinBudget } from '../call-budget.ts';
import { isAtRest } from '../oracle.ts';
import { unreported, untruths } from './certificate-oracle.ts';

const HOUR_MS = 60 * 60_000;
const DAY_MS = 24 * HOUR_MS;
const CHECK_EVERY_MS = 6 * HOUR_MS;
/** The limits of the CA delay an order by a week at most, and a failed certificate is checked daily. */
const LONGEST_MS = 10 * DAY_MS;

/** When the last of what the history says of names, orders and retries has happened. */
function quietAt({ ssl }: World): number {
  if (ssl === null) return START;
  const { points, retries, switches } = ssl.plan;
  const ends = retries.map(({ saidAt, deliveries }) => saidAt + Math.max(...deliveries) + 3_600);
  return START + 1_000 * Math.max(0, switches?.at ?? 0, ...points.map(({ at }) => at), ...ends);
}

/** Runs until the ledger is right about every certificate. Returns what is still wrong. */
export async function untilTrue(
  world: World,
  { ssl }: Pick<SecureParts, 'ssl'>,
  from: number,
): Promise<string[]> {
  let end = from;
  let untrue: string[];
  do {
    end += CHECK_EVERY_MS;
    await world.scheduler.run(end);
    untrue = isAtRest(world) ? [...untruths(world, ssl), ...unreported(world, ssl)] : ['no rest'];
  } while (untrue.length > 0 && end < from + LONGEST_MS);
  return untrue;
}

/** Everything that is wrong with certificates in a world whose other work is done. */
export async function certificatesAtRest(world: World, secure: SecureParts, from: number): Promise<string[]> {
  const { scheduler } = world;
  const quiet = Math.max(from, quietAt(world));
  await scheduler.run(quiet);
  const untrue = await untilTrue(world, secure, quiet);
  const watchDays = world.scenario.weeksLater === null ? secure.ssl.plan.watchDays : 0;
  if (untrue.length > 0 || watchDays === 0) return untrue;
  const later = scheduler.now() + watchDays * DAY_MS;
  secure.ssl.beSilent();
  const spent = await runWithinBudget(world, later);
  return [...spent, ...(await untilTrue(world, secure, later))];
}
