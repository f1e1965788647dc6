import { Unavailable } from '../errors.ts';
import { AWS_CALL_MS } from '../sync/ledger/budgets.ts';

/** Errors that mean an invalid request. That is a bug of the relay, not an outage. */
const bugs: ReadonlySet<string> = new Set([
  'ValidationException',
  'SerializationException',
  'InvalidParameterException',
  'InvalidParameterValue',
  'InvalidMessageContents',
  'EmptyBatchRequest',
  'TooManyEntriesInBatchRequest',
  'BatchRequestTooLong',
]);

function isBug(error: unknown) {
  return (
    error instanceof TypeError ||
    error instanceof RangeError ||
    (error instanceof Error && bugs.has(error.name))
  );
}

/**
 * Makes one call of the AWS SDK. Throttling, missing rights, timeouts, resets and the like become `Unavailable`: nothing is
 * confirmed, so a retry is safe. A call that exceeds its budget is ended with all its tries. `expected` may turn an error
 * into an answer first.
 */
export async function callAws<T, A = never>(
  what: Unavailable['what'],
  call: (bounds: { readonly abortSignal: AbortSignal }) => Promise<T>,
  expected?: (error: unknown) => A | undefined,
): Promise<T | A> {
  try {
    return await call({ abortSignal: AbortSignal.timeout(AWS_CALL_MS) });
  } catch (error) {
    const answer = expected?.(error);
    if (answer !== undefined) return answer;
    throw isBug(error) ? error : new Unavailable(what, error);
  }
}
