import { describe, expect, test } from '@jest/globals';
import { certificateDelays } from '../../lib/certificates/delays.ts';
import { recordUpdate } from '../../lib/sync/events/record-update.ts';
import { domainDelays } from '../../lib/sync/ledger/delays.ts';
import { domainKey } from '../../lib/sync/ledger/keys.ts';
import type { Clock } from '../../lib/sync/ledger/ports.ts';
import type { Networks } from '../../lib/sync/ledger/runcloud-ports.ts';
import { KeptListings } from '../../lib/sync/network/kept-listings.ts';
import { KnownCredentials } from '../../lib/sync/network/known-credentials.ts';
import { reconcileDomain, type WorkerServices } from '../../lib/sync/reconcile/reconcile.ts';
import { sweep } from '../../lib/sync/sweep/sweep.ts';
import { memoryCertificates } from '../doubles/certificates.ts';
import { type MemoryHosting, memoryHosting } from '../doubles/hosting.ts';
import { memoryLedger } from '../doubles/ledger.ts';
import { memoryQueue } from '../doubles/queue.ts';
import { noMail } from '../support/no-mail.ts';
import { nobodysQueue } from '../support/unread-queue.ts';
import { seededRandom } from './chance/random.ts';
import { type Actor, Scheduler } from './chance/scheduler.ts';
import { type Limit, limitedHosting, newLimit } from './world/rate-limited-runcloud.ts';
import { BASE_MS, START, WORKER_TIMEOUT_MS } from './world/world.ts';

const MINUTE_MS = 60_000;

interface Account {
  readonly hosting: MemoryHosting;
  readonly limit: Limit;
  readonly credentialFingerprint: string;
  readonly appId: string;
}

function account(appId: string): Account {
  return {
    hosting: memoryHosting(),
    limit: newLimit(60),
    credentialFingerprint: `credential-${appId}`,
    appId,
  };
}

/** Workers, sweep and queue with nothing wrong but RunCloud's limit, as many at once as serverless.yml allows. */
class Crowd {
  readonly scheduler = new Scheduler(seededRandom(7), seededRandom(7), START);
  readonly ledger = memoryLedger();
  readonly queue = memoryQueue({ clock: { now: () => this.scheduler.now(), sleep: async () => undefined } });
  readonly #random = seededRandom(8);
  readonly #accounts: Readonly<Record<string, Account>>;
  readonly #slots = 5;
  #busy = 0;
  #passes = 0;

  constructor(accounts: Readonly<Record<string, Account>>) {
    this.#accounts = accounts;
    this.#sweepEveryMinute();
  }

  async say(network: string, domain: string, wanted: 'present' | 'absent' = 'present'): Promise<void> {
    const now = this.scheduler.now();
    const version = { timestamp: new Date(now).toISOString(), id: `update-${domain}` };
    const update = {
      network,
      domain,
      wanted,
      version,
      www: false,
      native: false,
      siteId: null,
      domainId: null,
    };
    await recordUpdate(this.ledger, update, { now, baseMs: BASE_MS });
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
          tellsOutcomes: true,
          dnsTarget: null,
          certificates: () => memoryCertificates(),
          hosting: (guard) =>
            limitedHosting(hosting, limit, guard, clock, () => this.#random.between(100, 900)),
        };
      },
    };
  }

  #deliver(): void {
    while (this.#busy < this.#slots) {
      const [message] = this.queue.receive({ max: 1, visibilityMs: 6 * WORKER_TIMEOUT_MS });
      if (message?.message.domain === undefined) return;
      this.#busy++;
      const { network, domain } = message.message;
      const deadlineAt = this.scheduler.now() + WORKER_TIMEOUT_MS;
      const actor = { name: `worker-${this.#passes++}`, deadlineAt, mortal: false };
      const clock = this.#clock(actor);
      const services: WorkerServices = {
        ledger: this.ledger,
        queue: this.queue,
        clock,
        random: () => this.#random.roll(),
        networks: this.#networks(clock),
        listings: new KeptListings(),
        credentials: new KnownCredentials(),
        delays: domainDelays(BASE_MS),
        batchMs: 20_000,
        certificateQueue: nobodysQueue,
        outcomeQueue: nobodysQueue,
        successNotices: true,
        askWww: async () => 'here',
        leaseMs: WORKER_TIMEOUT_MS + 30_000,
        newOwner: () => actor.name,
        report: () => undefined,
        reportDeferred: unexpected,
        reportUnsent: unexpected,
        reportCallsThisMonth: () => undefined,
      };
      const pass = async (): Promise<void> => {
        await reconcileDomain({ network, domain }, deadlineAt, services);
        this.queue.ack(message.id);
      };
      this.scheduler.start(actor, pass, () => {
        this.#busy--;
        this.#deliver();
      });
    }
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

  open(): number {
    return this.ledger.all('domain').filter(({ dueAt }) => dueAt !== null).length;
  }
}

function unexpected(error: unknown): never {
  throw error;
}

describe('pacing', () => {
  test('1,000 adds at once take the time that 60 calls a minute need, and hardly a call is turned away', async () => {
    const busy = account('7');
    const crowd = new Crowd({ busy });
    for (let i = 0; i < 1_000; i++) await crowd.say('busy', `shop-${i}.example.org`);
    const idealMs = (1_000 / 60) * MINUTE_MS;
    await crowd.scheduler.run(START + 1.1 * idealMs);
    expect(crowd.open()).toBe(0);
    expect(busy.hosting.rows.size).toBe(1_000);
    expect(busy.limit.limited / busy.limit.calls).toBeLessThanOrEqual(0.02);
    expect(crowd.queue.deadLetters).toEqual([]);
  });

  test('networks that share a credential share its limit', async () => {
    const first = account('7');
    const second = {
      ...account('8'),
      limit: first.limit,
      credentialFingerprint: first.credentialFingerprint,
    };
    const crowd = new Crowd({ first, second });
    for (let i = 0; i < 100; i++) {
      await crowd.say('first', `one-${i}.example.org`);
      await crowd.say('second', `two-${i}.example.org`);
    }
    await crowd.scheduler.run(START + 1.1 * (200 / 60) * MINUTE_MS);
    expect(crowd.open()).toBe(0);
    expect(first.limit.limited / first.limit.calls).toBeLessThanOrEqual(0.02);
  });

  test('a network with a thousand domains delays a quiet one by seconds only', async () => {
    const crowd = new Crowd({ busy: account('7'), quiet: account('8') });
    for (let i = 0; i < 1_000; i++) await crowd.say('busy', `shop-${i}.example.org`);
    await crowd.scheduler.run(START + 3 * MINUTE_MS);
    const saidAt = crowd.scheduler.now();
    await crowd.say('quiet', 'boutique.example.net');
    await crowd.scheduler.run(saidAt + MINUTE_MS);
    const present = await crowd.presentSince('quiet', 'boutique.example.net');
    expect((present ?? Number.POSITIVE_INFINITY) - saidAt).toBeLessThan(20_000);
  });
});
