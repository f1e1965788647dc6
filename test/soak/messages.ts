import { z } from 'zod';

/** What a worker is started with. */
export const workerSettingsSchema = z.object({
  queue: z.object({ ref: z.string(), arn: z.string(), visibilitySeconds: z.number() }),
  endpoint: z.string(),
  region: z.string(),
  functionTimeoutSeconds: z.number(),
  concurrency: z.number(),
});
export type WorkerSettings = z.infer<typeof workerSettingsSchema>;

export const toWorkerSchema = z.object({ kind: z.literal('weigh') });
export type ToWorker = z.infer<typeof toWorkerSchema>;

export const fromWorkerSchema = z.discriminatedUnion('kind', [
  /** A pass has begun. */
  z.object({ kind: z.literal('began') }),
  z.object({ kind: z.literal('incident'), text: z.string() }),
  z.object({ kind: z.literal('memory'), heapBytes: z.number(), rssBytes: z.number() }),
]);
export type FromWorker = z.infer<typeof fromWorkerSchema>;
