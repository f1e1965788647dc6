import { knock, type Listeners, type Saying } from './knock.ts';
import { DOMAINS, type PlannedWord } from './planned-words.ts';
import type { PlannedRetry } from './ssl-plan.ts';
import { START, type World } from './world.ts';

export const domainOf = (word: Pick<PlannedWord, 'domain'>): string =>
  DOMAINS[word.domain % DOMAINS.length] ?? DOMAINS[0];

/** The id and time under which the multisite says a word, the same in every copy of it. */
export const versionOf = (
  word: Pick<PlannedWord, 'saidAt'> & Partial<Pick<PlannedWord, 'fast'>>,
  index: number,
): { id: string; timestamp: string } => ({
  id: `word-${String(index).padStart(2, '0')}`,
  timestamp: new Date(START + (word.saidAt + (word.fast ?? 0)) * 1_000).toISOString(),
});

const sayingOf = (index: number, word: PlannedWord): Saying => ({
  ...versionOf(word, index),
  door: word.wanted === 'present' ? 'domain-added' : 'domain-removed',
  data: { domain: domainOf(word), siteId: 12, domainId: 50 + word.domain, www: word.www },
});

/** Brings one copy of a word to its door. */
export const deliver = (world: World, index: number, word: PlannedWord, listeners: Listeners): void => {
  knock(world, sayingOf(index, word), listeners, (how) => {
    world.unconfirmed--;
    if (how === 'confirmed') world.heard.add(index);
  });
};

/** Brings a copy of a word that nobody waits for any more. */
export const deliverLate = (world: World, index: number, word: PlannedWord, listeners: Listeners): void =>
  knock(world, sayingOf(index, word), listeners, () => undefined);

/** How the ids of all of them begin. */
export const RETRY = 'retry-';

export const retryVersionOf = (retry: PlannedRetry, index: number): { id: string; timestamp: string } => ({
  ...versionOf(retry, index),
  id: `${RETRY}${String(index).padStart(2, '0')}`,
});

/** Brings one copy of an `ssl_retry`; a domain that nobody has announced yet is announced by it. */
export const deliverRetry = (
  world: World,
  index: number,
  retry: PlannedRetry,
  listeners: Listeners,
): void => {
  const domain = domainOf(retry);
  const saying: Saying = {
    ...retryVersionOf(retry, index),
    door: 'ssl-retry',
    data: { domain, reason: retry.reason },
  };
  knock(world, saying, listeners, (how) => {
    if (how === 'confirmed') world.retried.add(domain);
  });
};
