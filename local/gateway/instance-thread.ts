import { parentPort, workerData } from 'node:worker_threads';
import { z } from 'zod';
import { errorName } from '../error-name.ts';
import { errorFrames } from './error-frames.ts';
import { type FromInstance, instanceSettingsSchema, toInstanceSchema } from './instance-messages.ts';

interface Context {
  readonly awsRequestId: string;
  readonly functionName: string;
  readonly functionVersion: '$LATEST';
  getRemainingTimeInMillis(): number;
}

type Handler = (event: unknown, context: Context) => unknown;

// The body of a worker thread: one instance of one function.
if (parentPort === null) throw new Error('This file is the body of a worker thread');
const parent = parentPort;
const { functionName, timeoutMs, moduleUrl, exportName } = instanceSettingsSchema.parse(workerData);

function tell(message: FromInstance): void {
  parent.postMessage(message);
}

async function loadHandler(): Promise<Handler> {
  const isFunction = z.custom<Handler>((value) => typeof value === 'function');
  const { data } = z
    .looseObject({ handler: isFunction })
    .safeParse({ handler: (await import(moduleUrl))[exportName] });
  if (data === undefined) throw new TypeError(`it exports no function ${exportName}`);
  return data.handler;
}

function contextOf(awsRequestId: string): Context {
  const endsAt = performance.now() + timeoutMs;
  return {
    awsRequestId,
    functionName,
    functionVersion: '$LATEST',
    getRemainingTimeInMillis: () => Math.max(0, Math.floor(endsAt - performance.now())),
  };
}

const handler = await loadHandler();

parent.on('message', async (message: unknown) => {
  const { awsRequestId, event } = toInstanceSchema.parse(message);
  tell({ kind: 'began' });
  try {
    tell({ kind: 'returned', value: await handler(event, contextOf(awsRequestId)) });
  } catch (error) {
    tell({ kind: 'threw', name: errorName(error), frames: errorFrames(error) });
  }
});
tell({ kind: 'loaded' });
