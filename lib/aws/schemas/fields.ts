import * as z from 'zod/mini';
import { ERROR_CODES } from '../../errors.ts';

/** Null attributes are not stored, so a missing one is null. */
export function orNull<S extends z.ZodMiniType>(schema: S) {
  return z._default(z.nullable(schema), null);
}

export function list<S extends z.ZodMiniType>(schema: S) {
  return z.readonly(z.array(schema));
}

/** A flag that items of earlier versions do not have. */
export const falseByDefault = z._default(z.boolean(), false);

export const errorCode = z.enum(ERROR_CODES);

export const version = z.object({
  timestamp: z.string(),
  id: z.string(),
  earlierIds: z.exactOptional(list(z.string())),
});
export const history = list(z.object({ at: z.string(), what: z.string(), detail: z.string() }));
export const lastError = z.object({ code: errorCode, message: z.string(), at: z.string() });
export const callsOfMonth = z.object({ month: z.string(), count: z.number() });

/** What the multisite was last told. */
export const told = z.object({
  state: z.string(),
  reason: orNull(z.string()),
  inReplyTo: orNull(z.string()),
  since: orNull(z.string()),
  at: orNull(z.number()),
});

export const order = z.object({
  at: z.number(),
  set: z.string(),
  how: z.enum(['install', 'redeploy']),
  failed: z.boolean(),
  refused: falseByDefault,
  error: orNull(z.object({ code: errorCode, message: z.string() })),
  includedUnready: list(z.string()),
});

export const names = z.object({ count: z.number(), names: list(z.string()) });

export const pauseMoment = z.object({
  type: z.enum(['network.paused', 'network.resumed']),
  at: z.number(),
  code: errorCode,
  message: z.string(),
  since: z.string(),
});
