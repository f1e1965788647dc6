import { hostingOf, type World } from '../world/world.ts';

const DAY_MS = 24 * 60 * 60_000;
/** Calls for one domain on a day on which nothing happens, and for the network whatever it holds. */
const FOR_A_DOMAIN = 2;
const FOR_THE_NETWORK = 6;
/** The comparison reads the list once, and the names for one certificate are counted once. */
const LISTINGS = 2;

function budgetOf(world: World): number {
  const { rowsPerPage } = world.scenario.lists;
  const pages = Math.ceil(hostingOf(world).rows.size / rowsPerPage);
  return LISTINGS * pages + FOR_A_DOMAIN * world.ledger.all('domain').length + FOR_THE_NETWORK;
}

/**
 * Certificates that are tried again and again, or that are about to expire, may need more calls, and so does a `www.` that is
 * tried again after its week.
 */
function isQuiet({ ledger, scheduler }: World): boolean {
  if (ledger.all('domain').some(({ wwwWithheld }) => wwwWithheld !== null)) return false;
  return ledger.all('certificate').every(({ wanted, state, reason, notAfter }) => {
    if (!wanted) return true;
    if (state === 'failed') return reason === 'name-limit';
    return state === 'valid' && Date.parse(notAfter ?? '') > scheduler.now() + 31 * DAY_MS;
  });
}

/** Goes on until that time. Returns the quiet days on which RunCloud was called too often. */
export async function runWithinBudget(world: World, until: number): Promise<string[]> {
  const { scheduler } = world;
  const broken: string[] = [];
  let end = scheduler.now();
  while (end < until) {
    end = Math.min(until, end + DAY_MS);
    const quiet = isQuiet(world);
    const before = world.runcloudCalls;
    await scheduler.run(end);
    const calls = world.runcloudCalls - before;
    if (quiet && isQuiet(world) && calls > budgetOf(world))
      broken.push(`${calls} calls to RunCloud on a quiet day, which has room for ${budgetOf(world)}`);
  }
  return broken;
}
