/** Clocks of workers agree within that (docs/rules.md, "Schedule"), so a message that comes this early counts as due. */
export const CLOCKS_AGREE_MS = 5_000;

/** RFC 3339 in UTC with milliseconds, the one form of time this service shows. */
export function toInstant(epochMs: number): string {
  return new Date(epochMs).toISOString();
}
