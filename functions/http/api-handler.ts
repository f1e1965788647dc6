import middy from '@middy/core';
import type { APIGatewayProxyEventV2, APIGatewayProxyStructuredResultV2, Context } from 'aws-lambda';
import { isNetworkName } from '../../lib/network-name.ts';
import { createLog, type Log } from '../../lib/observability/log.ts';
import { createMetrics } from '../../lib/observability/metrics.ts';
import type { Ledger, Queue } from '../../lib/sync/ledger/ports.ts';
import type { ApiServices } from '../services/api.ts';
import { logOfCall } from '../services/call-context.ts';
import { SERVICE } from '../services/common.ts';
import type { Metrics } from '../services/outcome-metric.ts';
import { reportingLedger } from '../services/reporting-ledger.ts';
import { Problem, problemReply, toProblem } from './problem.ts';
import { ledgerUntil, queueUntil } from './until-answered.ts';

type Reply = APIGatewayProxyStructuredResultV2;

/** What every API handler needs to report its result. */
export interface Observability {
  readonly log: Log;
  readonly metrics: Metrics;
  readonly ledger: Ledger;
  readonly queue?: Pick<Queue, 'send'>;
  readonly certificateQueue?: Pick<Queue, 'send'>;
}

export type Receive<S = ApiServices> = (event: APIGatewayProxyEventV2, services: S) => Promise<Reply>;

/** Leaves time to answer 503 with Retry-After before Lambda times out. */
const timeoutEarlyInMillis = 500;

/** A caller may put anything into the path, so only a possible network name is logged. */
function networkIn({ pathParameters }: APIGatewayProxyEventV2): string | null {
  const network = pathParameters?.network ?? '';
  return isNetworkName(network) ? network : null;
}

/** A refusal is information, an outage a warning; only a bug is an error, logged with its cause. */
function logProblem(log: Log, metrics: Metrics, event: APIGatewayProxyEventV2, problem: Problem): void {
  const { status, type, domain, webhookId, cause } = problem;
  const network = networkIn(event);
  const metric = metrics.counted(problem.type, network === null ? {} : { network });
  const fields = {
    network,
    routeKey: event.routeKey,
    domain,
    webhookId,
    code: type,
    httpStatus: status,
  };
  if (status < 500) log.info('call refused', fields, metric);
  else if (status === 503) log.warn('call not confirmed', { ...fields, error: cause }, metric);
  else log.error('call failed', { ...fields, error: cause }, metric);
}

/** An API handler for Lambda: `receive` with its services, and an answer whatever goes wrong. */
export function apiHandler<S extends Observability>(receive: Receive<S>, services: () => S | Promise<S>) {
  // Before the services are built, this log says why building them failed.
  let log = createLog({ service: SERVICE, level: 'ERROR' });
  let metrics: Metrics | undefined;
  const handle = async (
    event: APIGatewayProxyEventV2,
    context: Context,
    { signal: answered }: { readonly signal: AbortSignal },
  ): Promise<Reply> => {
    const built = await services();
    ({ log, metrics } = built);
    const callLog = logOfCall(log, context);
    const { queue, certificateQueue } = built;
    const ledger = reportingLedger(ledgerUntil(answered, built.ledger), callLog, metrics);
    return receive(event, {
      ...built,
      ledger,
      ...(queue && { queue: queueUntil(answered, queue) }),
      ...(certificateQueue && { certificateQueue: queueUntil(answered, certificateQueue) }),
      log: callLog,
    });
  };
  const timeoutEarlyResponse = () => {
    throw new Problem('unavailable');
  };
  return middy<APIGatewayProxyEventV2, Reply>(handle, { timeoutEarlyInMillis, timeoutEarlyResponse }).onError(
    ({ event, context, error }) => {
      const problem = toProblem(error);
      const counting = metrics ?? createMetrics({ functionName: context.functionName, group: 'local' });
      logProblem(logOfCall(log, context), counting, event, problem);
      return problemReply(problem);
    },
  );
}
