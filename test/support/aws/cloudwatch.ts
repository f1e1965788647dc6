import { text } from 'node:stream/consumers';
import { z } from 'zod';
import { startLocalEndpoint } from '../http/local-endpoint.ts';

const requestSchema = z.object({ AlarmNamePrefix: z.string() });

export interface CloudWatchAlarm {
  readonly AlarmName: string;
  readonly StateValue: 'OK' | 'ALARM';
}

/** CloudWatch's protocol (AWS JSON 1.0), as much of it as lists alarms. */
export function startCloudWatch(alarms: readonly CloudWatchAlarm[]) {
  return startLocalEndpoint(async (request, response) => {
    const { AlarmNamePrefix } = requestSchema.parse(JSON.parse(await text(request)));
    const MetricAlarms = alarms.filter(({ AlarmName }) => AlarmName.startsWith(AlarmNamePrefix));
    response.setHeader('content-type', 'application/x-amz-json-1.0');
    response.end(JSON.stringify({ MetricAlarms }));
  });
}
