/** SQS delays a message no longer (docs/external-systems.md, "AWS"). */
export const LONGEST_DELAY_SECONDS = 900;

/** The delay of a message for work that is due in `ms`; a longer wait ends with a message that comes early. */
export function toDelaySeconds(ms: number): number {
  return Math.min(Math.max(0, Math.ceil(ms / 1_000)), LONGEST_DELAY_SECONDS);
}
