import type * as z from 'zod/mini';

/** Accepts a schema only if it describes all of T and nothing but T, so that neither can change alone. */
export function exactly<T>() {
  return <S extends z.ZodMiniType<T>>(schema: T extends z.output<S> ? S : never): S => schema;
}
