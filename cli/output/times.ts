import type { Io } from '../io.ts';

const MINUTE_S = 60;
const HOUR_S = 3_600;
const DAY_S = 86_400;

/** A span of time as a person says it: 45 s, 12 min, 3 h, 5 d. */
export function span(ms: number): string {
  const seconds = Math.max(0, Math.round(ms / 1_000));
  if (seconds < 2 * MINUTE_S) return `${seconds} s`;
  if (seconds < 2 * HOUR_S) return `${Math.round(seconds / MINUTE_S)} min`;
  if (seconds < 2 * DAY_S) return `${Math.round(seconds / HOUR_S)} h`;
  return `${Math.round(seconds / DAY_S)} d`;
}

/** When something is to happen. */
export type When = (instant: string) => string;

/** As a person on a terminal sees it, from now on. Elsewhere the instant itself: a log does not need each second. */
export function whenSeen({ stdout, now }: Pick<Io, 'stdout' | 'now'>): When {
  if (stdout.isTTY !== true) return toSecond;
  const nowMs = now();
  return (instant) => {
    const ms = Date.parse(instant) - nowMs;
    return ms <= 0 ? 'now' : `in ${span(ms)}`;
  };
}

/** An instant to the second, in UTC. */
export function toSecond(instant: string): string {
  return instant.replace('T', ' ').replace(/\.\d+Z$/, 'Z');
}
