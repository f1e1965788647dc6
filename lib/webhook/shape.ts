import { z } from 'zod';
import { BadEvent } from './bad-event.ts';

/** A message for a field that may also be absent: what is not there needs another sentence than what is wrong. */
export function must(message: string) {
  return (issue: { readonly input?: unknown }): string =>
    issue.input === undefined ? 'Is missing' : message;
}

const idMessage = 'Must be a whole number, or its digits in a string';

/** An id of WordPress. PHP hands over what the database gave it, so digits in a string are as good as a number. */
export const idSchema = z
  .union([z.number(), z.string().regex(/^\d{1,16}$/, idMessage)], { error: must(idMessage) })
  .transform(Number)
  .refine((id) => Number.isSafeInteger(id) && id >= 0, idMessage);

/** Reads JSON out of the bytes that were signed. Throws `BadEvent`. */
export function parseJson(body: Uint8Array): unknown {
  try {
    return JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(body));
  } catch {
    // The engine's own message quotes the body.
    throw new BadEvent('not-json', [{ path: '', message: 'Must be JSON in UTF-8' }]);
  }
}

/** `json` as `schema` sees it; fields the schema does not name are dropped. Throws `BadEvent`. */
export function shaped<T>(json: unknown, schema: z.ZodType<T>): T {
  const result = schema.safeParse(json);
  if (result.success) return result.data;
  const issues = result.error.issues.map(({ path, message }) => ({ path: path.join('.'), message }));
  throw new BadEvent('bad-shape', issues);
}
