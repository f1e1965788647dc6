import type { Clock } from '../../lib/sync/ledger/ports.ts';

export interface ManualClock extends Clock {
  /** Moves time forward and wakes, in order, the sleepers whose time has come; what they do next runs before it returns. */
  advance(ms: number): Promise<void>;
  /** When the next sleeper wakes; undefined if none sleeps. */
  nextDueAt(): number | undefined;
}

interface Sleeper {
  readonly at: number;
  readonly requeue: () => void;
}

/** Lets every promise that can go on do so; a macrotask runs only once no microtask is left. */
function settle() {
  return new Promise<void>((resolve) => setImmediate(resolve));
}

/** Time that stands still until a test moves it. */
export function manualClock(startMs = 0): ManualClock {
  let nowMs = startMs;
  const sleepers: Sleeper[] = [];

  return {
    now: () => nowMs,
    sleep: (ms) =>
      new Promise<void>((requeue) => {
        const at = nowMs + Math.max(0, ms);
        const later = sleepers.findIndex((sleeper) => sleeper.at > at);
        sleepers.splice(later === -1 ? sleepers.length : later, 0, { at, requeue });
      }),
    nextDueAt: () => sleepers[0]?.at,
    async advance(ms) {
      const target = nowMs + ms;
      // A sleeper may fall asleep again within the stretch, so the list is read again after each one.
      for (let next = sleepers[0]; next !== undefined && next.at <= target; next = sleepers[0]) {
        sleepers.shift();
        nowMs = next.at;
        next.requeue();
        await settle();
      }
      nowMs = target;
      await settle();
    },
  };
}
