import { once } from 'node:events';
import { createServer } from 'node:http';
import { text } from 'node:stream/consumers';
import { z } from 'zod';
import { portOf } from './port-of.ts';

const requestSchema = z.object({ AlarmNamePrefix: z.string() });

export interface CloudWatchAlarm {
  readonly AlarmName: string;
  readonly StateValue: 'OK' | 'ALARM';
}

/** CloudWatch's protocol (AWS JSON 1.0), as much of it as lists alarms. */
export async function startCloudWatch(alarms: readonly CloudWatchAlarm[]) {
  const server = createServer(async (request, response) => {
    const { AlarmNamePrefix } = requestSchema.parse(JSON.parse(await text(request)));
    const MetricAlarms = alarms.filter(({ AlarmName }) => AlarmName.startsWith(AlarmNamePrefix));
    response.setHeader('content-type', 'application/x-amz-json-1.0');
    response.end(JSON.stringify({ MetricAlarms }));
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    endpoint: `http://127.0.0.1:${portOf(server)}`,
    stop: async () => {
      server.closeAllConnections();
      server.close();
      await once(server, 'close');
    },
  };
}
