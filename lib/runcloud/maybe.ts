import * as z from 'zod/mini';

/** An unreadable field counts as a missing one. */
export function maybe<S extends z.ZodMiniType>(schema: S) {
  return z.catch(z.optional(schema), undefined);
}
