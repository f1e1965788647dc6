import { account, Crowd } from '../../test/support/sync/crowd.ts';
import type { Measure, Row } from '../row.ts';

const HOUR_MS = 60 * 60_000;
const MINUTE_MS = 60_000;
const DOMAINS = 1_000;
const CALLS_A_MINUTE = 60;
/** A list of 1,000 domains has 25 pages of 40; the first one is read twice. */
const LIST = 26;
/** Of names that RunCloud is asked to serve. */
const POSTS = 10;

function names(count: number, start = 'shop-'): string[] {
  return Array.from({ length: count }, (_, n) => `${start}${n}.example.org`);
}

/** A burst of additions, and of their removals once all are settled. */
async function bursts(): Promise<Row[]> {
  const app = account('7');
  const crowd = new Crowd({ busy: app });
  for (const name of names(DOMAINS)) await crowd.say('busy', name);
  const tookMs = await crowd.drain(HOUR_MS);
  const added = app.limit.calls;
  const { ms: workerMs } = crowd.billed;
  const limitMs = (DOMAINS / CALLS_A_MINUTE) * MINUTE_MS;
  await crowd.scheduler.run(crowd.scheduler.now() + MINUTE_MS);
  for (const name of names(DOMAINS)) await crowd.say('busy', name, { wanted: 'absent' });
  await crowd.drain(2 * HOUR_MS);
  const limited = app.limit.limited / app.limit.calls;
  return [
    {
      measure: 'calls of a burst of 1,000 additions, per domain',
      value: added / DOMAINS,
      goal: 1.02,
      unit: 'count',
    },
    {
      measure: 'calls of a burst of 1,000 removals, per domain',
      value: (app.limit.calls - added) / DOMAINS,
      goal: 2.05,
      unit: 'count',
    },
    {
      measure: 'drain of 1,000 jobs ÷ 60 calls a minute',
      value: tookMs / limitMs,
      goal: 1.05,
      unit: 'count',
    },
    {
      measure: 'seconds of workers that an addition of 1,000 bills',
      value: workerMs / 1_000 / DOMAINS,
      goal: 1.2,
      unit: 'count',
    },
    { measure: 'calls turned away by 429', value: limited, goal: 0.01, unit: 'count' },
    { measure: 'dead letters of both bursts', value: crowd.queue.deadLetters.length, goal: 0, unit: 'count' },
  ];
}

/** Removals that come while most of their additions still wait for a slot. */
async function overtaking(): Promise<Row> {
  const app = account('7', names(DOMAINS, 'other-'));
  const crowd = new Crowd({ busy: app });
  for (const name of names(DOMAINS)) await crowd.say('busy', name);
  await crowd.scheduler.run(crowd.scheduler.now() + 2 * MINUTE_MS);
  const before = app.limit.calls;
  for (const name of names(DOMAINS)) await crowd.say('busy', name, { wanted: 'absent' });
  await crowd.drain(4 * HOUR_MS);
  const value = (app.limit.calls - before) / DOMAINS;
  return {
    measure: 'calls of 1,000 removals that overtake their additions, per domain',
    value,
    goal: 2.05,
    unit: 'count',
  };
}

async function tenInARow(what: string, start: string, part: Parameters<Crowd['say']>[2]): Promise<Row> {
  const app = account('7', names(DOMAINS));
  const crowd = new Crowd({ busy: app });
  for (const name of names(10, start)) await crowd.say('busy', name, part);
  await crowd.drain(HOUR_MS);
  return {
    measure: `calls of ten ${what} at 1,000 domains`,
    value: app.limit.calls,
    goal: 30,
    unit: 'count',
    limit: {
      bound: 40,
      why: `one list is ${LIST} calls at RunCloud's largest page, and each new name is a POST, so ${LIST + POSTS} are the floor; two more workers read the first page at the same moment, because only that page says that the list is long`,
    },
  };
}

/** How long each domain of twenty quiet networks waits, in the order of the waits. */
async function waits(busy: number): Promise<number[]> {
  const quiet = Array.from({ length: 20 }, (_, n) => `quiet-${n}`);
  const accounts = Object.fromEntries(['busy', ...quiet].map((name, n) => [name, account(String(n + 7))]));
  const crowd = new Crowd(accounts);
  for (const name of names(busy)) await crowd.say('busy', name);
  await crowd.scheduler.run(crowd.scheduler.now() + MINUTE_MS);
  const saidAt = crowd.scheduler.now();
  for (const network of quiet) await crowd.say(network, `boutique.${network}.example`);
  await crowd.scheduler.run(saidAt + 10 * MINUTE_MS);
  const times: number[] = [];
  for (const network of quiet) {
    const at = await crowd.presentSince(network, `boutique.${network}.example`);
    times.push((at ?? Number.POSITIVE_INFINITY) - saidAt);
  }
  return times.toSorted((a, b) => a - b);
}

/** The wait that only one in twenty exceeds. */
function p95(sorted: readonly number[]): number {
  return sorted[Math.ceil(sorted.length * 0.95) - 1] ?? Number.NaN;
}

async function fairness(): Promise<Row> {
  const value = p95(await waits(DOMAINS)) / p95(await waits(0));
  return {
    measure: 'p95 wait of 20 networks beside one with 1,000 jobs ÷ alone',
    value,
    goal: 2,
    unit: 'count',
  };
}

export const measure: Measure = async () => [
  ...(await bursts()),
  await overtaking(),
  await tenInARow('www. names', 'www.', {}),
  await tenInARow('native names', 'native-', { native: true }),
  await tenInARow('removals without an id', 'gone-', { wanted: 'absent' }),
  await fairness(),
];
