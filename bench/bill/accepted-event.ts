import { receive } from '../../functions/domain-added.ts';
import { apiHandler } from '../../functions/http/api-handler.ts';
import { SERVICE } from '../../functions/services/common.ts';
import { createLog } from '../../lib/observability/log.ts';
import { createMetrics } from '../../lib/observability/metrics.ts';
import { apiContext, apiWorld, nowMs, signedCall } from '../../test/support/api/api-world.ts';
import type { Units } from '../aws/units.ts';
import { assumed } from './assumed.ts';
import type { Work } from './bill.ts';

const FUNCTION = 'runcloud-relay-prod-domain-added';
const REQUEST_ID = '8f5f5a7e-3f0b-4c8c-9d5e-0d5a3c0b7a11';
/** A field that Lambda's environment adds to each line. */
const TRACE_FIELD = ',"xray_trace_id":"1-6742a1c0-1f2e3d4c5b6a798081726354"';

/** A line of the gateway's access log, with `$context`'s values as long as they are in use (serverless.yml). */
export const ACCESS_LINE = JSON.stringify({
  requestId: 'JKJaXmPLvHcESHA=',
  time: '26/Nov/2026:10:15:30 +0000',
  sourceIp: '203.0.113.210',
  domainName: 'a1b2c3d4e5.execute-api.eu-west-1.amazonaws.com',
  routeKey: 'POST /{network}/domain-added',
  status: '202',
  latencyMs: '31',
  integrationStatus: '200',
  integrationError: '-',
  protocol: 'HTTP/1.1',
  responseLength: '235',
});

/** The lines that the function writes of one accepted event. */
export async function acceptedLines(): Promise<readonly string[]> {
  const lines: string[] = [];
  const write = (line: string) => void lines.push(line);
  const body = JSON.stringify({
    type: 'domain.added',
    timestamp: new Date(nowMs).toISOString(),
    data: { domain: 'shop.acme-bikes.com', siteId: 12, domainId: 34 },
  });
  const { services } = apiWorld({
    log: createLog({ service: SERVICE, level: 'INFO', write }),
    metrics: createMetrics({ functionName: FUNCTION, group: 'runcloud-relay-prod-api', write }),
  });
  const id = 'msg_2b1f0d6e-6c6f-4f0e-9c54-2f1f0a6b9e3d';
  const handler = apiHandler(receive, () => services);
  await handler(signedCall('domain-added', { body, id }), {
    ...apiContext,
    functionName: FUNCTION,
    awsRequestId: REQUEST_ID,
  });
  return lines;
}

/** An event that a warm function accepts: one write and one message. `units`: of the write. */
export async function acceptedEvent(units: Units): Promise<Work> {
  const lines = await acceptedLines();
  const message = 1;
  const writes = 1;
  return {
    units: { ...units, queues: units.queues + message },
    calls: 1,
    gbSeconds: assumed.apiGb * ((message + writes) * assumed.awsSeconds + assumed.ownSeconds),
    lines,
    logBytes: lines.length * TRACE_FIELD.length + ACCESS_LINE.length + 1 + assumed.logEventBytes,
    httpCalls: 1,
    // sync-domain's.
    deliveries: 0,
  };
}
