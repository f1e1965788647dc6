import type { APIGatewayProxyEventV2 } from 'aws-lambda';
import * as z from 'zod/mini';
import { parsedWith } from '../../lib/parsed-with.ts';
import { type ListQuery, listStates } from '../../lib/sync/status/list-domains.ts';
import { normalizeDomain } from '../../lib/webhook/domain-name.ts';
import { Problem } from './problem.ts';

/** The meaning of a cursor may change with its version; a reader with an older one starts again. */
const CURSOR_PREFIX = '1:';
const USUAL_LIMIT = 50;

/** Opaque to a reader: the list continues after this name. */
export function toCursor(after: string): string {
  return Buffer.from(CURSOR_PREFIX + after).toString('base64url');
}

const cursorSchema = parsedWith(z.string(), (text, refuse) => {
  const after = Buffer.from(text, 'base64url').toString('utf8').slice(CURSOR_PREFIX.length);
  const name = normalizeDomain(after);
  // Decoding skips characters that it cannot read, so only an exact round trip counts.
  if (name.ok && name.domain === after && toCursor(after) === text) return after;
  return refuse('Must be the cursor of an answer before, as it came');
});

const limitMessage = 'Must be a whole number from 1 to 100';

const listQuerySchema = z.object({
  state: z.optional(z.enum(listStates, { error: `Must be one of ${listStates.join(', ')}` })),
  limit: z._default(
    parsedWith(z.string(), (text, refuse) => {
      const limit = Number(text);
      return /^\d{1,3}$/.test(text) && limit >= 1 && limit <= 100 ? limit : refuse(limitMessage);
    }),
    USUAL_LIMIT,
  ),
  cursor: z.optional(cursorSchema),
});

const statusQuerySchema = z.object({
  live: z.optional(z.enum(['0', '1'], { error: 'Must be 1 or 0' })),
});

function parse<T>(schema: z.ZodMiniType<T>, event: APIGatewayProxyEventV2): T {
  const parsed = schema.safeParse(event.queryStringParameters ?? {});
  if (parsed.success) return parsed.data;
  const issues = parsed.error.issues.map(({ path, message }) => ({ path: path.join('.'), message }));
  throw new Problem('bad-query', { issues });
}

export function listQuery(event: APIGatewayProxyEventV2): ListQuery {
  const { state, limit, cursor } = parse(listQuerySchema, event);
  return { state, limit, after: cursor };
}

export function wantsLive(event: APIGatewayProxyEventV2): boolean {
  return parse(statusQuerySchema, event).live === '1';
}
