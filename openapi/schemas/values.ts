import * as z from 'zod';
import { ERROR_CODES } from '../../lib/errors.ts';

/** Every time in an answer. */
export const instant = z.iso.datetime({ precision: 3 }).describe('RFC 3339, in UTC, with milliseconds');

export const wanted = z.enum(['present', 'absent']).describe('What the multisite last said about the domain');

export const errorCode = z.enum(ERROR_CODES).describe('docs/reference/states.md explains the fix of each');

export const lastError = z
  .object({ code: errorCode, message: z.string(), at: instant })
  .describe('The last failure, in words for an operator. It stays after a later try succeeds');
