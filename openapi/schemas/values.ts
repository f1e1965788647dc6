import * as z from 'zod';
import type { ErrorCode } from '../../lib/errors.ts';
import { exactly } from './exactly.ts';

/** Every time in an answer. */
export const instant = z.iso.datetime({ precision: 3 }).describe('RFC 3339, in UTC, with milliseconds');

export const wanted = z.enum(['present', 'absent']).describe('What the multisite last said about the domain');

export const errorCode = exactly<ErrorCode>()(
  z.enum([
    'runcloud-unauthorized',
    'runcloud-forbidden',
    'runcloud-blocked',
    'runcloud-not-found',
    'runcloud-rate-limited',
    'runcloud-quota-spent',
    'runcloud-refused',
    'runcloud-unavailable',
    'runcloud-timeout',
    'app-claimed',
    'not-announced',
    'protected-domain',
    'primary-domain',
    'secret-invalid',
    'paused',
    'internal-error',
  ]),
).describe('docs/operations.md explains the fix of each');

export const lastError = z
  .object({ code: errorCode, message: z.string(), at: instant })
  .describe('The last failure, in words for an operator. It stays after a later try succeeds');
