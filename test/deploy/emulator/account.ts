import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { z } from 'zod';
import { run } from '../run.ts';
import type { Tools } from './tools.ts';

export const region = 'eu-west-1';

const text = z.union([z.string(), z.array(z.string())]).transform((one) => [one].flat());

export const statementSchema = z.object({
  Effect: z.enum(['Allow', 'Deny']),
  Action: text,
  Resource: text,
  Condition: z.record(z.string(), z.record(z.string(), text)).default({}),
});

/** What a role may do. */
export type Statement = z.infer<typeof statementSchema>;

const functionSchema = z.object({
  FunctionName: z.string(),
  FunctionArn: z.string(),
  Handler: z.string(),
  Runtime: z.string(),
  Timeout: z.number(),
  MemorySize: z.number(),
  Role: z.string(),
  CodeSha256: z.string(),
  Environment: z.object({ Variables: z.record(z.string(), z.string()) }),
});

/** A function as it was deployed. */
export type DeployedFunction = z.infer<typeof functionSchema>;

const eventSourceSchema = z.object({
  UUID: z.string(),
  FunctionArn: z.string(),
  EventSourceArn: z.string(),
  BatchSize: z.number(),
  FunctionResponseTypes: z.array(z.string()).default([]),
  ScalingConfig: z.object({ MaximumConcurrency: z.number() }),
});

export type DeployedEventSource = z.infer<typeof eventSourceSchema>;

const inventorySchema = z.object({
  stacks: z.array(z.string()),
  functions: z.array(functionSchema),
  eventSources: z.array(eventSourceSchema),
  queues: z.array(
    z.object({
      QueueArn: z.string(),
      VisibilityTimeout: z.coerce.number(),
      MessageRetentionPeriod: z.coerce.number(),
      SqsManagedSseEnabled: z.string(),
      RedrivePolicy: z.string().optional(),
    }),
  ),
  tables: z.array(
    z.object({ TableName: z.string(), TableArn: z.string(), DeletionProtectionEnabled: z.boolean() }),
  ),
  roles: z.record(z.string(), z.array(statementSchema)),
  logGroups: z.array(z.object({ logGroupName: z.string(), retentionInDays: z.number() })),
  rules: z.array(z.object({ Name: z.string(), ScheduleExpression: z.string() })),
  topics: z.array(z.string()),
  dashboards: z.array(z.string()),
  alarms: z.array(z.string()),
  buckets: z.record(z.string(), z.array(z.string())),
  secrets: z.record(z.string(), z.string()),
});

/** All that lies in the account. */
export type Inventory = z.infer<typeof inventorySchema>;

/** An account of AWS on this machine. */
export interface Account {
  readonly endpoint: string;
  /** What an operator's shell would hold. */
  readonly environment: Readonly<Record<string, string>>;
  inventory(): Promise<Inventory>;
  /** A file out of a bucket. */
  download(bucket: string, key: string): Promise<Buffer>;
  close(): Promise<void>;
}

function script(name: string): string {
  return join(import.meta.dirname, name);
}

/** An empty account, on a free port. It ends with this process, however that ends. */
export async function openAccount({ python }: Tools): Promise<Account> {
  const moto = spawn(python, [script('moto_server.py')], { stdio: ['pipe', 'pipe', 'pipe'] });
  const lines: string[] = [];
  createInterface({ input: moto.stderr }).on('line', (line) => lines.push(line));
  const [endpoint]: string[] = await Promise.race([
    once(createInterface({ input: moto.stdout }), 'line'),
    once(moto, 'exit').then(() => {
      throw new Error(`moto did not start:\n${lines.join('\n')}`);
    }),
  ]);
  if (endpoint === undefined) throw new Error('moto told no address');
  const environment = {
    AWS_ENDPOINT_URL: endpoint,
    AWS_ACCESS_KEY_ID: 'test',
    AWS_SECRET_ACCESS_KEY: 'test',
    AWS_REGION: region,
    AWS_DEFAULT_REGION: region,
  };
  return {
    endpoint,
    environment,
    inventory: async () =>
      inventorySchema.parse(
        JSON.parse(
          await run(python, [script('inventory.py')], { env: { PATH: process.env.PATH, ...environment } }),
        ),
      ),
    download: async (bucket, key) => {
      const path = key.split('/').map(encodeURIComponent).join('/');
      // The caller's identity is not checked, but one is required.
      const authorization = `AWS4-HMAC-SHA256 Credential=test/20260101/${region}/s3/aws4_request`;
      const answer = await fetch(`${endpoint}/${bucket}/${path}`, { headers: { authorization } });
      if (!answer.ok) throw new Error(`${key} is not in ${bucket}: ${answer.status}`);
      return Buffer.from(await answer.arrayBuffer());
    },
    close: async () => {
      if (moto.exitCode !== null) return;
      moto.stdin.end();
      const ended = once(moto, 'exit');
      const late = setTimeout(() => moto.kill('SIGKILL'), 5_000);
      await ended;
      clearTimeout(late);
    },
  };
}
