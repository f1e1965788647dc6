import { deflateRawSync, inflateRawSync } from 'node:zlib';
import * as z from 'zod/mini';
import { exactly } from '../../exactly.ts';
import type { StoredItems } from '../../sync/ledger/keys.ts';
import { list, orNull } from './fields.ts';

const storedRows = z.array(
  z.object({
    id: z.number(),
    name: z.string(),
    type: z.optional(z.enum(['primary', 'alias', 'redirect'])),
    www: z.optional(z.boolean()),
    redirection: z.optional(z.enum(['none', 'www', 'non-www'])),
    wildcard: z.boolean(),
  }),
);

const hosted = list(z.custom<StoredItems['listing']['rows'][number]>((row) => typeof row === 'object'));

/** Rows repeat each other's fields and much of their names, so they shrink to a tenth. */
const rows = z.codec(z.string(), hosted, {
  decode: (text, context) => {
    try {
      const read = storedRows.parse(JSON.parse(inflateRawSync(Buffer.from(text, 'base64')).toString()));
      return read.map((row) => ({ type: undefined, www: undefined, ...row }));
    } catch {
      context.issues.push({ code: 'custom', input: text, message: 'The rows cannot be read' });
      return z.NEVER;
    }
  },
  encode: (shown) => deflateRawSync(JSON.stringify(shown)).toString('base64'),
});

/** Where the reading of a list stands. */
export const readingState = z.object({
  nextPage: orNull(z.number()),
  rowsPerPage: z.number(),
  lastPages: orNull(z.number()),
  total: orNull(z.number()),
  sameTotal: z.boolean(),
  alike: z.boolean(),
  sound: z.boolean(),
  ordered: z.boolean(),
  lowestId: z.number(),
});

export const listing = exactly<StoredItems['listing']>()(
  z.object({
    serverId: z.string(),
    appId: z.string(),
    begunAt: z.number(),
    doneAt: orNull(z.number()),
    reading: orNull(readingState),
    complete: z.boolean(),
    confirmed: z.boolean(),
    parts: z.number(),
    rows,
    expiresAt: z.number(),
  }),
);
