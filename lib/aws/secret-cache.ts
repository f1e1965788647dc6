import { Unavailable } from '../errors.ts';
import { InvalidSecret } from '../settings/invalid-secret.ts';
import type { Secrets } from '../settings/settings.ts';
import { SECRET_LEAST_AGE_MS } from '../sync/ledger/budgets.ts';
import type { Clock } from '../sync/ledger/ports.ts';

const keptMs = 300_000;
const unknownKeptMs = 60_000;
/** Callers can send any name, so the number of unknown names kept is limited. */
const maxUnknown = 1_000;

/**
 * A caller can send any name, and each costs a read at Secrets Manager. An operator who mistypes a name, or a network
 * before its secret exists, stays far below.
 */
const mostUnknownReads = 10;
const unknownReadsMs = 60_000;

type SecretAnswer<T> =
  | { readonly kind: 'known'; readonly settings: T }
  | { readonly kind: 'unknown' }
  | { readonly kind: 'faulty'; readonly fault: InvalidSecret };

type Kept<T> = SecretAnswer<T> & {
  readonly askedAt: number;
  /** Read for a caller that asked for a fresh answer. */
  readonly anew: boolean;
};

const keptFor = { known: keptMs, unknown: unknownKeptMs, faulty: SECRET_LEAST_AGE_MS } as const;

/** Counts the reads of names that turn out to be unknown. A read that has begun counts until its answer is there. */
function unknownReads(clock: Pick<Clock, 'now'>) {
  let begun: number[] = [];
  return {
    /** How long this minute's reads are used up; 0: there is room. */
    fullForMs(): number {
      const now = clock.now();
      begun = begun.filter((at) => at > now - unknownReadsMs);
      const [oldest = now] = begun;
      return begun.length < mostUnknownReads ? 0 : oldest + unknownReadsMs - now;
    },
    begin(): { takeBack: () => void } {
      const at = clock.now();
      begun.push(at);
      return { takeBack: () => void begun.splice(begun.indexOf(at), 1) };
    },
  };
}

/**
 * Keeps answers of `ask` (undefined: no such network), each kind for its own time. A failed read drops the kept answer,
 * because old settings may be revoked. `limited`: names come from callers, so few reads are spent on unknown ones, and
 * beyond them `Unavailable('secrets')` is thrown, because the name may be a new network's.
 */
export function cachedSecrets<T>(
  ask: (network: string) => Promise<T | undefined>,
  clock: Pick<Clock, 'now'>,
  { limited = false } = {},
): Secrets<T> {
  const limit = unknownReads(clock);
  const existing = new Set<string>();
  const kept = new Map<string, Kept<T>>();
  const unknown = new Map<string, Kept<T>>();
  const asking = new Map<string, Promise<SecretAnswer<T>>>();

  const forget = (network: string) => {
    kept.delete(network);
    unknown.delete(network);
  };

  const keep = (network: string, answer: Kept<T>) => {
    forget(network);
    (answer.kind === 'unknown' ? unknown : kept).set(network, answer);
    const [oldest] = unknown.keys();
    if (unknown.size > maxUnknown && oldest !== undefined) unknown.delete(oldest);
  };

  const answerOf = async (network: string): Promise<SecretAnswer<T>> => {
    try {
      const settings = await ask(network);
      return settings === undefined ? { kind: 'unknown' } : { kind: 'known', settings };
    } catch (error) {
      if (error instanceof InvalidSecret) return { kind: 'faulty', fault: error };
      throw error;
    }
  };

  const askAnew = async (network: string, anew: boolean): Promise<SecretAnswer<T>> => {
    const askedAt = clock.now();
    const counted = existing.has(network) ? undefined : limit.begin();
    try {
      const answer = await answerOf(network);
      if (answer.kind === 'unknown') existing.delete(network);
      else {
        existing.add(network);
        counted?.takeBack();
      }
      keep(network, { ...answer, askedAt, anew });
      return answer;
    } catch (error) {
      forget(network);
      throw error;
    } finally {
      asking.delete(network);
    }
  };

  const current = (network: string, fresh: boolean): SecretAnswer<T> | undefined => {
    const last = kept.get(network) ?? unknown.get(network);
    if (last === undefined) return undefined;
    const ageMs = clock.now() - last.askedAt;
    if (!fresh) return ageMs < keptFor[last.kind] ? last : undefined;
    // Limits fresh reads only: an ordinary read a moment ago must not hide a rotation from the caller that met it.
    const spent = last.anew || last.kind !== 'known';
    return spent && ageMs < SECRET_LEAST_AGE_MS ? last : undefined;
  };

  /** Concurrent callers share one read: a second one would be no fresher. */
  const asked = (network: string, fresh: boolean): Promise<SecretAnswer<T>> => {
    const running = asking.get(network);
    if (running !== undefined) return running;
    const waitMs = limited && !existing.has(network) ? limit.fullForMs() : 0;
    if (waitMs > 0) {
      const last = current(network, false);
      if (last !== undefined) return Promise.resolve(last);
      const cause = new Error('Too many calls name networks that do not exist');
      return Promise.reject(new Unavailable('secrets', cause, waitMs));
    }
    const started = askAnew(network, fresh);
    asking.set(network, started);
    return started;
  };

  return {
    async settings(network, { fresh = false } = {}) {
      const answer = current(network, fresh) ?? (await asked(network, fresh));
      if (answer.kind === 'faulty') throw answer.fault;
      return answer.kind === 'known' ? answer.settings : undefined;
    },
  };
}
