import { cachedSecrets } from '../../../../lib/aws/secret-cache.ts';
import { Unavailable } from '../../../../lib/errors.ts';
import { InvalidSecret } from '../../../../lib/settings/invalid-secret.ts';
import type { Secrets } from '../../../../lib/settings/settings.ts';
import { protectedDomains } from '../runcloud/protected-domains.ts';
import { RELAY_SECRET, START, type World } from '../world.ts';

/** The network's secret when a process read it. */
export interface KeptSecret {
  /** The one of the two applications it names. */
  readonly names: 0 | 1;
  readonly token: string;
  readonly paused: boolean;
  readonly readAt: number;
  readonly protectedDomains: readonly string[];
  readonly removalGraceMinutes: number;
  readonly relaySecrets: readonly string[];
  readonly hookTokens: readonly string[];
  readonly readTokens: readonly string[];
}

/** A process of a worker or of an API handler reads the secret when it must, and keeps it as the real one does. */
export function keptSecrets(world: World, slot: number): Secrets<KeptSecret> {
  const now = () => world.scheduler.now() + skewOf(world, slot);
  const ask = async (): Promise<KeptSecret | undefined> => {
    if (world.random.chance(world.chances.away)) throw new Unavailable('secrets');
    if (world.incident === 'secret') throw new InvalidSecret('is not valid JSON');
    if (world.incident === 'missing') return undefined;
    const { current, token } = world;
    return {
      names: current,
      token: token.inSecret,
      paused: world.incident === 'paused',
      readAt: now(),
      protectedDomains: protectedDomains(world),
      removalGraceMinutes: world.scenario.removalGraceMinutes,
      relaySecrets: [RELAY_SECRET],
      hookTokens: [],
      readTokens: [],
    };
  };
  return cachedSecrets(ask, { now });
}

/** The clock of a host is fast or slow by this much; those of two hosts agree within five seconds. */
export function skewOf({ scenario, scheduler }: Pick<World, 'scenario' | 'scheduler'>, slot: number): number {
  const skewMs = scenario.skewsMs[slot % scenario.skewsMs.length] ?? 0;
  const { clocksSetAt } = scenario.surroundings;
  const isSet = clocksSetAt !== null && scheduler.now() >= START + clocksSetAt * 1_000;
  return isSet ? -skewMs : skewMs;
}
