import { randomUUID } from 'node:crypto';
import { join } from 'node:path';
import { Worker } from 'node:worker_threads';
import { errorFrames } from '../error-frames.ts';
import type { GatewayFunction } from '../messages.ts';
import { errorName } from './error-name.ts';
import { FunctionFailed } from './function-failed.ts';
import { handlerParts } from './handler-parts.ts';
import { fromInstanceSchema, type InstanceSettings, type ToInstance } from './instance-messages.ts';

/** A loaded function in a thread of its own. Like an instance on Lambda, it takes one call at a time. */
export interface Instance {
  /** Rejects when the function threw, ran out of time or ended its thread. After the last two it is no longer usable. */
  call(event: unknown): Promise<unknown>;
  readonly isUsable: () => boolean;
  /** Ends its thread. Not to be used while it has a call. */
  end(): void;
}

export interface InstanceOptions {
  /** Where the bundles lie. */
  readonly codeDir: string;
  /** The body of its thread, as one script. */
  readonly instanceCode: string;
  /** What went wrong in a call, without anything that was sent. */
  readonly onError: (text: string) => void;
}

interface Call {
  readonly resolve: (value: unknown) => void;
  readonly reject: (error: Error) => void;
  timer?: NodeJS.Timeout;
}

/** A thread grows its nursery up to 48 MB before it collects; with this it collects earlier, and twenty threads fit. */
export const nurseryMb = 3;

/** Several times what a function keeps. A thread first collects its whole heap when half of this is full. */
const heapMb = 96;

/** A thread that is busy beyond its function's timeout for so many times as long runs in a circle. */
const stuckAfter = 3;

function startThread(
  { name, handler, timeout, environment }: GatewayFunction,
  { codeDir, instanceCode }: Pick<InstanceOptions, 'codeDir' | 'instanceCode'>,
): Worker {
  const { path, name: exportName } = handlerParts(handler);
  const settings: InstanceSettings = {
    functionName: name,
    timeoutMs: timeout * 1_000,
    modulePath: join(codeDir, `${path}.cjs`),
    exportName,
  };
  return new Worker(instanceCode, {
    eval: true,
    resourceLimits: {
      maxYoungGenerationSizeMb: nurseryMb,
      maxOldGenerationSizeMb: heapMb,
    },
    // Beside the function's own: what the gateway's thread was given for all of them.
    env: { ...process.env, AWS_LAMBDA_FUNCTION_NAME: name, ...environment },
    workerData: settings,
  });
}

/** Resolves once the function is loaded. */
export function startInstance(
  definition: GatewayFunction,
  { onError, ...code }: InstanceOptions,
): Promise<Instance> {
  const { handler, timeout } = definition;
  const thread = startThread(definition, code);
  let usable = false;
  let running: Call | undefined;

  function take(): Call | undefined {
    const call = running;
    clearTimeout(call?.timer);
    running = undefined;
    return call;
  }
  function fail(name: string, frames: readonly string[] = []): void {
    onError([name, ...frames].join('\n'));
    take()?.reject(new FunctionFailed(name));
  }
  function end(name: string, frames?: readonly string[]): void {
    if (!usable) return;
    usable = false;
    fail(name, frames);
    void thread.terminate();
  }
  const instance: Instance = {
    isUsable: () => usable,
    end: () => {
      usable = false;
      void thread.terminate();
    },
    call: (event) =>
      new Promise((resolve, reject) => {
        running = { resolve, reject };
        thread.postMessage({ awsRequestId: randomUUID(), event } satisfies ToInstance);
      }),
  };

  return new Promise((resolve, reject) => {
    const failLoading = (cause: Error) =>
      reject(new Error(`${handler} does not load: ${cause.message}`, { cause }));
    thread.on('error', (error) => (usable ? end(errorName(error), errorFrames(error)) : failLoading(error)));
    thread.on('exit', (code) =>
      usable ? end('Runtime.ExitError') : failLoading(new Error(`exit code ${code}`)),
    );
    thread.on('message', (message: unknown) => {
      const told = fromInstanceSchema.parse(message);
      if (told.kind === 'loaded') {
        usable = true;
        // What calls it keeps the process running.
        thread.unref();
        resolve(instance);
      } else if (told.kind === 'began') {
        // Its time begins with its work: a thread that waits for a busy core does not spend it. This timer ends one that never
        // gets to its own.
        if (running)
          running.timer = setTimeout(() => end('LambdaTimeoutError'), stuckAfter * timeout * 1_000);
      } else if (told.kind === 'timed-out') end('LambdaTimeoutError');
      else if (told.kind === 'returned') take()?.resolve(told.value);
      else fail(told.name, told.frames);
    });
  });
}
