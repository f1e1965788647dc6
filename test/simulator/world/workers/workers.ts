import { certificateDelays } from '../../../../lib/certificates/delays.ts';
import { UnreadableItem } from '../../../../lib/errors.ts';
import type { Secrets } from '../../../../lib/settings/settings.ts';
import type { WorkKind } from '../../../../lib/sync/ledger/keys.ts';
import type { Ledger, Queue, WorkMessage } from '../../../../lib/sync/ledger/ports.ts';
import { KnownCredentials } from '../../../../lib/sync/network/known-credentials.ts';
import { KeptListings } from '../../../../lib/sync/network/listing/kept-listings.ts';
import { type NetworkWorkServices, runNetworkWork } from '../../../../lib/sync/network-work/run.ts';
import { reconcileDomain, type WorkerServices } from '../../../../lib/sync/reconcile/reconcile.ts';
import { AHEAD_MS } from '../../../../lib/sync/sweep/messages.ts';
import { sweep } from '../../../../lib/sync/sweep/sweep.ts';
import { noMail } from '../../../support/aws/no-mail.ts';
import { nobodysQueue } from '../../../support/aws/unread-queue.ts';
import type { Actor } from '../../chance/scheduler.ts';
import { unreliableNetworks } from '../../chance/unreliable-networks.ts';
import { actorClock, unreliableLedger, unreliableQueue } from '../../chance/unreliable-ports.ts';
import type { CertificateWatch } from '../../watch/certificates/certificate-watch.ts';
import { CLOCKS_AGREE_MS } from '../../watch/clocks.ts';
import type { Watch } from '../../watch/watch.ts';
import { unreliableAskWww } from '../certificates/internet.ts';
import type { SslWorld } from '../certificates/ssl-world.ts';
import { leaseMsOf, VISIBILITY_MS, type World } from '../world.ts';
import { type KeptSecret, keptSecrets, skewOf } from './cached-secrets.ts';
import type { OutcomeWorkers } from './outcome-workers.ts';
import { QueueDeliveries } from './queue-deliveries.ts';
import { startPass } from './worker-pass.ts';

const MINUTE_MS = 60_000;
const SWEEP_TIMEOUT_MS = 50_000;
/** The host whose clock the sweep uses. */
const SWEEP_HOST = 3;

/** Where certificates are managed. */
export interface SecureParts {
  readonly ssl: SslWorld;
  readonly certificates: CertificateWatch;
  /** A message for the certificate queue becomes visible after this many seconds. */
  readonly arrived: (delaySeconds: number) => void;
}

/** Delivers messages to workers as Lambda does, and sweeps every minute in which a sweep would find something. */
export class Workers {
  readonly #world: World;
  readonly #watch: Watch;
  readonly #listings: KeptListings[];
  readonly #credentials: KnownCredentials[];
  readonly #secrets: Secrets<KeptSecret>[];
  readonly #outcomes: OutcomeWorkers;
  readonly #secure: SecureParts | null;
  readonly #deliveries: QueueDeliveries;
  #passes = 0;
  #sweepAt: number | undefined;

  constructor(world: World, watch: Watch, outcomes: OutcomeWorkers, secure: SecureParts | null) {
    this.#outcomes = outcomes;
    this.#world = world;
    this.#watch = watch;
    this.#secure = secure;
    const terms = {
      slots: world.scenario.workers,
      visibilityMs: VISIBILITY_MS,
      // One that was moved back while its item cannot be read is a dead letter again.
      givenUp: ({ network, domain, deadLetter }: WorkMessage) =>
        void world.movedBack.delete(`${network}/${domain}/${deadLetter}/dead-letter`),
    };
    this.#deliveries = new QueueDeliveries(world.scheduler, world.queue, terms, this.#reconcile);
    // What a worker keeps in memory outlives its calls, as in a warm Lambda.
    this.#listings = Array.from({ length: world.scenario.workers }, () => new KeptListings());
    this.#credentials = this.#listings.map(() => new KnownCredentials());
    this.#secrets = this.#listings.map((_, slot) => keptSecrets(world, slot));
  }

  readonly arrived = (delaySeconds: number): void => this.#deliveries.arrived(delaySeconds);

  #ledger(actor: Actor): Ledger {
    const { ledger } = this.#world;
    const guarded = this.#watch.guarding(ledger, actor);
    const met = unreliableLedger(
      this.#world,
      actor,
      this.#secure?.certificates.guarding(guarded, actor) ?? guarded,
    );
    return this.#watch.watchingLeases(met, actor);
  }

  #certificateQueue(actor: Actor): Pick<Queue, 'send'> {
    if (this.#secure === null) return nobodysQueue;
    const { ssl, certificates, arrived } = this.#secure;
    return certificates.watchingMessages(unreliableQueue(this.#world, actor, ssl.queue, arrived));
  }

  #services(actor: Actor, slot: number, message: WorkMessage): WorkerServices & NetworkWorkServices {
    const world = this.#world;
    const { scheduler, random } = world;
    const listings = this.#listings[slot] ?? new KeptListings();
    const secrets = this.#secrets[slot] ?? keptSecrets(world, slot);
    let owners = 0;
    return {
      ledger: this.#ledger(actor),
      queue: this.#watch.watchingDeadLetters(unreliableQueue(world, actor, world.queue, this.arrived)),
      clock: this.#watch.watchingWaits(actorClock(scheduler, actor), actor),
      random: () => random.roll(),
      networks: unreliableNetworks(world, actor, this.#watch, {
        domain: message.domain ?? 'comparison',
        secrets,
      }),
      listings,
      credentials: this.#credentials[slot] ?? new KnownCredentials(),
      delays: world.delays,
      batchMs: 20_000,
      certificateQueue: this.#certificateQueue(actor),
      outcomeQueue: unreliableQueue(world, actor, world.outcomeQueue, this.#outcomes.arrived),
      successNotices: world.scenario.readers.people,
      askWww: world.ssl === null ? async () => 'here' : unreliableAskWww(world.ssl, actor),
      leaseMs: leaseMsOf(world),
      newOwner: () => `${actor.name}.${owners++}`,
      reportCallsThisMonth: () => undefined,
      driftDryRun: false,
      reportComparison: ({ drift, error, paused, dueAt }) => {
        const what =
          drift === null ? (error?.code ?? (paused ? 'put off' : 'goes on')) : JSON.stringify(drift);
        scheduler.note(`${actor.name} comparison: ${what}, next ${new Date(dueAt).toISOString()}`);
      },
      reportUnsent: ({ domain }) => scheduler.note(`${actor.name} cannot send the dead letter of ${domain}`),
      reportDeferred: ({ domain }, error) => {
        this.#watch.putOff(actor, error);
        scheduler.note(`${actor.name} puts off ${domain}: no ${error.what}`);
      },
      report: ({ item, found, settled }) => {
        const { result } = found;
        if (result.kind === 'held' && result.until > scheduler.now() + CLOCKS_AGREE_MS)
          this.#watch.passWaits(item.domain);
        if (settled.kind === 'again') this.#watch.passFollowed(actor);
        const why =
          result.kind === 'failed'
            ? ` ${result.error.code}`
            : result.kind === 'paused'
              ? ` ${result.code}`
              : '';
        scheduler.note(
          `${actor.name} ${item.domain} wants ${item.wanted}: ${result.kind}${why}, ${settled.kind}`,
        );
      },
    };
  }

  readonly #reconcile = (
    slot: number,
    message: WorkMessage,
    acknowledge: () => void,
    ended: () => void,
  ): void => {
    const { network, domain, returns, deadLetter } = message;
    const redriven = message.deadLetter !== undefined;
    const call = { name: `worker-${this.#passes++}`, host: slot, redriven, acknowledge, ended };
    startPass(this.#world, this.#watch, call, async (actor, deadlineAt) => {
      const services = this.#services(actor, slot, message);
      if (domain === undefined) await runNetworkWork(network, deadlineAt, services);
      else await reconcileDomain({ network, domain, returns, deadLetter }, deadlineAt, services);
    });
  };

  /** When the sweep has something to send next. */
  #nextSendAt(): number {
    const { ledger } = this.#world;
    const kinds: readonly WorkKind[] = ['domain', 'network', 'outcome'];
    const swept = this.#secure === null ? kinds : [...kinds, 'certificate' as const];
    return Math.min(...swept.map((kind) => ledger.nextSendAt(kind)));
  }

  /** Asks for a sweep in the next minute in which something is due. A sweep that finds nothing changes nothing. */
  planSweep(): void {
    const { scheduler } = this.#world;
    const sendAt = this.#nextSendAt();
    if (sendAt === Number.POSITIVE_INFINITY) return;
    const earliest = Math.max(sendAt - AHEAD_MS, scheduler.now() + 1);
    const at = Math.ceil(earliest / MINUTE_MS) * MINUTE_MS;
    if (this.#sweepAt !== undefined && this.#sweepAt <= at && this.#sweepAt > scheduler.now()) return;
    this.#sweepAt = at;
    scheduler.at(at, () => this.#sweepIfDue());
  }

  /** What was due when the sweep was planned may be done by now. An index that lags shows it all the same. */
  #sweepIfDue(): void {
    const { scheduler, chances } = this.#world;
    this.#sweepAt = undefined;
    const isDue = this.#nextSendAt() <= scheduler.now() + AHEAD_MS + CLOCKS_AGREE_MS;
    if (isDue || chances.indexLags > 0) this.#sweep();
    else this.planSweep();
  }

  #sweep(): void {
    const world = this.#world;
    const { scheduler } = world;
    const deadlineAt = scheduler.now() + SWEEP_TIMEOUT_MS;
    const skewMs = () => skewOf(world, SWEEP_HOST);
    const actor = { name: `sweep-${this.#passes++}`, deadlineAt, skewMs, mortal: true };
    const services = {
      ledger: this.#ledger(actor),
      queue: this.#watch.countingMessages(unreliableQueue(world, actor, world.queue, this.arrived), actor),
      clock: actorClock(scheduler, actor),
      delays: world.delays,
      certificateQueue: this.#certificateQueue(actor),
      outcomeQueue: unreliableQueue(world, actor, world.outcomeQueue, this.#outcomes.arrived),
      certificateDelays: certificateDelays(60_000),
      ...noMail,
      reportUnmailed: () => undefined,
      newOwner: () => actor.name,
      report: onlyUnreadable,
    };
    const run = async (): Promise<void> => {
      try {
        await sweep(deadlineAt + skewMs(), services);
      } catch (error) {
        if (!(error instanceof Error && error.name === 'Unavailable')) throw error;
      }
    };
    scheduler.start(actor, run, () => this.#watch.sweepEnds(actor));
  }
}

/** Only an unreadable item is reported. */
function onlyUnreadable(error: unknown): void {
  if (!(error instanceof UnreadableItem)) throw error;
}
