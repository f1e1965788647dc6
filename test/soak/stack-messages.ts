import { z } from 'zod';

const text = z.record(z.string(), z.string());

/** What the stack's process is started with. */
export const stackSettingsSchema = z.object({
  secretsFile: z.string(),
  workspaces: z.unknown(),
  retryBaseSeconds: z.number(),
  certificateRetryBaseSeconds: z.number(),
  /** How many calls to RunCloud meet faults, and which: by a seed. */
  faultyCalls: z.number(),
  seed: z.number(),
});
export type StackSettings = z.infer<typeof stackSettingsSchema>;

export const toStackSchema = z.object({ ask: z.enum(['weigh', 'end']) });
export type ToStack = z.infer<typeof toStackSchema>;

export const fromStackSchema = z.discriminatedUnion('kind', [
  z.object({
    kind: z.literal('ready'),
    url: z.string(),
    region: z.string(),
    sqs: z.string(),
    dynamo: z.string(),
    table: z.string(),
    queue: z.object({ ref: z.string(), arn: z.string(), visibilitySeconds: z.number() }),
    /** Of a worker besides the stack's own. */
    workerEnvironment: text,
    faults: z.number(),
  }),
  z.object({ kind: z.literal('line'), line: z.string() }),
  z.object({
    kind: z.literal('weighed'),
    /** What is still referred to, in the heap and beside it, of the emulators' thread. */
    keptBytes: z.number(),
    /** Of the whole process, with the threads of all functions. */
    rssBytes: z.number(),
  }),
  z.object({
    kind: z.literal('ended'),
    calls: z.number(),
    hosted: z.array(z.object({ appId: z.number(), names: z.array(z.string()) })),
  }),
]);
export type FromStack = z.infer<typeof fromStackSchema>;
export type StackReady = Extract<FromStack, { kind: 'ready' }>;
export type StackWeighed = Extract<FromStack, { kind: 'weighed' }>;
export type StackEnded = Extract<FromStack, { kind: 'ended' }>;
