import { execFile } from 'node:child_process';
import { createHash } from 'node:crypto';
import { mkdir, readdir, readFile, rename, writeFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { z } from 'zod';

const run = promisify(execFile);
const require = createRequire(import.meta.url);

/** The checkout, where serverless.yml lies. */
export const projectDir = join(import.meta.dirname, '..');

/** Where the stack on one machine says that it is. */
const LOCAL_REGION = 'eu-west-1';

const environmentSchema = z.record(z.string(), z.unknown()).default({});

const sqsEventSchema = z.object({
  arn: z.unknown(),
  batchSize: z.number().default(10),
  functionResponseType: z.literal('ReportBatchItemFailures').optional(),
  maximumConcurrency: z.number().default(2),
});

const eventSchema = z.object({
  httpApi: z.union([z.string(), z.object({ method: z.string(), path: z.string() })]).optional(),
  sqs: sqsEventSchema.optional(),
  schedule: z.unknown().optional(),
});

const functionSchema = z.object({
  name: z.string(),
  handler: z.string(),
  timeout: z.number(),
  memorySize: z.number().optional(),
  environment: environmentSchema,
  events: z.array(eventSchema).default([]),
});

const serviceSchema = z.object({
  service: z.string(),
  provider: z.object({
    runtime: z.string(),
    region: z.string(),
    stage: z.string(),
    memorySize: z.number(),
    environment: environmentSchema,
    httpApi: z.object({ payload: z.literal('2.0') }),
  }),
  custom: z.object({ secretPrefix: z.string(), esbuild: z.record(z.string(), z.unknown()) }),
  functions: z.record(z.string(), functionSchema),
  resources: z.object({
    Resources: z.record(
      z.string(),
      z.object({ Type: z.string(), Properties: z.record(z.string(), z.unknown()).default({}) }),
    ),
  }),
});

/** serverless.yml and infra/ with their variables filled in; CloudFormation's own references are still references. */
export type Service = z.infer<typeof serviceSchema>;
export type SqsEvent = z.infer<typeof sqsEventSchema>;

/** Changes with each file that osls reads to resolve the service, and with osls. */
export async function serviceKey(checkout: string): Promise<string> {
  const infra = (await readdir(join(checkout, 'infra'))).toSorted().map((name) => join('infra', name));
  const hash = createHash('sha256');
  for (const file of ['serverless.yml', ...infra]) {
    hash.update(`${file}\0`).update(await readFile(join(checkout, file)));
  }
  hash.update(await readFile(require.resolve('serverless/package.json')));
  return hash.digest('hex').slice(0, 16);
}

/** osls needs seconds to resolve the service, and answers the same until one of its files changes. */
async function cachePath(): Promise<string> {
  const name = `service-${await serviceKey(projectDir)}.json`;
  return join(projectDir, 'node_modules', '.cache', 'runcloud-relay', name);
}

async function print(): Promise<string> {
  const osls = require.resolve('serverless/bin/serverless.js');
  // No credentials, no profile: nothing here may ask AWS.
  const env = { PATH: process.env.PATH, HOME: process.env.HOME, CI: 'true' };
  const args = [osls, 'print', '--format', 'json', '--stage', 'dev', '--region', LOCAL_REGION];
  const { stdout } = await run(process.execPath, args, { cwd: projectDir, env, maxBuffer: 16 * 1024 * 1024 });
  return stdout;
}

/** What would be deployed, as osls itself reads it: the stack on one machine cannot drift from it. */
export async function readService(): Promise<Service> {
  const path = await cachePath();
  const kept = await readFile(path, 'utf8').catch(() => undefined);
  if (kept !== undefined) return serviceSchema.parse(JSON.parse(kept));
  const printed = await print();
  const service = serviceSchema.parse(JSON.parse(printed));
  await mkdir(join(path, '..'), { recursive: true });
  // Several stacks may start at once: a reader sees a whole file or none.
  const draft = `${path}.${process.pid}.${Date.now()}`;
  await writeFile(draft, printed);
  await rename(draft, path);
  return service;
}
