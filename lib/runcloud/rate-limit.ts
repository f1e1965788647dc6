import { parseRetryAfter } from '../retry-after.ts';

/** What an answer says about RunCloud's rate limit. Undefined: it does not say. */
export interface RateLimit {
  /** Calls a minute. */
  readonly limit: number | undefined;
  readonly remaining: number | undefined;
  readonly retryAfterMs: number | undefined;
}

function count(value: string | null): number | undefined {
  return value !== null && /^\d{1,9}$/.test(value.trim()) ? Number(value) : undefined;
}

export function rateLimitOf(headers: Headers, now: number): RateLimit {
  return {
    limit: count(headers.get('x-ratelimit-limit')),
    remaining: count(headers.get('x-ratelimit-remaining')),
    retryAfterMs: parseRetryAfter(headers.get('retry-after'), now),
  };
}
