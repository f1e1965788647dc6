import { RuncloudRateLimited } from '../../../../lib/runcloud/errors.ts';
import type { Clock } from '../../../../lib/sync/ledger/ports.ts';
import type { CallGuard, Hosting } from '../../../../lib/sync/ledger/runcloud-ports.ts';
import type { MemoryHosting } from '../../../doubles/hosting.ts';

const WINDOW_MS = 60_000;

/** Counts calls per minute as RunCloud does, and their results. */
export interface Limit {
  readonly perMinute: number;
  windowAt: number;
  used: number;
  calls: number;
  limited: number;
}

export function newLimit(perMinute: number): Limit {
  return {
    perMinute,
    windowAt: 0,
    used: 0,
    calls: 0,
    limited: 0,
  };
}

/** Whether RunCloud takes a call now. */
export function takesCall(limit: Limit, now: number): boolean {
  if (now >= limit.windowAt + WINDOW_MS) Object.assign(limit, { windowAt: now, used: 0 });
  limit.calls++;
  limit.used++;
  if (limit.used <= limit.perMinute) return true;
  limit.limited++;
  return false;
}

/** A RunCloud that answers in a moment, until the minute's calls are used up. */
export function limitedHosting(
  hosting: MemoryHosting,
  limit: Limit,
  guard: CallGuard,
  clock: Clock,
  answersInMs: () => number,
): Hosting {
  const call = async <T>(act: () => Promise<T>): Promise<T> => {
    await guard.before();
    await clock.sleep(answersInMs());
    const passed = takesCall(limit, clock.now());
    const remaining = Math.max(0, limit.perMinute - limit.used);
    const answer = { limit: limit.perMinute, remaining, retryAfterMs: undefined };
    await guard.after({ ...answer, status: passed ? 200 : 429 });
    if (!passed) throw new RuncloudRateLimited('too many calls', { method: 'GET', path: '/', status: 429 });
    return act();
  };
  return {
    find: (id) => call(() => hosting.find(id)),
    page: (number) => call(() => hosting.page(number)),
    add: (domain) => call(() => hosting.add(domain)),
    remove: (id) => call(() => hosting.remove(id)),
    updateDomain: (id, to) => call(() => hosting.updateDomain(id, to)),
  };
}
