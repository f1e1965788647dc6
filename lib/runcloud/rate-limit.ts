/** What an answer says about RunCloud's rate limit. Undefined: it does not say. */
export interface RateLimit {
  /** Calls a minute. */
  readonly limit: number | undefined;
  readonly remaining: number | undefined;
  readonly retryAfterMs: number | undefined;
}

/** The longest wait that one answer can impose, whatever its header says. */
const longestWaitMs = 24 * 60 * 60 * 1000;

function count(value: string | null): number | undefined {
  return value !== null && /^\d{1,9}$/.test(value.trim()) ? Number(value) : undefined;
}

/** Seconds or an HTTP date (RFC 9110, 10.2.3). A date in the past asks for no wait. */
export function parseRetryAfter(value: string | null, now: number): number | undefined {
  const text = value?.trim() ?? '';
  if (/^\d+$/.test(text)) return Math.min(Number(text) * 1000, longestWaitMs);
  // Every form of an HTTP date begins with a weekday; Date.parse alone would read "-5" as a day in May.
  const at = /^[A-Z][a-z]{2,8},? /.test(text) ? Date.parse(text) : Number.NaN;
  return Number.isNaN(at) ? undefined : Math.min(Math.max(0, at - now), longestWaitMs);
}

export function rateLimitOf(headers: Headers, now: number): RateLimit {
  return {
    limit: count(headers.get('x-ratelimit-limit')),
    remaining: count(headers.get('x-ratelimit-remaining')),
    retryAfterMs: parseRetryAfter(headers.get('retry-after'), now),
  };
}
