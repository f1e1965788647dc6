export const MINUTE_MS = 60_000;
export const HOUR_MS = 60 * MINUTE_MS;
export const DAY_MS = 24 * HOUR_MS;

/** The clocks of workers agree within this (docs/rules.md, "Schedule"), so a message that comes this early counts as due. */
export const CLOCKS_AGREE_MS = 5_000;

/** Longer than the 30 days for which an update is accepted, and than any month whose calls are counted. */
export const REMEMBERED_MS = 32 * DAY_MS;

/** RFC 3339 in UTC with milliseconds, the one form of time this service shows. */
export function toInstant(epochMs: number): string {
  return new Date(epochMs).toISOString();
}

/** Seconds since the epoch, rounded up: the form of DynamoDB's TTL. */
export function toTtl(epochMs: number): number {
  return Math.ceil(epochMs / 1_000);
}
