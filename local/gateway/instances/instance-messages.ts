import { z } from 'zod';

/** What an instance's thread is started with. */
export interface InstanceSettings {
  readonly functionName: string;
  readonly timeoutMs: number;
  /** Of the module that exports the handler. */
  readonly modulePath: string;
  readonly exportName: string;
}

/** One call. */
export interface ToInstance {
  readonly awsRequestId: string;
  readonly event: unknown;
}

export const fromInstanceSchema = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('loaded') }),
  z.object({ kind: z.literal('began') }),
  z.object({ kind: z.literal('timed-out') }),
  z.object({ kind: z.literal('returned'), value: z.unknown() }),
  /** Without its message, which may quote what was sent. */
  z.object({ kind: z.literal('threw'), name: z.string(), frames: z.array(z.string()) }),
]);
export type FromInstance = z.infer<typeof fromInstanceSchema>;
