/** RFC 3339 in UTC with milliseconds, the one form of time this service shows. */
export const toInstant = (epochMs: number): string => new Date(epochMs).toISOString();
