import * as z from 'zod/mini';
import { parsedWith } from '../parsed-with.ts';
import { BadEvent } from './bad-event.ts';

/** The message for a wrong field. A missing field gets its own sentence. */
export function must(message: string) {
  return (issue: { readonly input?: unknown }): string =>
    issue.input === undefined ? 'Is missing' : message;
}

const idMessage = 'Must be a whole number, or its digits in a string';

/** An id of WordPress. PHP passes on what the database returns, so digits in a string are accepted too. */
export const idSchema = parsedWith(
  z.union([z.number(), z.string().check(z.regex(/^\d{1,16}$/, idMessage))], { error: must(idMessage) }),
  (value, refuse) => {
    const id = Number(value);
    return Number.isSafeInteger(id) && id >= 0 ? id : refuse(idMessage);
  },
);

/** Kept, because making one takes longer than decoding an event. */
const utf8 = new TextDecoder('utf-8', { fatal: true });

/** Parses a body as JSON. Throws `BadEvent`. */
export function parseJson(body: Uint8Array): unknown {
  try {
    return JSON.parse(utf8.decode(body));
  } catch {
    // The engine's own message quotes the body.
    throw new BadEvent('not-json', [{ path: '', message: 'Must be JSON in UTF-8' }]);
  }
}

/** Parses `json` with `schema`, which drops unknown fields. Throws `BadEvent`. */
export function shaped<T>(json: unknown, schema: z.ZodMiniType<T>): T {
  const result = schema.safeParse(json);
  if (result.success) return result.data;
  const issues = result.error.issues.map(({ path, message }) => ({ path: path.join('.'), message }));
  throw new BadEvent('bad-shape', issues);
}
