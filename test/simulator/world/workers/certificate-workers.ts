import { KeptModes } from '../../../../lib/certificates/kept-modes.ts';
import { reconcileCertificates } from '../../../../lib/certificates/reconcile.ts';
import type { CertificateServices } from '../../../../lib/certificates/services.ts';
import type { Secrets } from '../../../../lib/settings/settings.ts';
import type { WorkMessage } from '../../../../lib/sync/ledger/ports.ts';
import type { Actor } from '../../chance/scheduler.ts';
import { unreliableNetworks } from '../../chance/unreliable-networks.ts';
import { actorClock, unreliableLedger, unreliableQueue } from '../../chance/unreliable-ports.ts';
import type { CertificateWatch } from '../../watch/certificates/certificate-watch.ts';
import type { Watch } from '../../watch/watch.ts';
import { unreliableProof } from '../certificates/handshakes.ts';
import { unreliableAskWww, unreliableDnsGate } from '../certificates/internet.ts';
import type { SslWorld } from '../certificates/ssl-world.ts';
import { leaseMsOf, VISIBILITY_MS, type World } from '../world.ts';
import { type KeptSecret, keptSecrets } from './cached-secrets.ts';
import type { OutcomeWorkers } from './outcome-workers.ts';
import { QueueDeliveries } from './queue-deliveries.ts';
import { startPass } from './worker-pass.ts';

/** Checks certificates as Lambda calls `secure-domains`. */
export class SecureWorkers {
  readonly #world: World;
  readonly #ssl: SslWorld;
  readonly #watch: Watch;
  readonly #certificates: CertificateWatch;
  readonly #outcomes: OutcomeWorkers;
  readonly #modes: KeptModes[];
  readonly #secrets: Secrets<KeptSecret>[];
  readonly #deliveries: QueueDeliveries;
  #passes = 0;

  constructor(
    world: World,
    ssl: SslWorld,
    watch: Watch,
    certificates: CertificateWatch,
    outcomes: OutcomeWorkers,
  ) {
    this.#outcomes = outcomes;
    this.#world = world;
    this.#ssl = ssl;
    this.#watch = watch;
    this.#certificates = certificates;
    const slots = Math.min(world.scenario.workers, 2);
    // What a worker keeps in memory outlives its calls, as in a warm Lambda.
    this.#modes = Array.from({ length: slots }, () => new KeptModes());
    this.#secrets = this.#modes.map((_, slot) => keptSecrets(world, slot + 1));
    this.#deliveries = new QueueDeliveries(
      world.scheduler,
      ssl.queue,
      { slots, visibilityMs: VISIBILITY_MS },
      this.#reconcile,
    );
  }

  readonly arrived = (delaySeconds: number): void => this.#deliveries.arrived(delaySeconds);

  #services(actor: Actor, slot: number, putOff: () => void): CertificateServices {
    const world = this.#world;
    const ssl = this.#ssl;
    const { scheduler, random } = world;
    let owners = 0;
    const queue = unreliableQueue(world, actor, ssl.queue, this.arrived);
    return {
      ledger: this.#watch.watchingLeases(
        unreliableLedger(
          world,
          actor,
          this.#certificates.guarding(this.#watch.guarding(world.ledger, actor), actor),
        ),
        actor,
      ),
      queue: this.#certificates.watchingDeadLetters(queue),
      clock: actorClock(scheduler, actor),
      random: () => random.roll(),
      networks: this.#certificates.watchingNetworks(
        unreliableNetworks(world, actor, this.#watch, {
          domain: '',
          secrets: this.#secrets[slot] ?? keptSecrets(world, slot),
        }),
        actor,
      ),
      modes: this.#modes[slot] ?? new KeptModes(),
      dnsGate: unreliableDnsGate(ssl, actor),
      outcomeQueue: unreliableQueue(world, actor, world.outcomeQueue, this.#outcomes.arrived),
      successNotices: world.scenario.readers.people,
      askWww: unreliableAskWww(ssl, actor),
      prove: unreliableProof(ssl, () => ssl.issuers[world.current], actor),
      delays: ssl.delays,
      domainDelays: world.delays,
      leaseMs: leaseMsOf(world),
      newOwner: () => `${actor.name}.${owners++}`,
      reportCallsThisMonth: () => undefined,
      reportUnsent: ({ domain }) => scheduler.note(`${actor.name} cannot send the dead letter of ${domain}`),
      reportDeferred: (_, error) => {
        putOff();
        this.#watch.putOff(actor, error);
        scheduler.note(`${actor.name} puts off certificates: no ${error.what}`);
      },
      report: (fact) => {
        if (fact.kind === 'crashed') scheduler.failure ??= fact.error;
        else if (fact.kind === 'ordered') scheduler.note(`${actor.name} ${fact.how}: ${fact.outcome}`);
        else if (fact.kind === 'turned') scheduler.note(`${actor.name} network ${fact.transition}`);
        else {
          const { item, result, settled } = fact;
          this.#certificates.ended(actor, fact);
          const why =
            'reason' in result ? ` ${result.reason}` : 'error' in result ? ` ${result.error?.code}` : '';
          scheduler.note(
            `${actor.name} certificate of ${item.domain}: ${result.kind}${why}, ${settled.kind}`,
          );
        }
      },
    };
  }

  readonly #reconcile = (
    slot: number,
    message: WorkMessage,
    acknowledge: () => void,
    ended: () => void,
  ): void => {
    const redriven = message.deadLetter !== undefined;
    const call = { name: `secure-${this.#passes++}`, host: slot + 1, redriven, acknowledge, ended };
    startPass(this.#world, this.#watch, call, async (actor, deadlineAt) => {
      let isPutOff = false;
      const putOff = () => {
        isPutOff = true;
      };
      await reconcileCertificates(message, deadlineAt, this.#services(actor, slot, putOff));
      if (!isPutOff) this.#certificates.passEnds(actor);
    });
  };
}
