import { fc } from '../support/property.ts';
import type { Run } from './simulate.ts';

export interface SearchTerms<H> {
  readonly histories: fc.Arbitrary<H>;
  readonly play: (history: H) => Promise<Run>;
  /** Which histories are played, by their index, until one fails; by default all. */
  readonly plays?: (index: number) => boolean;
  /** Faults in other words do not count. */
  readonly breaks?: RegExp;
  readonly runs: number;
  readonly seed: number;
  /** How long it looks for a shorter history after the first that fails: each takes seconds, and there is ever a shorter one. */
  readonly shortenForMs: number;
  /** Milliseconds of a clock that only moves forward. */
  readonly now: () => number;
  /** Told of every history that was played, and of the number of those that failed so far. */
  readonly onPlayed?: (played: number, failed: number) => void;
  /** Told of the first history that fails, before a shorter one is looked for. */
  readonly onFailure?: (found: Found<H>) => void;
}

/** A history that breaks a promise. */
export interface Found<H> extends Run {
  readonly history: H;
}

export interface SearchResult<H> {
  /** Histories that were played until the first that failed. */
  readonly played: number;
  /** The shortest history that was found in time; undefined: none fails. */
  readonly found: Found<H> | undefined;
  /** The index of the first history that fails. */
  readonly foundAt: number | undefined;
}

/** What a task throws is as wrong as a broken promise. */
async function playSafely<H>({ play }: Pick<SearchTerms<H>, 'play'>, history: H): Promise<Run> {
  try {
    return await play(history);
  } catch (error) {
    const told = error instanceof Error ? error.stack : String(error);
    return { faults: [`a task threw ${told}`], log: [] };
  }
}

/** Looks for a history that breaks a promise, and then, for a limited time, for the shortest one. */
export async function search<H>(terms: SearchTerms<H>): Promise<SearchResult<H>> {
  const { histories, plays = () => true, breaks = /^/, runs, seed, shortenForMs, now } = terms;
  let index = -1;
  let foundAt: number | undefined;
  let played = 0;
  let failed = 0;
  let shortenUntil = Number.POSITIVE_INFINITY;
  let found: Found<H> | undefined;
  const holds = async (history: H): Promise<boolean> => {
    if (now() >= shortenUntil) return true;
    if (found === undefined && !plays(++index)) return true;
    const { faults, log } = await playSafely(terms, history);
    const run = { history, faults: faults.filter((fault) => breaks.test(fault)), log };
    const isFault = run.faults.length > 0;
    if (found === undefined) played++;
    if (isFault) {
      if (found === undefined) {
        foundAt = index;
        shortenUntil = now() + shortenForMs;
        terms.onFailure?.(run);
      }
      // Every history that still fails is shorter than the one before.
      found = run;
      failed++;
    }
    terms.onPlayed?.(played, failed);
    return !isFault;
  };
  await fc.check(fc.asyncProperty(histories, holds), {
    numRuns: runs,
    seed,
    endOnFailure: shortenForMs === 0,
  });
  return { played, found, foundAt };
}
