import { certificateDelays } from '../../../../lib/certificates/delays.ts';
import type { MemoryHosting } from '../../../doubles/hosting.ts';
import { type MemoryQueue, memoryQueue } from '../../../doubles/queue.ts';
import type { Random } from '../../chance/random.ts';
import type { Scheduler } from '../../chance/scheduler.ts';
import { NAMES, type Place, type SslPlan } from '../../chance/ssl-plan.ts';
import type { Latency, Period } from '../../chance/surroundings.ts';
import { Internet } from './internet.ts';
import { Issuer, type ReceivedOrder } from './issuer.ts';

const CERTIFICATE_BASE_MS = 60_000;

/** An order, and to which of the two applications it came. */
export interface OrderAt {
  readonly app: 0 | 1;
  readonly order: ReceivedOrder;
}

/** Everything that certificates add to a world. */
export interface SslWorld {
  readonly plan: SslPlan;
  readonly scheduler: Scheduler;
  readonly random: Random;
  readonly internet: Internet;
  /** The time at which DNS, or the server, has answered a question of this moment. */
  readonly answersAt: { readonly dns: () => number; readonly tls: () => number };
  /** The period of silence is counted from now on. */
  readonly beSilent: () => void;
  /** Whether port 443 of the server does not answer now. */
  readonly isSilent: () => boolean;
  /** What DNS answers about a name now. */
  readonly seen: (name: string) => Place;
  readonly queue: MemoryQueue;
  readonly issuers: readonly [Issuer, Issuer];
  readonly delays: ReturnType<typeof certificateDelays>;
  /** How likely RunCloud refuses an order, a resolver is away, and a handshake does not come about. */
  readonly chances: { refused: number; unanswered: number; unverified: number };
  /** Called with every order that reaches RunCloud. */
  received: (at: OrderAt) => void;
}

export function newSslWorld(
  plan: SslPlan,
  around: {
    readonly scheduler: Scheduler;
    readonly random: Random;
    readonly hostings: readonly [MemoryHosting, MemoryHosting];
    readonly roughness: number;
    /** Answers that show nothing hide what is installed. */
    readonly hidesCertificates: boolean;
    readonly latency: Latency;
    readonly silent: Period | null;
    readonly surroundingsRandom: Random;
  },
): SslWorld {
  const { scheduler, random, hostings, roughness, latency, silent, surroundingsRandom } = around;
  const startAt = scheduler.now();
  const internet = new Internet(scheduler, plan, startAt);
  const chances = {
    refused: plan.refuses === 'sometimes' ? 0.7 : 0,
    unanswered: 0.1 * roughness,
    unverified: 0.3 * roughness,
  };
  const issuer = (app: 0 | 1): Issuer =>
    new Issuer(hostings[app], {
      scheduler,
      random,
      internet,
      plan,
      chances,
      received: (order) => world.received({ app, order }),
    });
  const within = (ms: number) => () => scheduler.now() + (ms === 0 ? 0 : surroundingsRandom.between(0, ms));
  let silentFrom = Number.POSITIVE_INFINITY;
  let silentUntil = 0;
  const world: SslWorld = {
    beSilent: () => {
      if (silent === null) return;
      silentFrom = scheduler.now() + silent.from * 1_000;
      silentUntil = silentFrom + silent.lasts * 1_000;
    },
    isSilent: () => scheduler.now() >= silentFrom && scheduler.now() < silentUntil,
    answersAt: { dns: within(latency.dnsMs), tls: within(latency.tlsMs) },
    plan,
    scheduler,
    random,
    internet,
    seen: (name) => (random.chance(chances.unanswered) ? 'unanswered' : internet.place(name)),
    queue: memoryQueue({ clock: { now: () => scheduler.now(), sleep: async () => undefined } }),
    issuers: [issuer(0), issuer(1)],
    delays: certificateDelays(CERTIFICATE_BASE_MS),
    chances,
    received: () => undefined,
  };
  if (plan.uploaded && !around.hidesCertificates) world.issuers[0].upload([NAMES[0]]);
  const { switches } = plan;
  if (switches !== null) {
    scheduler.at(startAt + switches.at * 1_000, () => {
      scheduler.note(`SSL mode: ${switches.mode}`);
      for (const one of world.issuers) one.turnTo(switches.mode);
    });
  }
  return world;
}
