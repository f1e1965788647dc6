import * as z from 'zod/mini';

/** Refuses a field with a message about it. */
export type Refuse = (message: string) => typeof z.NEVER;

/** A schema that parses further what `schema` admits: `parse` returns the value of the field, or refuses it. */
export function parsedWith<A, I, T>(schema: z.ZodMiniType<A, I>, parse: (value: A, refuse: Refuse) => T) {
  return z.pipe(
    schema,
    z.transform(
      (value: A, { issues }): T =>
        parse(value, (message) => {
          issues.push({ code: 'custom', message, input: value });
          return z.NEVER;
        }),
    ),
  );
}
