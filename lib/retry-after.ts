/** The longest wait that one answer can impose, whatever its header says. */
const longestWaitMs = 24 * 60 * 60 * 1000;

/** Seconds or an HTTP date (RFC 9110, 10.2.3). A date in the past asks for no wait. */
export function parseRetryAfter(value: string | null, now: number): number | undefined {
  const text = value?.trim() ?? '';
  if (/^\d+$/.test(text)) return Math.min(Number(text) * 1000, longestWaitMs);
  // Every form of an HTTP date begins with a weekday; Date.parse alone would read "-5" as a day in May.
  const at = /^[A-Z][a-z]{2,8},? /.test(text) ? Date.parse(text) : Number.NaN;
  return Number.isNaN(at) ? undefined : Math.min(Math.max(0, at - now), longestWaitMs);
}
