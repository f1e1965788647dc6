import { certificateDelays } from '../../../lib/certificates/delays.ts';
import { recordUpdate } from '../../../lib/sync/events/record-update.ts';
import { domainDelays } from '../../../lib/sync/ledger/delays.ts';
import type { DomainUpdate } from '../../../lib/sync/ledger/desired-state.ts';
import { domainKey } from '../../../lib/sync/ledger/keys.ts';
import type { Clock, DelayedMessage, Ledger } from '../../../lib/sync/ledger/ports.ts';
import type { Networks } from '../../../lib/sync/ledger/runcloud-ports.ts';
import { KnownCredentials } from '../../../lib/sync/network/known-credentials.ts';
import { KeptListings } from '../../../lib/sync/network/listing/kept-listings.ts';
import {
  type DomainWork,
  reconcileDomain,
  type WorkerServices,
} from '../../../lib/sync/reconcile/reconcile.ts';
import { sweep } from '../../../lib/sync/sweep/sweep.ts';
import { memoryCertificates } from '../../doubles/certificates.ts';
import { type MemoryHosting, memoryHosting } from '../../doubles/hosting.ts';
import { memoryLedger } from '../../doubles/ledger.ts';
import { memoryQueue } from '../../doubles/queue.ts';
import { seededRandom } from '../../simulator/chance/random.ts';
import { type Actor, Scheduler } from '../../simulator/chance/scheduler.ts';
import {
  type Limit,
  limitedHosting,
  newLimit,
} from '../../simulator/world/runcloud/rate-limited-runcloud.ts';
import { BASE_MS, START, WORKER_TIMEOUT_MS } from '../../simulator/world/world.ts';
import { noMail } from '../aws/no-mail.ts';
import { nobodysQueue } from '../aws/unread-queue.ts';

const MINUTE_MS = 60_000;
/** As many at once as serverless.yml allows. */
const WORKERS = 3;
/** In which the ledger or the queue answers. */
const AWS_CALL_MS = 8;
/** Shorter than the usual grace of a removal. */
const GRACE_MS = MINUTE_MS;

export interface Account {
  readonly hosting: MemoryHosting;
  readonly limit: Limit;
  readonly credentialFingerprint: string;
  readonly appId: string;
}

/** An application of RunCloud with a credential of its own, and these names in it. */
export function account(appId: string, names: readonly string[] = []): Account {
  return {
    hosting: memoryHosting({ domains: names.map((name) => ({ name })) }),
    limit: newLimit(60),
    credentialFingerprint: `credential-${appId}`,
    appId,
  };
}

type Memory = Pick<WorkerServices, 'listings' | 'credentials'>;
type Said = Partial<Pick<DomainUpdate, 'wanted' | 'native'>>;

/** The ledger of a worker, whose calls take some milliseconds each. */
function inTime(ledger: Ledger, clock: Clock): Ledger {
  const pause = () => clock.sleep(AWS_CALL_MS);
  return {
    read: (key) => pause().then(() => ledger.read(key)),
    readAll: (keys) => pause().then(() => ledger.readAll(keys)),
    write: (key, item, writes) => pause().then(() => ledger.write(key, item, writes)),
    create: (key, item) => pause().then(() => ledger.create(key, item)),
    due: (kind, until, limit) => pause().then(() => ledger.due(kind, until, limit)),
    dueCertificates: (network, asked) => pause().then(() => ledger.dueCertificates(network, asked)),
    dueOldCertificates: (until, limit) => pause().then(() => ledger.dueOldCertificates(until, limit)),
    networks: () => pause().then(() => ledger.networks()),
    page: (kind, network, cursor, limit) => pause().then(() => ledger.page(kind, network, cursor, limit)),
  };
}

export interface CrowdOptions {
  /** Sees what the workers ask of the ledger. */
  readonly watched?: (ledger: Ledger) => Ledger;
  /** The multisite and people learn of successes. */
  readonly hasReaders?: boolean;
}

/** Workers, sweep and queue with nothing wrong but RunCloud's limit, as many at once as serverless.yml allows. */
export class Crowd {
  readonly scheduler = new Scheduler(seededRandom(7), seededRandom(7), START);
  readonly ledger = memoryLedger();
  readonly queue = memoryQueue({ clock: { now: () => this.scheduler.now(), sleep: async () => undefined } });
  readonly #random = seededRandom(8);
  readonly #accounts: Readonly<Record<string, Account>>;
  /** What each warm worker keeps in memory; those that are free. */
  readonly #idle = Array.from({ length: WORKERS }, () => ({
    listings: new KeptListings(),
    credentials: new KnownCredentials(),
  }));
  #passes = 0;
  /** What the workers' calls have taken, as AWS bills them: how many, their time, the longest wait of a call for a slot, and the messages that they have sent. */
  readonly billed = { calls: 0, ms: 0, longestWaitMs: 0, sends: 0 };

  readonly #watched: (ledger: Ledger) => Ledger;
  readonly #hasReaders: boolean;

  constructor(
    accounts: Readonly<Record<string, Account>>,
    { watched = (ledger) => ledger, hasReaders = true }: CrowdOptions = {},
  ) {
    this.#accounts = accounts;
    this.#watched = watched;
    this.#hasReaders = hasReaders;
    this.#sweepEveryMinute();
  }

  async say(network: string, domain: string, part: Said = {}): Promise<void> {
    const now = this.scheduler.now();
    const version = { timestamp: new Date(now).toISOString(), id: `update-${domain}` };
    const update = {
      network,
      domain,
      wanted: 'present' as const,
      version,
      www: false,
      native: false,
      ...part,
      siteId: null,
      domainId: null,
    };
    await recordUpdate(this.ledger, update, { now, baseMs: BASE_MS, graceMs: GRACE_MS });
    await this.queue.send([{ message: { network, domain }, delaySeconds: 0 }]);
    this.scheduler.at(now, () => this.#deliver());
  }

  #clock(actor: Actor): Clock {
    return {
      now: () => this.scheduler.now(),
      sleep: (ms) => this.scheduler.step(actor, 'sleep', this.scheduler.now() + ms),
    };
  }

  #networks(clock: Clock): Networks {
    return {
      access: async (network) => {
        const found = this.#accounts[network];
        if (found === undefined) return undefined;
        const { hosting, limit, credentialFingerprint, appId } = found;
        return {
          app: { serverId: '42', appId },
          readAt: clock.now(),
          protectedDomains: [],
          removalsPerHour: 0,
          additionsPerHour: 0,
          parkUnreadyNames: true,
          paused: false,
          credentialFingerprint,
          serverAddresses: [],
          tellsOutcomes: this.#hasReaders,
          dnsTarget: null,
          certificates: () => memoryCertificates(),
          hosting: (guard) =>
            limitedHosting(hosting, limit, guard, clock, () => this.#random.between(100, 900)),
        };
      },
    };
  }

  /** Of its own accord a pass sleeps only until its slot. */
  #waiting(clock: Clock, ms: number): Promise<void> {
    this.billed.longestWaitMs = Math.max(this.billed.longestWaitMs, ms);
    return clock.sleep(ms);
  }

  async #send(messages: readonly DelayedMessage[], clock: Clock): Promise<DelayedMessage[]> {
    await clock.sleep(AWS_CALL_MS);
    this.billed.sends += 1;
    const refused = await this.queue.send(messages);
    for (const { delaySeconds } of messages)
      this.scheduler.at(this.scheduler.now() + delaySeconds * 1_000, () => this.#deliver());
    return refused;
  }

  #deliver(): void {
    for (let memory = this.#idle.at(-1); memory !== undefined; memory = this.#idle.at(-1)) {
      const [message] = this.queue.receive({ max: 1, visibilityMs: 6 * WORKER_TIMEOUT_MS });
      if (message === undefined) return;
      if (message.message.domain === undefined) {
        this.queue.ack(message.id);
        continue;
      }
      this.#idle.pop();
      this.#work(message.id, { ...message.message, domain: message.message.domain }, memory);
    }
  }

  #work(id: number, work: DomainWork, memory: Memory): void {
    const deadlineAt = this.scheduler.now() + WORKER_TIMEOUT_MS;
    const actor = { name: `worker-${this.#passes++}`, deadlineAt, mortal: false };
    const clock = this.#clock(actor);
    const beganAt = this.scheduler.now();
    this.billed.calls += 1;
    const services: WorkerServices = {
      ledger: inTime(this.#watched(this.ledger), clock),
      queue: { ...this.queue, send: (messages) => this.#send(messages, clock) },
      clock: { ...clock, sleep: (ms) => this.#waiting(clock, ms) },
      random: () => this.#random.roll(),
      networks: this.#networks(clock),
      ...memory,
      delays: domainDelays(BASE_MS),
      batchMs: 20_000,
      certificateQueue: nobodysQueue,
      outcomeQueue: nobodysQueue,
      successNotices: this.#hasReaders,
      askWww: async () => 'here',
      leaseMs: WORKER_TIMEOUT_MS + 30_000,
      newOwner: () => actor.name,
      report: () => undefined,
      reportDeferred: unexpected,
      reportUnsent: unexpected,
      reportCallsThisMonth: () => undefined,
    };
    const pass = async (): Promise<void> => {
      await reconcileDomain(work, deadlineAt, services);
      this.queue.ack(id);
    };
    this.scheduler.start(actor, pass, () => {
      this.billed.ms += this.scheduler.now() - beganAt;
      this.#idle.push(memory);
      this.#deliver();
    });
  }

  #sweepEveryMinute(): void {
    const { scheduler } = this;
    scheduler.at(scheduler.now() + MINUTE_MS, () => {
      const deadlineAt = scheduler.now() + 50_000;
      const actor = { name: 'sweep', deadlineAt, mortal: false };
      const run = async (): Promise<void> => {
        const services = { ledger: this.ledger, queue: this.queue, clock: this.#clock(actor) };
        const owner = `sweep-${this.#passes++}`;
        await sweep(deadlineAt, {
          ...services,
          delays: domainDelays(BASE_MS),
          certificateQueue: nobodysQueue,
          outcomeQueue: nobodysQueue,
          ...noMail,
          certificateDelays: certificateDelays(60_000),
          newOwner: () => owner,
          report: unexpected,
        });
        for (const { visibleAt } of this.queue.waiting()) {
          scheduler.at(Math.max(visibleAt, scheduler.now()), () => this.#deliver());
        }
      };
      scheduler.start(actor, run);
      this.#sweepEveryMinute();
    });
  }

  async presentSince(network: string, domain: string): Promise<number | undefined> {
    const item = (await this.ledger.read(domainKey(network, domain)))?.item;
    return item?.state === 'present' && item.dueAt === null ? Date.parse(item.since) : undefined;
  }

  /** Goes on until nothing is open; how long that took. Fails where it takes longer than `mostMs`. */
  async drain(mostMs: number): Promise<number> {
    const from = this.scheduler.now();
    for (let at = from; this.open() > 0; at += 1_000) {
      if (at > from + mostMs) throw new Error(`${this.open()} domains are open after ${mostMs} ms`);
      await this.scheduler.run(at);
    }
    return this.scheduler.now() - from;
  }

  open(): number {
    return this.ledger.all('domain').filter(({ dueAt }) => dueAt !== null).length;
  }
}

function unexpected(error: unknown): never {
  throw error;
}
