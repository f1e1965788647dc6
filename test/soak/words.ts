import type { Dice } from '../simulator/dice.ts';
import { isNewer } from '../support/is-newer.ts';

/** One word of a multisite, as it happened there. */
export interface SoakWord {
  readonly network: string;
  readonly domain: string;
  readonly wanted: 'present' | 'absent';
  readonly timestamp: string;
  readonly id: string;
}

const duplicates = 0.05;
const lateWords = 0.1;
const removals = 0.4;

/** As many as one process of emulators can hold open at once; of a longer run each has more words. */
const mostDomains = 1_000;

/** So many words about a third as many domains, in the order in which they happened. */
const happened = (events: number, networks: readonly string[], dice: Dice, now: number): SoakWord[] => {
  const domains = Math.min(mostDomains, Math.max(5, Math.ceil(events / 3)));
  return Array.from({ length: events }, (_, i) => {
    const number = dice.between(1, domains);
    return {
      network: networks[number % networks.length] ?? '',
      domain: `shop-${number}.acme-bikes.com`,
      wanted: dice.chance(removals) ? 'absent' : 'present',
      // Some happen in the same millisecond: then the id decides.
      timestamp: new Date(now - Math.floor((events - i) / 2)).toISOString(),
      id: `msg_${dice.between(1, 1e9)}`,
    };
  });
};

/** The same words as they are sent: some twice, some long after newer ones. */
export const deliveries = (
  events: number,
  networks: readonly string[],
  dice: Dice,
  now: number,
): SoakWord[] =>
  happened(events, networks, dice, now)
    .flatMap((word, at) => [
      { word, at: at + (dice.chance(lateWords) ? dice.between(1, events / 4) : dice.between(0, 3)) },
      ...(dice.chance(duplicates) ? [{ word, at: at + dice.between(0, events / 4) }] : []),
    ])
    .sort((a, b) => a.at - b.at)
    .map(({ word }) => word);

/** The names that a network wants in the end, by the last word about each. */
export const wantedBy = (words: readonly SoakWord[], network: string): Set<string> => {
  const last = new Map<string, SoakWord>();
  for (const word of words) {
    if (word.network !== network) continue;
    const before = last.get(word.domain);
    if (before === undefined || isNewer(word, before)) last.set(word.domain, word);
  }
  return new Set([...last.values()].filter(({ wanted }) => wanted === 'present').map(({ domain }) => domain));
};
