import type { Context } from 'aws-lambda';
import type { Log } from '../../lib/observability/log.ts';

/** The parts of a call by which its log lines are found. */
export type CallIds = Pick<Context, 'functionName' | 'awsRequestId'>;

/** A caller can influence the header that this variable comes from, so only an id of X-Ray's shape is logged. */
const traceRoot = /(?:^|;)Root=(1-[0-9a-f]{8}-[0-9a-f]{24})(?:;|$)/;

/** Recognises the first call of a process, which waited for the cold start. */
export function coldStarts() {
  let first: string | undefined;
  return ({ awsRequestId }: CallIds): boolean => {
    first ??= awsRequestId;
    return awsRequestId === first;
  };
}

const isColdStart = coldStarts();

/** The log for one call: every line of it can be found by the ids that Lambda and X-Ray gave the call. */
export function logOfCall(
  log: Log,
  call: CallIds,
  { env = process.env, isCold = isColdStart }: { env?: NodeJS.ProcessEnv; isCold?: typeof isColdStart } = {},
): Log {
  const traceId = traceRoot.exec(env._X_AMZN_TRACE_ID ?? '')?.[1];
  return log.during({
    cold_start: isCold(call),
    function_name: call.functionName,
    function_request_id: call.awsRequestId,
    ...(traceId === undefined ? {} : { xray_trace_id: traceId }),
  });
}
