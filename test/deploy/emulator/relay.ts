import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import type { SQSClient } from '@aws-sdk/client-sqs';
import { z } from 'zod';
import { type AwsCall, type Place, toFunctionCall } from '../calls/aws-call.ts';
import { deliver } from '../calls/deliveries.ts';
import { type Call, gatewayEvent } from '../calls/gateway-event.ts';
import { type RecordingProxy, startRecordingProxy } from '../calls/recording-proxy.ts';
import { parseTemplate, routesOf, type Template } from '../template/template.ts';
import type { Account, DeployedFunction, Inventory } from './account.ts';
import { type RunningFunction, startFunction } from './running-function.ts';
import { type Tools, unpack } from './tools.ts';

const replySchema = z.object({
  statusCode: z.number(),
  headers: z.record(z.string(), z.string()).default({}),
  body: z.string(),
});

/** What the deploy made, running. */
export interface Relay {
  readonly template: Template;
  /** A call from outside: the route says which function answers. */
  call(call: Call): Promise<z.infer<typeof replySchema>>;
  invoke(functionName: string, event: unknown): Promise<unknown>;
  /** Delivers all visible messages to their functions. Returns how many. */
  deliver(): Promise<number>;
  /** What each function asked of AWS, by its name. */
  calls(): ReadonlyMap<string, readonly AwsCall[]>;
  /** What the proxies could not make sense of. */
  troubles(): string[];
  /** What the functions wrote. */
  lines(): string[];
}

interface Settings {
  readonly account: Account;
  readonly inventory: Inventory;
  readonly tools: Tools;
  readonly place: Place;
  readonly sqs: SQSClient;
  /** For the functions: where the rest of the world is found. */
  readonly world: Readonly<Record<string, string>>;
  readonly closing: AsyncDisposableStack;
}

interface Running {
  readonly deployed: DeployedFunction;
  readonly code: RunningFunction;
  readonly proxy: RecordingProxy;
}

/** The keys of the newest deployment in the bucket. */
function newest({ buckets }: Inventory): { readonly bucket: string; readonly keys: readonly string[] } {
  const [[bucket, keys] = ['', []]] = Object.entries(buckets);
  const last =
    keys
      .filter((key) => key.endsWith('/compiled-cloudformation-template.json'))
      .toSorted()
      .at(-1) ?? '';
  const folder = last.slice(0, last.lastIndexOf('/') + 1);
  return { bucket, keys: keys.filter((key) => key.startsWith(folder)) };
}

/** Runs every function that the account holds, each from its own zip in the bucket, apart from this checkout. */
export async function startRelay(settings: Settings): Promise<Relay> {
  const { account, inventory, tools, place, sqs, world, closing } = settings;
  const dir = await mkdtemp(join(tmpdir(), 'deployed-'));
  closing.defer(() => rm(dir, { recursive: true, force: true }));
  const { bucket, keys } = newest(inventory);
  const file = (suffix: string): Promise<Buffer> => {
    const key = keys.find((one) => one.endsWith(suffix));
    if (key === undefined) throw new Error(`The deploy uploaded no ${suffix}`);
    return account.download(bucket, key);
  };
  const template = parseTemplate((await file('/compiled-cloudformation-template.json')).toString());
  const routes = routesOf(template);

  const start = async (deployed: DeployedFunction): Promise<Running> => {
    const name = basename(deployed.Handler, '.handler');
    const zip = join(dir, `${name}.zip`);
    const codeDir = join(dir, name);
    await writeFile(zip, await file(`/${name}.zip`));
    await unpack(zip, codeDir);
    const proxy = await startRecordingProxy(account.endpoint, (request) => toFunctionCall(request, place));
    closing.defer(() => proxy.close());
    const aws = { ...account.environment, AWS_ENDPOINT_URL: proxy.endpoint };
    const code = await startFunction(deployed, codeDir, { ...aws, ...world }, tools);
    closing.defer(() => code.close());
    return { deployed, code, proxy };
  };
  const running = new Map<string, Running>();
  for (const deployed of inventory.functions) running.set(deployed.FunctionName, await start(deployed));

  const invoke = (functionName: string, event: unknown): Promise<unknown> => {
    const found = running.get(functionName);
    if (found === undefined) throw new Error(`There is no function ${functionName}`);
    return found.code.invoke(event);
  };
  const all = [...running.values()];
  return {
    template,
    invoke,
    call: async (call) =>
      replySchema.parse(await invoke(routes.get(call.routeKey) ?? '', gatewayEvent(call))),
    deliver: async () => {
      let delivered = 0;
      for (const source of inventory.eventSources) {
        const name = source.FunctionArn.split(':').at(-1) ?? '';
        for (;;) {
          const came = await deliver(source, (event) => invoke(name, event), sqs);
          if (came === 0) break;
          delivered += came;
        }
      }
      return delivered;
    },
    calls: () => new Map(all.map(({ deployed, proxy }) => [deployed.FunctionName, proxy.calls] as const)),
    troubles: () => all.flatMap(({ proxy }) => proxy.troubles),
    lines: () => all.flatMap(({ code }) => code.lines),
  };
}
