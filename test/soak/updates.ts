import type { Random } from '../simulator/chance/random.ts';

/** One update of a multisite, as it happened there. */
export interface SoakUpdate {
  readonly network: string;
  readonly domain: string;
  readonly wanted: 'present' | 'absent';
  readonly timestamp: string;
  readonly id: string;
}

const duplicates = 0.05;
const lateUpdates = 0.1;
const removals = 0.4;

/** As many as one process of emulators can hold open at once; of a longer run each has more updates. */
const mostDomains = 1_000;

/** This many updates about a third as many domains, in the order in which they happened. */
function happened(events: number, networks: readonly string[], random: Random, now: number): SoakUpdate[] {
  const domains = Math.min(mostDomains, Math.max(5, Math.ceil(events / 3)));
  return Array.from({ length: events }, (_, i) => {
    const number = random.between(1, domains);
    return {
      network: networks[number % networks.length] ?? '',
      domain: `shop-${number}.acme-bikes.com`,
      wanted: random.chance(removals) ? 'absent' : 'present',
      // Each in a millisecond of its own: with one timestamp the arrival would decide, which senders do not see.
      timestamp: new Date(now - (events - i)).toISOString(),
      id: `msg_${random.between(1, 1e9)}`,
    };
  });
}

/** The same updates as they are sent: some twice, some long after newer ones. */
export function deliveries(
  events: number,
  networks: readonly string[],
  random: Random,
  now: number,
): SoakUpdate[] {
  return happened(events, networks, random, now)
    .flatMap((update, at) => [
      {
        update,
        at: at + (random.chance(lateUpdates) ? random.between(1, events / 4) : random.between(0, 3)),
      },
      ...(random.chance(duplicates) ? [{ update, at: at + random.between(0, events / 4) }] : []),
    ])
    .sort((a, b) => a.at - b.at)
    .map(({ update }) => update);
}

/** The names that a network wants in the end, by the last update about each. */
export function wantedBy(updates: readonly SoakUpdate[], network: string): Set<string> {
  const last = new Map<string, SoakUpdate>();
  for (const update of updates) {
    if (update.network !== network) continue;
    const before = last.get(update.domain);
    if (before === undefined || update.timestamp > before.timestamp) last.set(update.domain, update);
  }
  return new Set([...last.values()].filter(({ wanted }) => wanted === 'present').map(({ domain }) => domain));
}
