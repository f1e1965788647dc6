import { hostingOf, type World } from '../world/world.ts';
import { CLOCKS_AGREE_MS } from './clocks.ts';

const DAY_MS = 24 * 60 * 60_000;
/** Calls for the network on a day on which nothing happens, whatever it holds, beside its lists. */
const FOR_THE_NETWORK = 6;
/** Which certificate is installed is asked with growing waits while port 443 does not answer, two calls each. */
const WHILE_SILENT = 8;
/** The names that are too many for one certificate are counted anew after eighteen hours. */
const COUNTS = 2;
/** A pass that has no time left begins its count anew. No worker is so slow that this happens more often in a day. */
const COUNTS_BEGUN_ANEW = 2;

/** Checks a day of a request that another name holds: every ten minutes for an hour, then less and less often. */
const CHECKS_HELD = 40;
/** Of each: which certificate is installed, and in which mode. */
const FOR_A_CHECK = 2;

/**
 * The first page of a list of several says how many follow, and is read again at the end. A list whose pages do not state its total
 * is read twice.
 */
export function readingOf(world: World, { rows } = hostingOf(world)): number {
  const { rowsPerPage, meta } = world.scenario.lists;
  const pages = Math.ceil(rows.size / rowsPerPage);
  if (pages === 1) return 1;
  return 1 + (meta === 'lastPage-without-total' ? 2 * pages : pages);
}

/**
 * Domains whose `www.` has a row that the relay does not know: it reads the domain's row every day, and the list where no list of
 * the last day is kept, and begins anew where the pass has no time left.
 */
function unknownWww(world: World): number {
  const rows = new Set([...hostingOf(world).rows.values()].map(({ name }) => name));
  const domains = world.ledger.all('domain');
  const present = new Set(domains.filter(({ state }) => state === 'present').map(({ domain }) => domain));
  return domains.filter(
    ({ domain, www }) =>
      www && present.has(domain) && rows.has(`www.${domain}`) && !present.has(`www.${domain}`),
  ).length;
}

/** Counts of the names that are too many for one certificate. A first page that states the total is enough. */
function countsOf(world: World): number {
  const { lists, slowness } = world.scenario;
  if (!world.ledger.all('certificate').some(({ reason }) => reason === 'name-limit')) return 0;
  const count = lists.meta === 'lastPage-without-total' ? readingOf(world) : 1;
  const begunAnew = slowness > 0 ? COUNTS_BEGUN_ANEW : 0;
  return COUNTS * count + begunAnew * (count + FOR_A_CHECK);
}

/** The comparison reads the list once. */
function budgetOf(world: World): number {
  const listing = readingOf(world);
  const silent = world.scenario.surroundings.silent === null ? 0 : WHILE_SILENT;
  const held = world.ledger.all('certificate').filter(({ reason }) => reason === 'held-by-name').length;
  const checks = held * CHECKS_HELD * (listing + FOR_A_CHECK);
  const looks = 2 * unknownWww(world) * (listing + 1);
  return listing + countsOf(world) + silent + checks + looks + FOR_THE_NETWORK;
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
    if (state === 'pending') return reason === 'held-by-name';
    return state === 'valid' && Date.parse(notAfter ?? '') > scheduler.now() + 31 * DAY_MS;
  });
}

/** Whether a certificate has become valid since then, for which it was ordered. */
function hasOrdered({ ledger }: World, since: number): boolean {
  return ledger
    .all('certificate')
    .some((it) => it.wanted && it.state === 'valid' && Date.parse(it.since) > since - CLOCKS_AGREE_MS);
}

/** A day that begins or ends with a comparison under way may have its list beside that of its own. */
function isComparing({ ledger, scheduler }: World): boolean {
  // By the clock of a worker that is fast.
  const isDue = (at: number | undefined) => at !== undefined && at <= scheduler.now() + CLOCKS_AGREE_MS;
  return ledger.all('network').some(({ owner, comparison }) => owner !== null || isDue(comparison?.dueAt));
}

/** Goes on until that time. Returns the quiet days on which RunCloud was called too often. */
export async function runWithinBudget(world: World, until: number): Promise<string[]> {
  const { scheduler } = world;
  const broken: string[] = [];
  let end = scheduler.now();
  while (end < until) {
    const begun = end;
    end = Math.min(until, end + DAY_MS);
    const quiet = isQuiet(world);
    const atBeginning = isComparing(world);
    const before = world.runcloudCalls;
    await scheduler.run(end);
    const calls = world.runcloudCalls - before;
    const budget = budgetOf(world) + (atBeginning || isComparing(world) ? readingOf(world) : 0);
    if (quiet && isQuiet(world) && !hasOrdered(world, begun) && calls > budget)
      broken.push(`${calls} calls to RunCloud on a quiet day, which has room for ${budget}`);
  }
  return broken;
}
