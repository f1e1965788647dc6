import type { RelayError } from '../../lib/errors.ts';
import type { MemoryHosting } from '../../lib/memory/hosting.ts';
import {
  RuncloudForbidden,
  RuncloudNotFound,
  RuncloudRateLimited,
  RuncloudTimeout,
  RuncloudUnauthorized,
  RuncloudUnavailable,
} from '../../lib/runcloud/errors.ts';
import type { Gate, Hosting } from '../../lib/sync/ports.ts';
import type { Dice } from './dice.ts';
import type { TroubleKind } from './scenario.ts';
import type { Actor, Scheduler } from './scheduler.ts';

/** What may befall a call. `lost`: done, no answer. `late`: no answer now, done minutes later. */
export const FAULTS = ['limited', 'unavailable', 'lost', 'late', 'silent'] as const;
export type Fault = (typeof FAULTS)[number];

export interface RuncloudChances {
  /** How likely a call meets a fault at all, and which ones there are. */
  probability: number;
  faults: readonly Fault[];
  /** How likely a worker does not survive the wait for a late answer. */
  killedWaiting: number;
}

const TIMEOUT_MS = 30_000;
/** A write without an answer lands within the window that the rules watch (workers.md "Ambiguity"). */
const LATEST_LANDING_MS = 10 * 60_000;

/** Nobody knows whether RunCloud guards its primary domain (contracts/runcloud-api.md §6): this one does not. */
const removeAny = async (runcloud: MemoryHosting, id: number): ReturnType<Hosting['remove']> =>
  runcloud.rows.delete(id) ? 'removed' : 'gone';

/** What RunCloud says while the whole network is in trouble. A token without rights may still read. */
const denial = (
  trouble: TroubleKind | null,
  facts: { readonly method: string; readonly path: string },
): RelayError | undefined => {
  if (trouble === 'unauthorized') return new RuncloudUnauthorized('wrong token', { ...facts, status: 401 });
  if (trouble === 'app-gone') return new RuncloudNotFound('no such application', { ...facts, status: 404 });
  if (trouble === 'forbidden' && facts.method !== 'GET') {
    return new RuncloudForbidden('may not write', { ...facts, status: 403 });
  }
  return undefined;
};

/** RunCloud as one worker meets it: every call is a step of the schedule, and may fail in every way a call can. */
export const runcloudOfChance = (
  world: { scheduler: Scheduler; dice: Dice; chances: RuncloudChances; readonly trouble: TroubleKind | null },
  runcloud: MemoryHosting,
  actor: Actor,
  gate: Gate,
  watch: { begins: (op: string) => void; ends: () => void },
): Hosting => {
  const { scheduler, dice, chances } = world;

  const call = async <T>(
    op: string,
    write: boolean,
    act: () => Promise<T>,
    bare: (answer: T) => T,
  ): Promise<T> => {
    await gate.before();
    await scheduler.step(actor, `before ${op}`);
    watch.begins(op);
    const facts = { method: write ? 'POST' : 'GET', path: `/${op}` };
    const done = async <R>(end: () => R | Promise<R>): Promise<R> => {
      await scheduler.step(actor, `after ${op}`);
      watch.ends();
      return end();
    };
    const denied = denial(world.trouble, facts);
    if (denied !== undefined) {
      return done(() => {
        throw denied;
      });
    }
    const fault = dice.chance(chances.probability) ? dice.pick(chances.faults) : undefined;
    if (fault !== undefined) scheduler.note(`${actor.name} ${op}: ${fault}`);
    switch (fault) {
      case 'limited': {
        const retryAfterMs = dice.chance(0.5) ? dice.between(1, 60) * 1_000 : undefined;
        await gate.after({ status: 429, limit: 60, remaining: 0, retryAfterMs });
        return done(() => {
          throw new RuncloudRateLimited('too many', {
            ...facts,
            ...(retryAfterMs === undefined ? {} : { retryAfterMs }),
          });
        });
      }
      case 'unavailable':
        return done(() => {
          throw new RuncloudUnavailable('no answer', { ...facts, unanswered: write });
        });
      case 'lost':
        await act();
        return done(() => {
          throw new RuncloudTimeout('no answer', { ...facts, unanswered: write });
        });
      case 'late':
        if (write) {
          scheduler.at(scheduler.now() + dice.between(1, LATEST_LANDING_MS), () => {
            scheduler.note(`${actor.name} ${op} lands`);
            act().catch(() => undefined); // nobody hears what RunCloud answers now
          });
        }
        // Lambda stops the call that waits; what it sent lands all the same.
        if (write && dice.chance(chances.killedWaiting)) await scheduler.die(actor, `waiting for ${op}`);
        await scheduler.step(actor, `waiting for ${op}`, scheduler.now() + TIMEOUT_MS);
        return done(() => {
          throw new RuncloudTimeout('no answer', { ...facts, unanswered: write });
        });
      case 'silent': {
        // A success that does not show what it did.
        const answer = await act();
        return done(() => bare(answer));
      }
      case undefined: {
        const answer = act();
        answer.catch(() => undefined);
        await gate.after({ status: 200, limit: 60, remaining: undefined, retryAfterMs: undefined });
        return done(() => answer);
      }
    }
  };

  /** The client reads a 404 at an id as an answer; only a listing tells what it means. */
  const gone = async <T>(answer: Promise<T>, instead: T): Promise<T> => {
    try {
      return await answer;
    } catch (error) {
      if (error instanceof RuncloudNotFound) return instead;
      throw error;
    }
  };

  return {
    find: (id) =>
      gone(
        call('find', false, () => runcloud.find(id), asIs),
        undefined,
      ),
    list: () => call('list', false, () => runcloud.list(), asIs),
    page: (number) => call('page', false, () => runcloud.page(number), asIs),
    add: (domain) =>
      call(
        'add',
        true,
        () => runcloud.add(domain),
        () => undefined,
      ),
    remove: (id) =>
      gone(
        call(
          'remove',
          true,
          () => removeAny(runcloud, id),
          () => 'unclear',
        ),
        'gone',
      ),
    mend: (id, to) => call('mend', true, () => runcloud.mend(id, to), asIs),
  };
};

const asIs = <T>(answer: T): T => answer;
