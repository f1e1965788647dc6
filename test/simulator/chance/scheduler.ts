import { setImmediate as turn } from 'node:timers/promises';
import type { Random } from './random.ts';

export type Sent = (arrivesAt: number | undefined) => void;

/** A task that waits to be picked, or for a time to come. */
interface Parked {
  readonly actor: Actor;
  readonly step: string;
  readonly notBefore: number;
  readonly parkedAt: number;
  readonly resume: () => void;
  /** Told if the task is killed there: what it has sent by then may still arrive at a time, or (undefined) it does not. */
  readonly sent: Sent | undefined;
}

/** One running piece of the service: an API handler's call, a worker's pass, a sweep. It dies at its deadline. */
export interface Actor {
  readonly name: string;
  readonly deadlineAt: number;
  /** Its host's clock is fast by this much now. */
  readonly skewMs?: () => number;
  /** May be killed between any two steps. */
  readonly mortal: boolean;
}

/** A ready task is not kept waiting longer: a real machine is slow for seconds, not for hours. */
const STARVED_MS = 90_000;
const LONGEST_STALL_MS = 45_000;
const LATEST_ARRIVAL_MS = 5_000;
const SHORTEST_DELAY_MS = 1_000;
/** How often a slow task is slow to reach a step. */
const SLOW_STEP = 0.15;

/** A tick comes once every task waits for its next step: nothing here waits for a socket, a file or a timer. */
function drained(): Promise<void> {
  return new Promise((resume) => process.nextTick(resume));
}

/**
 * Runs tasks one step at a time, in an order that only the random know. Between two steps anything may happen: another
 * task goes on, time passes, or the task is killed and never goes on.
 */
export class Scheduler {
  readonly #random: Random;
  /** Random of their own: how slow tasks are changes nothing else in a history. */
  readonly #slowRandom: Random;
  readonly #parked: Parked[] = [];
  readonly #timers: { at: number; run: () => void }[] = [];
  readonly #ends = new Map<Actor, () => void>();
  readonly #slow = new WeakSet<Actor>();
  readonly #over = new WeakSet<Actor>();
  #now: number;
  /** How likely a task is killed at a step, time stalls for all before one, a task that starts is a slow one, and what a killed one has sent arrives. */
  readonly chances = { kill: 0, stall: 0, slow: 0, runsOn: 0 };
  readonly log: string[] = [];
  /** How many tasks have been killed so far. */
  kills = 0;
  failure: unknown;
  /** Told of every kill. */
  onKill: (actor: Actor) => void = () => undefined;
  /** Told of a step that a task makes when it is over. */
  onRunOn: (actor: Actor, step: string) => void = () => undefined;
  /** Told whenever a task is over, killed or not. */
  onEnd: () => void = () => undefined;

  constructor(random: Random, slowRandom: Random, startAt: number) {
    this.#random = random;
    this.#slowRandom = slowRandom;
    this.#now = startAt;
  }

  now(): number {
    return this.#now;
  }

  isOver(actor: Actor): boolean {
    return this.#over.has(actor);
  }

  note(line: string): void {
    this.log.push(`${new Date(this.#now).toISOString()} ${line}`);
  }

  /** Parks the calling task until it is picked; it may never be. */
  step(actor: Actor, step: string, notBefore = this.#now, sent?: Sent): Promise<void> {
    if (this.#over.has(actor)) this.onRunOn(actor, step);
    const readyAt = notBefore + this.#delayMs(actor, step, notBefore);
    return new Promise((resume) => {
      this.#parked.push({ actor, step, notBefore: readyAt, parkedAt: this.#now, resume, sent });
    });
  }

  /**
   * A step of a slow task may take seconds to minutes, while others finish all they do. It never takes more than half of
   * the time the task has left, so slowness alone kills no task.
   */
  #delayMs(actor: Actor, step: string, from: number): number {
    if (!this.#slow.has(actor) || !this.#slowRandom.chance(SLOW_STEP)) return 0;
    const { name, deadlineAt } = actor;
    const longestMs = Math.floor((deadlineAt - from) / 2);
    if (longestMs < SHORTEST_DELAY_MS) return 0;
    const delayMs = this.#slowRandom.between(SHORTEST_DELAY_MS, longestMs);
    this.note(`${name} takes ${Math.round(delayMs / 1_000)} s for ${step}`);
    return delayMs;
  }

  /** Ends the calling task here: what it sent may still arrive, but it never goes on. */
  die(actor: Actor, step: string): Promise<never> {
    this.#kill(actor, step);
    return new Promise(() => undefined);
  }

  at(time: number, run: () => void): void {
    this.#timers.push({ at: time, run });
  }

  /** Starts a task now. It calls `ended` when the task is over or killed. An error it throws ends the simulation. */
  start(actor: Actor, task: () => Promise<void>, ended: () => void = () => undefined): void {
    this.#ends.set(actor, ended);
    if (this.#slowRandom.chance(this.chances.slow)) this.#slow.add(actor);
    task()
      .catch((error: unknown) => {
        this.failure ??= error;
      })
      .finally(() => this.#end(actor));
  }

  #end(actor: Actor): void {
    this.#over.add(actor);
    const ended = this.#ends.get(actor);
    this.#ends.delete(actor);
    ended?.();
    this.onEnd();
  }

  /** Runs until nothing is left to do before `endAt`. Throws what a task threw. */
  async run(endAt: number): Promise<void> {
    // Signals, and the test's own timer, get their turn.
    await turn();
    for (;;) {
      await drained();
      if (this.failure !== undefined) throw this.failure;
      const ready = this.#parked.filter(({ notBefore }) => notBefore <= this.#now);
      if (ready.length > 0) {
        this.#stepOne(ready);
        continue;
      }
      const next = this.#nextTime();
      if (next === undefined || next > endAt) return;
      this.#now = Math.max(this.#now, next);
      this.#fireTimers();
    }
  }

  #stepOne(ready: readonly Parked[]): void {
    const starved = ready.find(
      ({ parkedAt, notBefore }) => this.#now - Math.max(parkedAt, notBefore) > STARVED_MS,
    );
    if (starved === undefined && this.#random.chance(this.chances.stall)) {
      this.#now += this.#random.between(1, LONGEST_STALL_MS);
      this.#fireTimers();
      return;
    }
    const picked = starved ?? this.#random.pick(ready);
    const overdue = this.#now >= picked.actor.deadlineAt;
    if (overdue || (picked.actor.mortal && this.#random.chance(this.chances.kill))) {
      this.#kill(picked.actor, picked.step);
      return;
    }
    this.#parked.splice(this.#parked.indexOf(picked), 1);
    picked.resume();
  }

  /** All that the actor had under way ends with it, as in a Lambda that is stopped. */
  #kill(actor: Actor, step: string): void {
    this.note(`${actor.name} killed at ${step}`);
    this.kills++;
    this.onKill(actor);
    for (let i = this.#parked.length - 1; i >= 0; i--) {
      if (this.#parked[i]?.actor !== actor) continue;
      const [{ sent } = { sent: undefined }] = this.#parked.splice(i, 1);
      if (sent === undefined) continue;
      const arrives = this.chances.runsOn > 0 && this.#slowRandom.chance(this.chances.runsOn);
      sent(arrives ? this.#now + this.#slowRandom.between(0, LATEST_ARRIVAL_MS) : undefined);
    }
    this.#end(actor);
  }

  #nextTime(): number | undefined {
    const times = [...this.#parked.map(({ notBefore }) => notBefore), ...this.#timers.map(({ at }) => at)];
    return times.length === 0 ? undefined : Math.min(...times);
  }

  #fireTimers(): void {
    const due = this.#timers.filter(({ at }) => at <= this.#now).sort((a, b) => a.at - b.at);
    for (const timer of due) {
      this.#timers.splice(this.#timers.indexOf(timer), 1);
      timer.run();
    }
  }
}
