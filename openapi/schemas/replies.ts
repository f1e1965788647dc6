import * as z from 'zod';
import { type ProblemType, problemTexts } from '../../functions/http/problem.ts';
import { exactly } from '../../lib/exactly.ts';
import type { Acceptance } from '../../lib/sync/ledger/desired-state.ts';
import { instant } from './values.ts';

const status = exactly<Acceptance['status']>()(z.enum(['accepted', 'duplicate', 'superseded']));

export const accepted = z.object({
  id: z.string().describe('The webhook-id'),
  network: z.string(),
  domain: z.string().describe('In its normal form'),
  status: status.describe('duplicate: the relay knows this event. superseded: a newer update counts'),
  latest: instant.describe('The time of the update that counts'),
  statusUrl: z.url().describe('Where the state of the domain is read'),
});

export const issues = z.array(
  z.object({
    path: z.string().describe('The field, as in data.domain; empty for the body as a whole'),
    message: z.string(),
  }),
);

const problemType = exactly<ProblemType>()(
  z.enum([
    'not-json',
    'bad-shape',
    'wrong-type',
    'bad-domain',
    'too-new',
    'too-old',
    'bad-query',
    'unauthorized',
    'not-found',
    'too-large',
    'unsupported-media-type',
    'protected-domain',
    'internal-error',
    'unavailable',
  ]),
);

/** The problem types with this status. */
export function problemTypesOf(httpStatus: number): readonly ProblemType[] {
  return problemType.options.filter((type) => problemTexts[type].status === httpStatus);
}

export const problem = z
  .object({
    type: problemType,
    title: z.string(),
    status: z.int(),
    detail: z.string(),
    issues: issues.optional().describe('At status 400: each field that is wrong'),
  })
  .describe('RFC 9457, without instance');

export const gatewayMessage = z
  .object({ message: z.string() })
  .describe('An answer of Amazon API Gateway itself: no route, too many calls, or no answer in time');
