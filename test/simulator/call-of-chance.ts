import type { RelayError } from '../../lib/errors.ts';
import {
  RuncloudBlocked,
  RuncloudForbidden,
  RuncloudNotFound,
  RuncloudRateLimited,
  RuncloudTimeout,
  RuncloudUnauthorized,
  RuncloudUnavailable,
} from '../../lib/runcloud/errors.ts';
import type { Gate } from '../../lib/sync/ports.ts';
import type { Dice } from './dice.ts';
import type { TroubleKind } from './scenario.ts';
import type { Actor, Scheduler } from './scheduler.ts';

/**
 * What may befall a call. `blocked`: a web page in place of an answer, done or not. `lost`: done, no answer. `late`: no
 * answer now, done minutes later. `silent`: done, and the answer does not show it.
 */
export const FAULTS = ['limited', 'unavailable', 'blocked', 'lost', 'late', 'silent'] as const;
export type Fault = (typeof FAULTS)[number];

export interface RuncloudChances {
  /** How likely a call meets a fault at all, and which ones there are. */
  probability: number;
  faults: readonly Fault[];
  /** How likely a worker does not survive the wait for a late answer. */
  killedWaiting: number;
}

/** A write without an answer lands within the window that the rules watch (docs/rules.md, "Lost answers"). */
const LATEST_LANDING_MS = 10 * 60_000;

interface World {
  readonly scheduler: Scheduler;
  readonly dice: Dice;
  readonly chances: RuncloudChances;
  readonly trouble: TroubleKind | null;
  readonly token: { readonly accepted: string };
}

/** What RunCloud says while the whole network is in trouble. A token without rights may still read. */
const denial = (
  { trouble, token }: Pick<World, 'trouble' | 'token'>,
  shown: string,
  facts: { readonly method: string; readonly path: string },
): RelayError | undefined => {
  if (trouble === 'unauthorized' || shown !== token.accepted)
    return new RuncloudUnauthorized('wrong token', { ...facts, status: 401 });
  if (trouble === 'app-gone') return new RuncloudNotFound('no such application', { ...facts, status: 404 });
  if (trouble === 'forbidden' && facts.method !== 'GET') {
    return new RuncloudForbidden('may not write', { ...facts, status: 403 });
  }
  return undefined;
};

/** What every call to RunCloud of one worker goes through. */
export interface Surroundings {
  readonly world: World;
  readonly actor: Actor;
  readonly gate: Gate;
  /** The token that the worker keeps. */
  readonly token: string;
  readonly watch: {
    readonly begins: (op: string) => void;
    readonly ends: () => void;
    readonly denied: () => void;
  };
  readonly timeoutMs: number;
}

/** A call is a step of the schedule, and may fail in every way a call can. */
export const callOfChance = ({ world, actor, gate, watch, timeoutMs, token }: Surroundings) => {
  const { scheduler, dice, chances } = world;

  return async <T>(
    op: string,
    write: boolean,
    act: (sentAt: number) => Promise<T>,
    bare: (answer: T) => T,
  ): Promise<T> => {
    await gate.before();
    await scheduler.step(actor, `before ${op}`);
    watch.begins(op);
    const sentAt = scheduler.now();
    const facts = { method: write ? 'POST' : 'GET', path: `/${op}` };
    const done = async <R>(end: () => R | Promise<R>): Promise<R> => {
      await scheduler.step(actor, `after ${op}`);
      watch.ends();
      return end();
    };
    const denied = denial(world, token, facts);
    if (denied !== undefined) {
      watch.denied();
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
      case 'blocked':
        if (write && dice.chance(0.5)) await act(sentAt).catch(() => undefined);
        return done(() => {
          throw new RuncloudBlocked('a web page', { ...facts, status: 200, unanswered: write });
        });
      case 'lost':
        await act(sentAt).catch(() => undefined);
        return done(() => {
          throw new RuncloudTimeout('no answer', { ...facts, unanswered: write });
        });
      case 'late':
        if (write) {
          scheduler.at(scheduler.now() + dice.between(1, LATEST_LANDING_MS), () => {
            scheduler.note(`${actor.name} ${op} lands`);
            act(sentAt).catch(() => undefined); // nobody hears what RunCloud answers now
          });
        }
        // Lambda stops the call that waits; what it sent lands all the same.
        if (write && dice.chance(chances.killedWaiting)) await scheduler.die(actor, `waiting for ${op}`);
        await scheduler.step(actor, `waiting for ${op}`, scheduler.now() + timeoutMs);
        return done(() => {
          throw new RuncloudTimeout('no answer', { ...facts, unanswered: write });
        });
      case 'silent': {
        // A success that does not show what it did.
        const answer = act(sentAt);
        answer.catch(() => undefined);
        return done(async () => bare(await answer));
      }
      case undefined: {
        const answer = act(sentAt);
        answer.catch(() => undefined);
        await gate.after({ status: 200, limit: 60, remaining: undefined, retryAfterMs: undefined });
        return done(() => answer);
      }
    }
  };
};
