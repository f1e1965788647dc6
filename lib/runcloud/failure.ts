import * as z from 'zod/mini';
import type { Body } from './body.ts';
import {
  RuncloudBlocked,
  type RuncloudError,
  type RuncloudFacts,
  RuncloudForbidden,
  RuncloudNotFound,
  RuncloudRateLimited,
  RuncloudRefused,
  RuncloudTimeout,
  RuncloudUnauthorized,
  RuncloudUnavailable,
} from './errors.ts';
import { maybe } from './maybe.ts';

export interface RuncloudRequest {
  readonly method: string;
  readonly path: string;
}

export interface RuncloudResponse {
  readonly status: number;
  readonly body: Body;
  readonly retryAfterMs: number | undefined;
  /** RunCloud's own words, fit to show. */
  readonly said: string | undefined;
}

/** Repeating a read changes nothing, so only a write can end ambiguously. */
function isWrite({ method }: RuncloudRequest): boolean {
  return method !== 'GET';
}

/** The failure that an answer means; undefined for a success. */
export function failureOf(
  request: RuncloudRequest,
  { status, body, retryAfterMs, said }: RuncloudResponse,
): RuncloudError | undefined {
  const facts: RuncloudFacts = {
    method: request.method,
    path: request.path,
    status,
    ...(said !== undefined && { said }),
    ...(retryAfterMs !== undefined && { retryAfterMs }),
  };
  const open: RuncloudFacts = { ...facts, unanswered: isWrite(request) };

  // These mean the same whatever the body is: a proxy before RunCloud answers with a page of its own. 408 comes from
  // one that gave up, like 504.
  if (status >= 500 || status === 408) return new RuncloudUnavailable('RunCloud failed', open);
  if (status === 429 || status === 422) return refusalOf(status, facts);
  if (status < 200 || (status >= 300 && status < 400)) {
    return new RuncloudBlocked('RunCloud redirected instead of answering', open);
  }
  if (body.kind === 'html') return new RuncloudBlocked('A web page came in place of an answer', open);
  if (status < 300) {
    const isJson = body.kind === 'json' || body.kind === 'empty';
    return isJson ? undefined : new RuncloudUnavailable('The answer is no JSON', open);
  }
  return refusalOf(status, facts);
}

function refusalOf(status: number, facts: RuncloudFacts): RuncloudError {
  switch (status) {
    case 401:
      return new RuncloudUnauthorized('RunCloud does not accept the credential', facts);
    // RunCloud does not document 402. It would concern the account, not one domain.
    case 402:
    case 403:
      return new RuncloudForbidden('RunCloud does not allow this', facts);
    case 404:
      return new RuncloudNotFound('RunCloud knows no such thing', facts);
    case 429:
      return new RuncloudRateLimited('RunCloud asks for fewer calls', facts);
    default:
      return new RuncloudRefused('RunCloud refused', facts);
  }
}

/** A success whose content cannot be right. */
export function unexpectedShape(request: RuncloudRequest): RuncloudError {
  return new RuncloudUnavailable('The answer does not have the expected shape', {
    ...request,
    unanswered: isWrite(request),
  });
}

/** The failure of a call without a full answer. */
export function transportFailure(request: RuncloudRequest, cause: unknown, timedOut: boolean): RuncloudError {
  const facts = { method: request.method, path: request.path, cause };
  if (timedOut) {
    return new RuncloudTimeout('RunCloud did not answer in time', { ...facts, unanswered: isWrite(request) });
  }
  return neverSent(cause)
    ? new RuncloudUnavailable('RunCloud could not be reached', facts)
    : new RuncloudUnavailable('The connection to RunCloud broke', { ...facts, unanswered: isWrite(request) });
}

/**
 * `fetch` wraps the socket's error, or one error for each address that it tried. They are read by shape, because they
 * are documented by their fields and not by their classes.
 */
const socketErrorSchema = z.object({
  syscall: z.optional(z.unknown()),
  code: z.optional(z.unknown()),
  cause: z.optional(z.unknown()),
  errors: maybe(z.array(z.unknown()).check(z.minLength(1))),
});

/** True if there was no connection, so no byte of the request has left. In doubt it counts as sent. */
function neverSent(cause: unknown): boolean {
  const parsed = socketErrorSchema.safeParse(cause);
  if (!parsed.success) return false;
  const { syscall, code, errors, cause: deeper } = parsed.data;
  if (errors !== undefined) return errors.every(neverSent);
  if (syscall === 'connect' || syscall === 'getaddrinfo' || code === 'UND_ERR_CONNECT_TIMEOUT') return true;
  return neverSent(deeper);
}
