import { domainToASCII } from 'node:url';
import { z } from 'zod';

/** Only what we read; every other field, private keys among them, is dropped here. */

const idSchema = z.union([
  z.int().positive(),
  z
    .string()
    .regex(/^[1-9]\d{0,14}$/)
    .transform(Number),
]);

const countSchema = z.union([
  z.int().nonnegative(),
  z
    .string()
    .regex(/^\d{1,9}$/)
    .transform(Number),
]);

/** RunCloud writes flags as 0 and 1 on domains, as true and false elsewhere, and old answers as text. */
const flagSchema = z
  .union([z.boolean(), z.literal([0, 1, '0', '1'])])
  .transform((value) => value === true || Number(value) === 1);

/** An unreadable field counts as a missing one. */
function maybe<T extends z.ZodType>(schema: T) {
  return schema.optional().catch(undefined);
}

/** A name as it is compared: lower case, punycode, no trailing dot. What IDNA cannot read is only lower-cased. */
export function toHostName(name: string): string {
  const lower = name.trim().toLowerCase().replace(/\.$/, '');
  return domainToASCII(lower) || lower;
}

export const domainSchema = z.object({
  id: idSchema,
  name: z.string().min(1).transform(toHostName),
  type: maybe(z.enum(['primary', 'alias', 'redirect'])),
  www: maybe(flagSchema),
  wildcard: maybe(flagSchema).transform((wildcard) => wildcard ?? false),
});

/** Both forms of list metadata that have been seen. */
export const domainListSchema = z.object({
  data: z.array(z.unknown()),
  meta: maybe(
    z.object({
      pagination: maybe(
        z.object({
          total: maybe(countSchema),
          total_pages: maybe(countSchema),
          per_page: maybe(countSchema),
        }),
      ),
      total: maybe(countSchema),
      lastPage: maybe(countSchema),
      last_page: maybe(countSchema),
      perPage: maybe(countSchema),
      per_page: maybe(countSchema),
    }),
  ),
});

/** What proves that an answer shows the resource of that id. */
export const shownIdSchema = z.object({ id: idSchema });

export const serverSchema = z.object({
  name: maybe(z.string()),
  ipAddress: maybe(z.string()),
  online: maybe(flagSchema),
  connected: maybe(flagSchema),
});

/** `pullKey1` and `pullKey2` lie beside these: webhook secrets. */
export const webAppSchema = z.object({
  name: z.string(),
  type: maybe(z.string()),
  defaultApp: maybe(flagSchema),
  /** The application this one is an alias of. */
  alias: maybe(idSchema),
});

/** Several spellings are in use; RunCloud documents none of them. */
export const sslModeSchema = z.object({
  advancedSSL: maybe(flagSchema),
  advancedSsl: maybe(flagSchema),
  enabled: maybe(flagSchema),
  autoSSL: maybe(flagSchema),
  autoSsl: maybe(flagSchema),
});

/** `privateKey` and `certificate` lie beside these. */
export const sslSchema = z.object({
  id: idSchema,
  method: maybe(z.enum(['letsencrypt', 'custom', 'csr'])),
  /** Format and zone are not documented. */
  validUntil: maybe(z.string()),
});
