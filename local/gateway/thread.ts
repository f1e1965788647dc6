import { parentPort, workerData } from 'node:worker_threads';
import ServerlessOffline from 'serverless-offline';
import Lambda from 'serverless-offline/lambda';
import { addressOf } from '../address-of.ts';
import { errorName } from '../error-name.ts';
import { asServerless } from './as-serverless.ts';
import { answerLikeApiGateway } from './like-api-gateway.ts';
import { type FromThread, gatewaySettingsSchema, toThreadSchema } from './messages.ts';
import { withoutNulls } from './without-nulls.ts';

// serverless-offline runs in a thread of its own: it prints, ends its process when it fails and leaves timers behind.
if (parentPort === null) throw new Error('This file is the body of a worker thread');
const parent = parentPort;
const tell = (message: FromThread) => parent.postMessage(message);

/** An error's kind and where it came from. Its message is left out: it may quote what was sent. */
const sayTrouble = (...words: unknown[]): void => {
  for (const word of words) {
    if (!(word instanceof Error)) continue;
    const frames = (word.stack ?? '').split('\n').filter((line) => /^\s+at /.test(line));
    tell({ kind: 'trouble', text: [word.name, ...frames].join('\n') });
  }
};

const quiet = () => {};
const utils = {
  // The request lines come as notices, and a path may hold a token.
  log: { debug: quiet, info: quiet, notice: quiet, verbose: quiet, warning: quiet, error: sayTrouble },
  progress: { get: () => undefined, notice: quiet, remove: quiet },
};

// A handler's own crash must not take the others with it; the call it was in runs into its timeout, as in Lambda.
process.on('uncaughtException', sayTrouble);

const settings = await withoutNulls(gatewaySettingsSchema.parse(workerData));
const serverless = asServerless(settings);
const options = {
  host: '127.0.0.1',
  httpPort: settings.port,
  lambdaPort: 0,
  noSponsor: true,
  disableCookieValidation: true,
};

const serve = async (): Promise<string> => {
  const offline = new ServerlessOffline(serverless, options, utils).internals();
  offline.mergeOptions();
  const { httpApiEvents, lambdas } = offline.getEvents();
  await offline.createLambda(lambdas, true);
  await offline.createHttp(httpApiEvents, true);
  const server = offline.getApiGatewayServer();
  answerLikeApiGateway(server);
  await server.start();
  return addressOf(server.listener);
};

const lambda = new Lambda(serverless, options);
lambda.create(
  Object.entries(settings.functions).map(([functionKey, functionDefinition]) => ({
    functionKey,
    functionDefinition,
  })),
);

parent.on('message', async (message: unknown) => {
  const { id, function: key, event } = toThreadSchema.parse(message);
  try {
    const instance = lambda.get(key);
    instance.setEvent(event);
    tell({ kind: 'returned', id, value: await instance.runHandler() });
  } catch (error) {
    tell({ kind: 'threw', id, name: errorName(error) });
  }
});

try {
  const url = await serve();
  tell({ kind: 'ready', port: Number(new URL(url).port) });
} catch (error) {
  const code = error instanceof Error && 'code' in error ? String(error.code) : undefined;
  const message = error instanceof Error ? error.message : String(error);
  tell({ kind: 'failed', message, ...(code === undefined ? {} : { code }) });
}
