import { message, type Reply } from './replies.ts';
import type { Workspace, World } from './state.ts';

const minuteMs = 60_000;

interface Window {
  startedAt: number;
  calls: number;
}

/** Counts calls: per token in windows of a minute that begin with the first call, per workspace by calendar month. */
export const callLimits = (world: World) => {
  const windows = new Map<string, Window>();
  const months = new Map<Workspace, { month: string; calls: number }>();

  const windowOf = (token: string): Window => {
    const now = world.clock.now();
    const open = windows.get(token);
    if (open !== undefined && now < open.startedAt + minuteMs) return open;
    const fresh = { startedAt: now, calls: 0 };
    windows.set(token, fresh);
    return fresh;
  };

  const retryAfter = (untilMs: number): Record<string, string> => {
    const seconds = Math.ceil((untilMs - world.clock.now()) / 1000);
    switch (world.switches.retryAfter) {
      case 'absent':
        return {};
      case 'seconds':
        return { 'retry-after': String(seconds) };
      case 'date':
        // Rounded up: a date has no fractions, and one second early would be one second too early.
        return { 'retry-after': new Date(Math.ceil(untilMs / 1000) * 1000).toUTCString() };
    }
  };

  return {
    /** Counts one call of that token. The headers go on every answer. */
    count(token: string): { headers: Record<string, string>; refusal: Reply | undefined } {
      const { callsPerMinute } = world.switches;
      const window = windowOf(token);
      const over = window.calls >= callsPerMinute;
      if (!over) window.calls += 1;
      const headers = {
        'x-ratelimit-limit': String(callsPerMinute),
        'x-ratelimit-remaining': String(Math.max(0, callsPerMinute - window.calls)),
      };
      const refusal = message(429, 'Too Many Attempts.', retryAfter(window.startedAt + minuteMs));
      return { headers, refusal: over ? refusal : undefined };
    },

    /** Counts one call of that workspace against its month. */
    spend(workspace: Workspace): Reply | undefined {
      const now = new Date(world.clock.now());
      const month = now.toISOString().slice(0, 7);
      const kept = months.get(workspace);
      const calls = (kept?.month === month ? kept.calls : 0) + 1;
      if (calls > world.switches.callsPerMonth) {
        const nextMonth = Date.UTC(now.getUTCFullYear(), now.getUTCMonth() + 1);
        return message(world.switches.quotaSpent, 'API usage limit reached.', retryAfter(nextMonth));
      }
      months.set(workspace, { month, calls });
      return undefined;
    },
  };
};
