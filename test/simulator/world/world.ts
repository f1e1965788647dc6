import { domainDelays } from '../../../lib/sync/ledger/delays.ts';
import type { Key } from '../../../lib/sync/ledger/keys.ts';
import type { DueWork } from '../../../lib/sync/ledger/ports.ts';
import type { App } from '../../../lib/sync/ledger/runcloud-ports.ts';
import { type MemoryHosting, memoryHosting } from '../../doubles/hosting.ts';
import { memoryLedger } from '../../doubles/ledger.ts';
import { memoryQueue } from '../../doubles/queue.ts';
import type { IncidentKind } from '../chance/incidents.ts';
import { DOMAINS, type PlannedUpdate } from '../chance/planned-updates.ts';
import { type Random, seededRandom } from '../chance/random.ts';
import type { RuncloudChances } from '../chance/runcloud-faults.ts';
import { Scheduler } from '../chance/scheduler.ts';
import type { ItemFault } from '../chance/surroundings.ts';
import type { Chances } from '../chance/unreliable-ports.ts';
import { type Scenario, updatesOf } from '../scenario.ts';
import { newSslWorld, type SslWorld } from './certificates/ssl-world.ts';
import { ForeignRows, foreignNames } from './runcloud/foreign-rows.ts';
import { type Limit, newLimit } from './runcloud/rate-limited-runcloud.ts';
import { ArrivalOrder } from './workers/arrival-order.ts';

export const NETWORK = 'demo';
export const PRIMARY = 'promoted.example.org';
/** Foreign rows at the other application, under ids that the first one gives to the domains of the multisite. */
export const THERE_BEFORE = [
  { id: 3, name: 'one.there-before.example.net' },
  { id: 4, name: 'two.there-before.example.net' },
] as const;
export const PROTECTED = 'network.example';
export const RELAY_SECRET = `whsec_${Buffer.alloc(32, 7).toString('base64')}`;
/** Of the legacy key, whose first half is the token here. */
export const KEY_SECRET = 'secret-of-the-key';
export const BASE_MS = 30_000;
/** The token that the secret holds at the beginning, and the application that it names. */
export const FIRST_TOKEN = 'first';
export const FIRST_APP = { serverId: '42', appId: '7' } as const;

export function fingerprintOf(token: string): string {
  return `fingerprint-${token}`;
}

export const START = Date.parse('2026-11-21T00:00:00.000Z');
/** The worker's timeout in serverless.yml. */
export const WORKER_TIMEOUT_MS = 300_000;
export const VISIBILITY_MS = 6 * WORKER_TIMEOUT_MS;

export function leaseMsOf({ scenario }: Pick<World, 'scenario'>): number {
  return scenario.leaseSeconds * 1_000;
}

/** No lease ends under a living worker. One that does is itself among the things that go wrong. */
export function leasesOutliveWorkers(world: Pick<World, 'scenario'>): boolean {
  return leaseMsOf(world) > WORKER_TIMEOUT_MS;
}

/** Whether a pass may outlast a lease of seconds though no task is slow: it waits for answers, slots or the ledger. */
function passesTakeLong({ scenario }: Pick<World, 'scenario'>): boolean {
  const { latency, foreignRows, throttled } = scenario.surroundings;
  return latency.runcloudMs > 0 || foreignRows > 0 || throttled !== null || scenario.callsPerMinute < 60;
}

/** Slow workers are overtaken, at present, by workers that take their leases. */
function areOvertaken(world: Pick<World, 'scenario' | 'scheduler'>): boolean {
  return !leasesOutliveWorkers(world) && (world.scheduler.chances.slow > 0 || passesTakeLong(world));
}

/** Whether a message now says something about a loop: overtaken workers and a lagging index repeat messages too. */
export function countsMessages(world: Pick<World, 'scenario' | 'scheduler' | 'chances'>): boolean {
  const { callsPerMinute, slowness, surroundings } = world.scenario;
  // Work that finds no slot comes back within a minute, and costs no call.
  const waitsForSlots = callsPerMinute < 60 && (slowness > 0 || surroundings.sharesToken);
  return !areOvertaken(world) && !waitsForSlots && world.chances.indexLags === 0;
}

/** Everything one run shares: the twins, the random, and how likely things go wrong at the moment. */
export interface World {
  readonly scenario: Scenario;
  readonly random: Random;
  /** Random of their own: refused writes change nothing else in a history. */
  readonly contentionRandom: Random;
  /** Random numbers of their own: what the surroundings do changes nothing else in a history. */
  readonly surroundingsRandom: Random;
  readonly foreign: ForeignRows;
  /** Calls that RunCloud has received. */
  runcloudCalls: number;
  /** What RunCloud counts for the token. */
  readonly runcloudLimit: Limit;
  readonly shownDue: Map<string, DueWork[]>;
  readonly shownToPasses: Map<string, { readonly at: number; readonly rows: DueWork[] }>;
  readonly scheduler: Scheduler;
  readonly ledger: ReturnType<typeof memoryLedger>;
  readonly queue: ReturnType<typeof memoryQueue>;
  readonly outcomeQueue: ReturnType<typeof memoryQueue>;
  /** What the multisite was last told of each domain, and when that happened. */
  readonly received: Map<string, { readonly timestamp: string; readonly state: string }>;
  /** The application the secret names, and the one it names after the move. */
  readonly runclouds: readonly [Application, Application];
  /** Which of the two the secret names now. */
  current: 0 | 1;
  /** What RunCloud accepts, and what the secret holds. */
  readonly token: { accepted: string; inSecret: string };
  /** What is wrong with the network at the moment. */
  incident: IncidentKind | null;
  readonly chances: Chances & RuncloudChances;
  readonly delays: ReturnType<typeof domainDelays>;
  /** Null: no worker manages certificates in this history. */
  readonly ssl: SslWorld | null;
  /** All updates that the multisite has sent so far. */
  said: readonly PlannedUpdate[];
  /** Which of them an API handler has confirmed, by their index among them. */
  readonly announced: Set<number>;
  /** In which order the updates of each domain arrived: it decides where their timestamps are the same. */
  readonly arrivals: ArrivalOrder;
  /** Which outcome each fault of one concerns. */
  readonly faultyOutcomes: Map<ItemFault, Key<'outcome'>>;
  /** Which application was claimed when each domain was last settled, and which one that pass had asked; undefined: none. */
  readonly ended: Map<string, { readonly claimed: string | undefined; readonly asked: string | undefined }>;
  /** Keys of items that the table's TTL has deleted. */
  readonly forgotten: Set<string>;
  /** How often a lease on each item was taken over from a worker that had not released it. */
  readonly takeovers: Map<string, number>;
  /** Ids of the retries by which the ledger first recorded a domain. */
  readonly announcing: Set<string>;
  /** Domains of which a retry has been confirmed. */
  readonly retried: Set<string>;
  /** Dead letters that an operator has moved back or is about to, by their ids. */
  readonly movedBack: Set<string>;
  /** Errors that a task has met when it sent a dead letter. */
  readonly unsentDeadLetters: WeakSet<object>;
  /** Dead letters that are about to be moved back, and are not in the queue yet. */
  deadLettersUnderWay: number;
  /** Copies of updates that no API handler has finally answered yet. */
  unconfirmed: number;
}

interface Application {
  readonly app: App;
  readonly hosting: MemoryHosting;
  /** The ids of the rows that it has from the beginning. */
  readonly first: ReadonlySet<number>;
}

type Alias = { readonly name: string; readonly id?: number };

function application(
  appId: string,
  { duplicates, surroundings, ssl }: Scenario,
  aliases: readonly Alias[],
): Application {
  // No certificate that an order brings covers a wildcard.
  const wildcard = surroundings.wildcard && ssl === null;
  const hosting = memoryHosting({
    acceptsDuplicates: duplicates,
    domains: [
      { name: PROTECTED, type: 'primary', www: true, wildcard },
      ...aliases.map((alias) => ({ ...alias, type: 'alias' as const, www: false })),
    ],
  });
  return {
    app: { serverId: FIRST_APP.serverId, appId },
    hosting,
    first: new Set(hosting.rows.keys()),
  };
}

function thereToo(scenario: Pick<Scenario, 'thereToo'>): Alias[] {
  return scenario.thereToo.flatMap((domain) => {
    const name = DOMAINS[domain];
    return name === undefined ? [] : [{ name }];
  });
}

/** Domains of the application that the secret names now. */
export function hostingOf({ runclouds, current }: World): MemoryHosting {
  return runclouds[current].hosting;
}

export function newWorld(scenario: Scenario): World {
  const random = seededRandom(scenario.seed);
  const scheduler = new Scheduler(random, seededRandom(~scenario.seed), START);
  const { roughness, slowness } = scenario;
  scheduler.chances.kill = 0.02 * roughness;
  scheduler.chances.stall = 0.02 * roughness;
  scheduler.chances.slow = 0.5 * slowness;
  if (scenario.surroundings.killsRunOn) scheduler.chances.runsOn = 0.5;
  const runclouds = [
    application(FIRST_APP.appId, scenario, [
      { name: PRIMARY },
      ...foreignNames(scenario.surroundings.foreignRows).map((name) => ({ name })),
    ]),
    application('8', scenario, [...THERE_BEFORE, ...thereToo(scenario)]),
  ] as const;
  const clock = { now: () => scheduler.now(), sleep: async () => undefined };
  const hostings = [runclouds[0].hosting, runclouds[1].hosting] as const;
  const surroundingsRandom = seededRandom(scenario.seed ^ 0xa20d);
  const { latency, rowsMove, silent } = scenario.surroundings;
  const foreign = new ForeignRows(hostings[0], surroundingsRandom);
  if (rowsMove) foreign.chances.replaced = 0.3;
  const ssl =
    scenario.ssl === null
      ? null
      : newSslWorld(scenario.ssl, {
          scheduler,
          random,
          hostings,
          roughness,
          hidesCertificates: scenario.faults.includes('silent'),
          latency,
          silent,
          surroundingsRandom,
        });
  return {
    scenario,
    ssl,
    random,
    surroundingsRandom,
    foreign,
    runcloudCalls: 0,
    runcloudLimit: newLimit(scenario.callsPerMinute),
    contentionRandom: seededRandom(scenario.seed ^ 0x5eed),
    shownDue: new Map(),
    shownToPasses: new Map(),
    scheduler,
    ledger: memoryLedger(),
    queue: memoryQueue({ clock }),
    outcomeQueue: memoryQueue({ clock }),
    received: new Map(),
    runclouds,
    current: 0,
    token: { accepted: FIRST_TOKEN, inSecret: FIRST_TOKEN },
    incident: null,
    chances: {
      away: 0.01 * roughness,
      messageLost: 0.3 * roughness,
      messageTwice: 0.3 * roughness,
      writeRefused: scenario.contention,
      indexLags: scenario.indexLag,
      messageRefused: 0.1 * roughness,
      deadLetterRefused: 0.3 * roughness,
      movedBack: 0.5 * roughness,
      probability: 0.5 * roughness,
      killedWaiting: 0.5,
      faults: scenario.faults,
    },
    delays: domainDelays(BASE_MS),
    said: updatesOf(scenario),
    announced: new Set(),
    arrivals: new ArrivalOrder(),
    faultyOutcomes: new Map(),
    ended: new Map(),
    forgotten: new Set(),
    takeovers: new Map(),
    announcing: new Set(),
    retried: new Set(),
    movedBack: new Set(),
    unsentDeadLetters: new WeakSet(),
    deadLettersUnderWay: 0,
    unconfirmed: updatesOf(scenario).reduce((sum, { deliveries }) => sum + deliveries.length, 0),
  };
}

/**
 * From now on nothing goes wrong: the relay must recover what was lost. Dead letters that are moved back are no fault, nor
 * are slow workers.
 */
export function repair(world: World): void {
  const { chances, scheduler, ssl } = world;
  Object.assign(chances, { away: 0, messageLost: 0, messageTwice: 0, messageRefused: 0 });
  chances.deadLetterRefused = 0;
  world.foreign.chances.replaced = 0;
  Object.assign(chances, { writeRefused: 0, indexLags: 0, probability: 0 });
  Object.assign(scheduler.chances, { kill: 0, stall: 0 });
  if (!leasesOutliveWorkers(world)) scheduler.chances.slow = 0;
  if (ssl !== null) Object.assign(ssl.chances, { refused: 0, unanswered: 0, unverified: 0 });
}
