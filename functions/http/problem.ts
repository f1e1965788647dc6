import type { APIGatewayProxyStructuredResultV2 } from 'aws-lambda';
import { RelayError, Unavailable, UnreadableItem } from '../../lib/errors.ts';
import { BadEvent, type BadEventType, type Issue } from '../../lib/webhook/bad-event.ts';

export type ProblemType =
  | BadEventType
  | 'bad-query'
  | 'unauthorized'
  | 'not-found'
  | 'too-large'
  | 'unsupported-media-type'
  | 'protected-domain'
  | 'internal-error'
  | 'unavailable';

interface ProblemText {
  readonly status: number;
  readonly title: string;
  readonly detail: string;
}

function invalid(title: string): ProblemText {
  return { status: 400, title, detail: 'See issues' };
}

/** The answer to each problem: fixed texts, so that no internal detail ever reaches a caller. */
export const problemTexts: Readonly<Record<ProblemType, ProblemText>> = {
  'not-json': invalid('The body is not JSON'),
  'bad-shape': invalid('The event does not have the expected shape'),
  'wrong-type': invalid('The type of the event does not fit the path'),
  'bad-domain': invalid('The domain is not a public host name'),
  'too-new': invalid('The event lies in the future'),
  'too-old': invalid('The event is too old'),
  'bad-query': invalid('The query is not valid'),
  unauthorized: {
    status: 401,
    title: 'Unauthorized',
    // The same for an unknown network, a wrong secret and a late call: the difference would help only a guesser.
    detail: 'The network is unknown, or the signature or token is missing, stale or wrong',
  },
  'not-found': { status: 404, title: 'Not found', detail: 'The relay does not know this domain' },
  'too-large': { status: 413, title: 'The body is too large', detail: 'An event has at most 16 KiB' },
  'unsupported-media-type': {
    status: 415,
    title: 'Unsupported media type',
    detail: 'Send Content-Type: application/json, without a Content-Encoding',
  },
  'protected-domain': {
    status: 422,
    title: 'The domain is protected',
    detail: 'This domain belongs to the network itself (PROTECTED_DOMAINS) and is left alone',
  },
  'internal-error': {
    status: 500,
    title: 'Internal error',
    detail: 'The relay failed in a way it does not understand; its log tells more',
  },
  unavailable: {
    status: 503,
    title: 'Temporarily unavailable',
    detail: 'Nothing was confirmed; sending the same again is safe',
  },
};

const usualRetryAfterMs = 10_000;

function secondsOf(retryAfterMs = usualRetryAfterMs): number {
  return Math.ceil(retryAfterMs / 1_000);
}

interface ProblemFacts {
  readonly issues?: readonly Issue[];
  /** The domain, once its name is known to be valid; for the log. */
  readonly domain?: string | undefined;
  /** The id of the event, once its sender is authenticated; for the log. */
  readonly webhookId?: string | undefined;
  /** Of 503: how long the caller should wait. */
  readonly retryAfterMs?: number | undefined;
  readonly cause?: unknown;
}

/** Ends a call with a problem. Thrown by API handlers, turned into a reply by `apiHandler`. */
export class Problem extends Error {
  override readonly name = 'Problem';
  readonly type: ProblemType;
  readonly status: number;
  readonly issues: readonly Issue[];
  readonly domain: string | undefined;
  readonly webhookId: string | undefined;
  readonly retryAfterMs: number | undefined;

  constructor(type: ProblemType, { issues = [], domain, webhookId, retryAfterMs, cause }: ProblemFacts = {}) {
    super(problemTexts[type].title, { cause });
    this.type = type;
    this.status = problemTexts[type].status;
    this.issues = issues;
    this.domain = domain;
    this.webhookId = webhookId;
    this.retryAfterMs = retryAfterMs;
  }
}

/** The problem that the caller sees of a failure. Any failure that is not listed here is a bug. */
export function toProblem(error: unknown): Problem {
  if (error instanceof Problem) return error;
  if (error instanceof BadEvent) return new Problem(error.type, { issues: error.issues });
  const isPassing =
    error instanceof Unavailable ||
    error instanceof UnreadableItem ||
    (error instanceof RelayError && error.code === 'secret-invalid');
  const retryAfterMs = error instanceof Unavailable ? error.retryAfterMs : undefined;
  return new Problem(isPassing ? 'unavailable' : 'internal-error', { retryAfterMs, cause: error });
}

/** RFC 9457, without `instance`: a path may hold a token. */
export function problemReply({
  type,
  status,
  issues,
  retryAfterMs,
}: Problem): APIGatewayProxyStructuredResultV2 {
  const { title, detail } = problemTexts[type];
  const named = issues.map(({ path, message }) => (path === '' ? message : `${path}: ${message}`)).join('; ');
  return {
    statusCode: status,
    headers: {
      'Content-Type': 'application/problem+json',
      ...(status === 503 ? { 'Retry-After': String(secondsOf(retryAfterMs)) } : {}),
    },
    body: JSON.stringify({
      type,
      title,
      status,
      detail: named === '' ? detail : named,
      ...(status === 400 ? { issues } : {}),
    }),
  };
}
