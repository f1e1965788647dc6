import { z } from 'zod';

/** What an instance's thread is started with. */
export const instanceSettingsSchema = z.object({
  functionName: z.string(),
  timeoutMs: z.number(),
  /** Of the module that exports the handler. */
  moduleUrl: z.string(),
  exportName: z.string(),
});
export type InstanceSettings = z.infer<typeof instanceSettingsSchema>;

export const toInstanceSchema = z.object({ awsRequestId: z.string(), event: z.unknown() });
export type ToInstance = z.infer<typeof toInstanceSchema>;

export const fromInstanceSchema = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('loaded') }),
  z.object({ kind: z.literal('began') }),
  z.object({ kind: z.literal('returned'), value: z.unknown() }),
  /** Without its message, which may quote what was sent. */
  z.object({ kind: z.literal('threw'), name: z.string(), frames: z.array(z.string()) }),
]);
export type FromInstance = z.infer<typeof fromInstanceSchema>;
