import './extra-certificates.ts';
import { createRequire } from 'node:module';
import { parentPort, workerData } from 'node:worker_threads';
import { errorFrames } from '../error-frames.ts';
import { errorName } from './error-name.ts';
import type { FromInstance, InstanceSettings, ToInstance } from './instance-messages.ts';

interface Context {
  readonly awsRequestId: string;
  readonly functionName: string;
  readonly functionVersion: '$LATEST';
  getRemainingTimeInMillis(): number;
}

type Handler = (event: unknown, context: Context) => unknown;

// The body of a worker thread: one instance of one function. What it is sent is not parsed: both ends are ours, and zod
// takes as long to load as a function.
if (parentPort === null) throw new Error('This file is the body of a worker thread');
const parent = parentPort;
const { functionName, timeoutMs, modulePath, exportName }: InstanceSettings = workerData;

function tell(message: FromInstance): void {
  parent.postMessage(message);
}

function isHandler(exported: unknown): exported is Handler {
  return typeof exported === 'function';
}

function loadHandler(): Handler {
  const exported: Readonly<Record<string, unknown>> = createRequire(modulePath)(modulePath);
  const handler = exported[exportName];
  if (!isHandler(handler)) throw new TypeError(`it exports no function ${exportName}`);
  return handler;
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

const handler = loadHandler();

parent.on('message', async ({ awsRequestId, event }: ToInstance) => {
  tell({ kind: 'began' });
  // In the thread itself: one that has waited for a core beyond its time meets the handler's own limits first, in their order.
  const timer = setTimeout(() => tell({ kind: 'timed-out' }), timeoutMs);
  try {
    tell({ kind: 'returned', value: await handler(event, contextOf(awsRequestId)) });
  } catch (error) {
    tell({ kind: 'threw', name: errorName(error), frames: errorFrames(error) });
  } finally {
    clearTimeout(timer);
  }
});
tell({ kind: 'loaded' });
