/**
 * The longest that one call to the ledger, a queue or Secrets Manager may take, with all tries of the SDK: two that hang for
 * three seconds each, and a third. `lib/aws` ends a call that takes longer.
 */
export const AWS_CALL_MS = 7_000;

/** One change of an item of the ledger: read, then written. */
export const CHANGE_MS = 2 * AWS_CALL_MS;

/**
 * Kept of the function's time after a call to RunCloud. If the ledger is away, a call to it fails first; then the outcome of
 * the pass, or the release of its lease, is written.
 */
export const AFTER_CALL_MS = AWS_CALL_MS + CHANGE_MS;

/** What a call to RunCloud needs once it may be sent: the client's timeout, and what is kept after it (docs/rules.md, "Lease"). */
export const SEND_NEEDS_MS = 30_000 + AFTER_CALL_MS;

/** Secrets Manager is asked for one secret at most once in this time (docs/rules.md, "Applications and secrets"). */
export const SECRET_LEAST_AGE_MS = 10_000;
