import { z } from 'zod';

/** One function as it runs here: every reference in its environment is a value. */
const functionSchema = z.object({
  name: z.string(),
  handler: z.string(),
  timeout: z.number(),
  environment: z.record(z.string(), z.string()),
  /** Further calls wait. */
  maxInstances: z.number(),
  events: z.array(z.unknown()),
});

export const gatewaySettingsSchema = z.object({
  service: z.string(),
  provider: z.object({
    name: z.literal('aws'),
    runtime: z.string(),
    region: z.string(),
    stage: z.string(),
    memorySize: z.number(),
    httpApi: z.object({ payload: z.literal('2.0') }),
  }),
  functions: z.record(z.string(), functionSchema),
  /** Where the bundles lie. */
  codeDir: z.string(),
  /** The body of an instance's thread, as one script. */
  instanceCode: z.string(),
  /** 0: a free one. */
  port: z.number(),
});

export type GatewaySettings = z.infer<typeof gatewaySettingsSchema>;
export type GatewayFunction = z.infer<typeof functionSchema>;

export const toThreadSchema = z.object({ id: z.number(), function: z.string(), event: z.unknown() });
export type ToThread = z.infer<typeof toThreadSchema>;

export const fromThreadSchema = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('ready'), port: z.number() }),
  z.object({ kind: z.literal('failed'), code: z.string().optional(), message: z.string() }),
  z.object({ kind: z.literal('returned'), id: z.number(), value: z.unknown() }),
  z.object({ kind: z.literal('threw'), id: z.number(), name: z.string() }),
  z.object({ kind: z.literal('trouble'), text: z.string() }),
]);
export type FromThread = z.infer<typeof fromThreadSchema>;
