import type { Workspace, World } from '../state/state.ts';
import type { Switches } from '../state/switches.ts';
import { html, message, type Reply } from './replies.ts';

interface Window {
  startedAt: number;
  calls: number;
}

function ratePage(headers: Record<string, string>): Reply {
  const page = html(429, 'You are being rate limited');
  return { ...page, headers: { ...page.headers, ...headers } };
}

/** Counts calls: per token in windows of a minute that begin with the first call, per workspace by calendar month. */
export function callLimits({ clock }: Pick<World, 'clock'>) {
  const windows = new Map<string, Window>();
  const months = new Map<Workspace, { month: string; calls: number }>();

  const windowOf = (token: string, minuteMs: number): Window => {
    const now = clock.now();
    const open = windows.get(token);
    if (open !== undefined && now < open.startedAt + minuteMs) return open;
    const fresh = { startedAt: now, calls: 0 };
    windows.set(token, fresh);
    return fresh;
  };

  const retryAfter = (untilMs: number, how: Switches['retryAfter']): Record<string, string> => {
    const seconds = Math.ceil((untilMs - clock.now()) / 1000);
    switch (how) {
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
    count(
      token: string,
      switches: Switches,
    ): { headers: Record<string, string>; refusal: Reply | undefined } {
      const { callsPerMinute, minuteMs } = switches;
      const window = windowOf(token, minuteMs);
      const over = window.calls >= callsPerMinute;
      if (!over) window.calls += 1;
      const headers = {
        'x-ratelimit-limit': String(callsPerMinute),
        'x-ratelimit-remaining': String(Math.max(0, callsPerMinute - window.calls)),
      };
      if (!over) return { headers, refusal: undefined };
      const wait = retryAfter(window.startedAt + minuteMs, switches.retryAfter);
      const isPage = switches.tooManyCalls === 'html';
      return { headers, refusal: isPage ? ratePage(wait) : message(429, 'Too Many Attempts.', wait) };
    },

    /** Counts one call of that workspace against its month. */
    spend(workspace: Workspace, switches: Switches): Reply | undefined {
      const now = new Date(clock.now());
      const month = now.toISOString().slice(0, 7);
      const kept = months.get(workspace);
      const calls = (kept?.month === month ? kept.calls : 0) + 1;
      if (calls > switches.callsPerMonth) {
        const nextMonth = Date.UTC(now.getUTCFullYear(), now.getUTCMonth() + 1);
        const headers = retryAfter(nextMonth, switches.retryAfter);
        return message(switches.quotaSpent, 'API usage limit reached.', headers);
      }
      months.set(workspace, { month, calls });
      return undefined;
    },
  };
}
