import { randomUUID } from 'node:crypto';
import type { SQSEvent } from 'aws-lambda';
import { z } from 'zod';
import { syncServices } from '../../functions/services/sync-domain.ts';
import { receive } from '../../functions/sync-domain.ts';
import { localSqs } from '../../local/aws/clients.ts';
import { startEventSource } from '../../local/triggers/event-source.ts';
import { type FromWorker, toWorkerSchema, workerSettingsSchema } from './messages.ts';

/** A process that does what Lambda's does for `sync-domain`, and may be killed at any moment like it. */
const { queue, endpoint, region, functionTimeoutSeconds, concurrency } = workerSettingsSchema.parse(
  JSON.parse(process.argv[2] ?? ''),
);
function tell(message: FromWorker) {
  return process.send?.(message);
}

const recordsSchema = z.custom<SQSEvent>(
  (event) => typeof event === 'object' && event !== null && 'Records' in event,
);

startEventSource({
  queue,
  source: {
    arn: queue.arn,
    batchSize: 1,
    functionResponseType: 'ReportBatchItemFailures',
    maximumConcurrency: concurrency,
  },
  region,
  functionTimeoutSeconds,
  sqs: localSqs(endpoint, region),
  invoke: async (event) => {
    const endsAt = Date.now() + functionTimeoutSeconds * 1_000;
    tell({ kind: 'began' });
    const context = {
      functionName: 'sync-domain',
      awsRequestId: randomUUID(),
      getRemainingTimeInMillis: () => endsAt - Date.now(),
    };
    return receive(recordsSchema.parse(event), context, await syncServices());
  },
  onError: (text) => tell({ kind: 'incident', text }),
});

process.on('message', (message: unknown) => {
  toWorkerSchema.parse(message);
  globalThis.gc?.();
  const { heapUsed, rss } = process.memoryUsage();
  tell({ kind: 'memory', heapBytes: heapUsed, rssBytes: rss });
});
// The parent process has gone.
process.on('disconnect', () => process.exit());
