import type * as z from 'zod/mini';
import type { RuncloudClient } from './client.ts';
import { unexpectedShape } from './failure.ts';

/** A GET whose answer must match `schema`. */
export async function readResource<S extends z.ZodMiniType>(
  client: RuncloudClient,
  path: string,
  schema: S,
  query?: Readonly<Record<string, number>>,
): Promise<z.output<S>> {
  const body = await client.request({ method: 'GET', path, ...(query && { query }) });
  const parsed = schema.safeParse(body);
  if (!parsed.success) throw unexpectedShape({ method: 'GET', path });
  return parsed.data;
}
