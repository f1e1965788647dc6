import { type FailureFacts, RelayError } from '../errors.ts';

export interface RuncloudFacts extends FailureFacts {
  readonly method: string;
  /** Below the API's root, without query: ids only, nothing secret. */
  readonly path: string;
  /** RunCloud's own words, redacted and cut. */
  readonly said?: string;
  /** A write that may have landed although no answer of RunCloud says so. */
  readonly unanswered?: boolean;
}

/** A failed call to RunCloud; one subclass for each fix that an operator can make. */
abstract class RuncloudError extends RelayError {
  readonly method: string;
  readonly path: string;
  readonly said: string | undefined;
  override readonly unanswered: boolean;

  constructor(problem: string, facts: RuncloudFacts) {
    const status = facts.status === undefined ? '' : ` (${facts.status})`;
    const said = facts.said === undefined ? '' : `: ${facts.said}`;
    super(`${problem}${status} at ${facts.method} ${facts.path}${said}`, facts);
    this.method = facts.method;
    this.path = facts.path;
    this.said = facts.said;
    this.unanswered = facts.unanswered ?? false;
  }
}

/** 401: the token or key is wrong, revoked or missing. */
export class RuncloudUnauthorized extends RuncloudError {
  override readonly name = 'RuncloudUnauthorized';
  override readonly code = 'runcloud-unauthorized';
  override readonly failure = 'network';
}

/** 403 in RunCloud's own JSON: rights, plan, or the API switched off in the panel. */
export class RuncloudForbidden extends RuncloudError {
  override readonly name = 'RuncloudForbidden';
  override readonly code = 'runcloud-forbidden';
  override readonly failure = 'network';
}

/** A page or a redirect where JSON belongs: a firewall, a login page or a wrong address answers in RunCloud's place. */
export class RuncloudBlocked extends RuncloudError {
  override readonly name = 'RuncloudBlocked';
  override readonly code = 'runcloud-blocked';
  override readonly failure = 'network';
}

/** 404: no such server, application, domain or certificate. The caller knows which it asked for. */
export class RuncloudNotFound extends RuncloudError {
  override readonly name = 'RuncloudNotFound';
  override readonly code = 'runcloud-not-found';
  override readonly failure = 'network';
}

/** 429. A month's quota that is spent looks the same; only time shows which (`runcloud-quota-spent`). */
export class RuncloudRateLimited extends RuncloudError {
  override readonly name = 'RuncloudRateLimited';
  override readonly code = 'runcloud-rate-limited';
  override readonly failure = 'passing';
}

/** RunCloud understood and refused: 422, 409 and every 4xx without a class of its own. */
export class RuncloudRefused extends RuncloudError {
  override readonly name = 'RuncloudRefused';
  override readonly code = 'runcloud-refused';
  override readonly failure = 'refused';
}

/** 5xx, no connection, a connection that broke, or a success that cannot be right. */
export class RuncloudUnavailable extends RuncloudError {
  override readonly name = 'RuncloudUnavailable';
  override readonly code = 'runcloud-unavailable';
  override readonly failure = 'passing';
}

/** No full answer in time. */
export class RuncloudTimeout extends RuncloudError {
  override readonly name = 'RuncloudTimeout';
  override readonly code = 'runcloud-timeout';
  override readonly failure = 'passing';
}

export type { RuncloudError };
