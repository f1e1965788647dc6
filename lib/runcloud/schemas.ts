import { domainToASCII } from 'node:url';
import * as z from 'zod/mini';
import { maybe } from './maybe.ts';

/** Only the fields that the relay reads; every other one, private keys among them, is dropped here. */

const idSchema = z.union([
  z.int().check(z.positive()),
  z.pipe(z.string().check(z.regex(/^[1-9]\d{0,14}$/)), z.transform(Number)),
]);

const countSchema = z.union([
  z.int().check(z.nonnegative()),
  z.pipe(z.string().check(z.regex(/^\d{1,9}$/)), z.transform(Number)),
]);

/** RunCloud writes flags as 0 and 1 on domains, as true and false elsewhere, and as text in old answers. */
const flagSchema = z.pipe(
  z.union([z.boolean(), z.literal([0, 1, '0', '1'])]),
  z.transform((value) => value === true || Number(value) === 1),
);

/** The form in which names are compared: lower case, punycode, no trailing dot. A name that IDNA refuses is only lower-cased. */
export function toHostName(name: string): string {
  const lower = name.trim().toLowerCase().replace(/\.$/, '');
  return domainToASCII(lower) || lower;
}

export const domainSchema = z.object({
  id: idSchema,
  name: z.pipe(z.string().check(z.minLength(1)), z.transform(toHostName)),
  type: maybe(z.enum(['primary', 'alias', 'redirect'])),
  www: maybe(flagSchema),
  redirection: maybe(z.enum(['none', 'www', 'non-www'])),
  wildcard: z.pipe(
    maybe(flagSchema),
    z.transform((wildcard) => wildcard ?? false),
  ),
});

/** Both known forms of list metadata. */
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

/** Proves which resource an answer shows. */
export const shownIdSchema = z.object({ id: idSchema });

export const serverSchema = z.object({
  name: maybe(z.string()),
  ipAddress: maybe(z.string()),
  online: maybe(flagSchema),
  connected: maybe(flagSchema),
});

/** The answer also holds `pullKey1` and `pullKey2`, which are webhook secrets. */
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

/** The answer also holds `privateKey` and `certificate`. */
export const sslSchema = z.object({
  id: idSchema,
  /** What an order calls `provider`. The fields of API v3 are not documented, so either is read. */
  method: maybe(z.string()),
  provider: maybe(z.string()),
  authorizationMethod: maybe(z.string()),
  staging: maybe(flagSchema),
  environment: maybe(z.string()),
  /** Format and zone are not documented. */
  validUntil: maybe(z.string()),
});
