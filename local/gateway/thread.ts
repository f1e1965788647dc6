import { parentPort, workerData } from 'node:worker_threads';
import ServerlessOffline from 'serverless-offline';
import { addressOf } from '../address-of.ts';
import { asServerless } from './as-serverless.ts';
import { callThrough } from './call-through.ts';
import { errorFrames } from './error-frames.ts';
import { errorName } from './instances/error-name.ts';
import { type FunctionPool, startFunctionPool } from './instances/function-pool.ts';
import { answerLikeApiGateway } from './like-api-gateway.ts';
import { type FromThread, gatewaySettingsSchema, toThreadSchema } from './messages.ts';

// serverless-offline runs in a thread of its own: it prints, ends its process when it fails and leaves timers running.
if (parentPort === null) throw new Error('This file is the body of a worker thread');
const parent = parentPort;
function tell(message: FromThread) {
  return parent.postMessage(message);
}

function tellTrouble(text: string) {
  return tell({ kind: 'trouble', text });
}

function sayTrouble(...updates: unknown[]): void {
  for (const update of updates) {
    if (update instanceof Error) tellTrouble([update.name, ...errorFrames(update)].join('\n'));
  }
}

function quiet() {}
const utils = {
  // The request lines come as notices, and a path may hold a token.
  log: { debug: quiet, info: quiet, notice: quiet, verbose: quiet, warning: quiet, error: sayTrouble },
  progress: { get: () => undefined, notice: quiet, remove: quiet },
};

process.on('uncaughtException', sayTrouble);

const settings = gatewaySettingsSchema.parse(workerData);
const serverless = asServerless(settings);
const options = {
  host: '127.0.0.1',
  httpPort: settings.port,
  lambdaPort: 0,
  noSponsor: true,
  disableCookieValidation: true,
};

async function serve(): Promise<string> {
  const offline = new ServerlessOffline(serverless, options, utils).internals();
  offline.mergeOptions();
  const { httpApiEvents, lambdas } = offline.getEvents();
  await offline.createLambda(lambdas, true);
  await offline.createHttp(httpApiEvents, true);
  const server = offline.getApiGatewayServer();
  answerLikeApiGateway(server);
  // A caller whose core is taken away for a while would send its next call into a connection that has just been closed.
  server.listener.keepAliveTimeout = 0;
  await server.start();
  return addressOf(server.listener);
}

/** Every function, loaded: whatever is served afterwards finds an instance that can take it. */
async function startPools(): Promise<ReadonlyMap<string, FunctionPool>> {
  const { codeDir, instanceCode } = settings;
  const entries = Object.entries(settings.functions).map(
    async ([key, definition]) =>
      [key, await startFunctionPool(definition, { codeDir, instanceCode, onError: tellTrouble })] as const,
  );
  return new Map(await Promise.all(entries));
}

try {
  const pools = await startPools();
  const call = async (key: string, event: unknown): Promise<unknown> => {
    const pool = pools.get(key);
    if (pool === undefined) throw new TypeError(`There is no function ${key}`);
    return pool.call(event);
  };
  callThrough(call);
  parent.on('message', async (message: unknown) => {
    const { id, function: key, event } = toThreadSchema.parse(message);
    try {
      tell({ kind: 'returned', id, value: await call(key, event) });
    } catch (error) {
      tell({ kind: 'threw', id, name: errorName(error) });
    }
  });
  const url = await serve();
  tell({ kind: 'ready', port: Number(new URL(url).port) });
} catch (error) {
  const code = error instanceof Error && 'code' in error ? String(error.code) : undefined;
  const message = error instanceof Error ? error.message : String(error);
  tell({ kind: 'failed', message, ...(code === undefined ? {} : { code }) });
}
