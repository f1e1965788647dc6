import { createInterface } from 'node:readline';
import { Worker } from 'node:worker_threads';
import { bundleThreads } from './instances/bundle.ts';
import { FunctionFailed } from './instances/function-failed.ts';
import { nurseryMb } from './instances/instance.ts';
import { fromThreadSchema, type GatewaySettings, type ToThread } from './messages.ts';

export interface Gateway {
  readonly port: number;
  /** Calls a function as AWS's own services do; rejects when it threw or ran out of time. */
  invoke(functionKey: string, event: unknown): Promise<unknown>;
  close(): Promise<void>;
}

export interface GatewayListeners {
  /** A line that a function wrote. */
  readonly onLine: (line: string) => void;
  /** What went wrong outside of every answer. */
  readonly onError: (text: string) => void;
}

/** What is to be served. */
export type GatewayOptions = Omit<GatewaySettings, 'instanceCode'>;

/** Nothing can listen on this port. */
export class PortTaken extends Error {
  override readonly name = 'PortTaken';
  constructor(port: number) {
    super(`Port ${port} is in use: set PORT to a free one`);
  }
}

interface Call {
  readonly resolve: (value: unknown) => void;
  readonly reject: (error: Error) => void;
}

/**
 * The functions of an HTTP API, each in a thread with nothing but its own environment. `environment` is what
 * all of them share: region, credentials and endpoints.
 */
export async function startGateway(
  settings: GatewayOptions,
  environment: Readonly<Record<string, string>>,
  { onLine, onError }: GatewayListeners,
): Promise<Gateway> {
  const { gatewayFile, instanceCode } = await bundleThreads();
  const thread = new Worker(gatewayFile, {
    workerData: { ...settings, instanceCode } satisfies GatewaySettings,
    env: { ...environment },
    resourceLimits: { maxYoungGenerationSizeMb: nurseryMb },
    stdout: true,
    stderr: true,
  });
  for (const input of [thread.stdout, thread.stderr]) createInterface({ input }).on('line', onLine);

  const calls = new Map<number, Call>();
  let lastId = 0;
  const failAll = (error: Error) => {
    for (const { reject } of calls.values()) reject(error);
    calls.clear();
  };
  const take = (id: number): Call | undefined => {
    const call = calls.get(id);
    calls.delete(id);
    return call;
  };

  const port = await new Promise<number>((resolve, reject) => {
    const fail = (error: Error) => {
      reject(error);
      failAll(error);
    };
    thread.on('error', fail);
    thread.on('exit', () => fail(new FunctionFailed('the end of the stack')));
    thread.on('message', (message: unknown) => {
      const said = fromThreadSchema.parse(message);
      if (said.kind === 'ready') resolve(said.port);
      else if (said.kind === 'failed')
        fail(said.code === 'EADDRINUSE' ? new PortTaken(settings.port) : new Error(said.message));
      else if (said.kind === 'trouble') onError(said.text);
      else if (said.kind === 'returned') take(said.id)?.resolve(said.value);
      else take(said.id)?.reject(new FunctionFailed(said.name));
    });
  }).catch(async (error: unknown) => {
    await thread.terminate();
    throw error;
  });

  return {
    port,
    invoke: (functionKey, event) =>
      new Promise((resolve, reject) => {
        lastId += 1;
        calls.set(lastId, { resolve, reject });
        thread.postMessage({ id: lastId, function: functionKey, event } satisfies ToThread);
      }),
    // Ending the thread ends the functions' threads in it: nothing stays running, whatever they are doing.
    close: async () => {
      await thread.terminate();
    },
  };
}
