/** Every `lastError.code` an operator can meet (docs/reference/states.md explains the fix of each). */
export const ERROR_CODES = [
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
  'ledger-restored',
  'protected-domain',
  'primary-domain',
  'secret-invalid',
  'paused',
  'internal-error',
] as const;

export type ErrorCode = (typeof ERROR_CODES)[number];

/**
 * What a failure means for the work: `passing` ends without a fix, `network` affects every domain of the network,
 * `refused` means that RunCloud refuses this one domain, `never` must not be tried again.
 */
export type FailureKind = 'passing' | 'network' | 'refused' | 'never';

export interface FailureFacts {
  readonly cause?: unknown;
  /** The wait that the other side asks for. */
  readonly retryAfterMs?: number;
  /** HTTP status, where there was one. */
  readonly status?: number;
}

/**
 * Base of every expected failure. Names are literals, because a minified bundle renames classes. Messages are written
 * for an operator: no body, header, secret or token ever goes into one.
 */
export abstract class RelayError extends Error {
  abstract override readonly name: string;
  abstract readonly code: ErrorCode;
  abstract readonly failure: FailureKind;
  readonly retryAfterMs: number | undefined;
  readonly status: number | undefined;
  /** True when a write may have been applied without a usable answer: a timeout, a reset, a 5xx, HTML. */
  readonly unanswered: boolean = false;

  constructor(message: string, facts: FailureFacts = {}) {
    super(message, facts.cause === undefined ? undefined : { cause: facts.cause });
    this.retryAfterMs = facts.retryAfterMs;
    this.status = facts.status;
  }

  get retryable(): boolean {
    return this.failure === 'passing' || this.failure === 'network';
  }
}

/** The ledger, a queue or Secrets Manager could not be reached. Nothing is confirmed, so sending again is safe. */
export class Unavailable extends Error {
  override readonly name = 'Unavailable';
  readonly retryable = true;
  readonly what: 'ledger' | 'queue' | 'secrets' | 'topic';
  /** The wait that ends it; undefined: unknown. */
  readonly retryAfterMs: number | undefined;

  constructor(what: Unavailable['what'], cause?: unknown, retryAfterMs?: number) {
    super(`The ${what} could not be reached`, { cause });
    this.what = what;
    this.retryAfterMs = retryAfterMs;
  }
}

/**
 * An item of the ledger that this version cannot read: a newer version wrote it, or an operator edited it. It stays
 * unchanged and blocks no other item. Names fields, shows no content.
 */
export class UnreadableItem extends Error {
  override readonly name = 'UnreadableItem';
  readonly code = 'unreadable-item';
  readonly retryable = true;
  readonly network: string;
  readonly item: string;

  constructor(
    { network, item }: { readonly network: string; readonly item: string },
    fields: readonly string[],
  ) {
    super(`The ledger's item ${network} ${item} cannot be read: ${fields.join(', ')}`);
    this.network = network;
    this.item = item;
  }
}
