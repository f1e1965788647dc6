import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { Worker } from 'node:worker_threads';
import type { GatewayFunction } from './gateway/messages.ts';
import { handlerParts } from './handler-parts.ts';

const importAndLook = `
  const { workerData: { url, name } } = require('node:worker_threads');
  import(url).then((loaded) => {
    if (typeof loaded[name] !== 'function') throw new TypeError('it exports no function ' + name);
  });
`;

/**
 * Loads each function once, with its own environment. serverless-offline would find out at the first call, and
 * answer it with 200.
 */
export const checkHandlers = async (
  functions: Readonly<Record<string, GatewayFunction>>,
  codeDir: string,
  environment: Readonly<Record<string, string>>,
): Promise<void> => {
  await Promise.all(
    Object.values(functions).map(
      ({ handler, environment: own }) =>
        new Promise<void>((resolve, reject) => {
          const { path, name } = handlerParts(handler);
          const url = pathToFileURL(join(codeDir, `${path}.mjs`)).href;
          const worker = new Worker(importAndLook, {
            eval: true,
            env: { ...environment, ...own },
            workerData: { url, name },
            stdout: true,
            stderr: true,
          });
          const fail = (cause: Error) =>
            reject(new Error(`${handler} does not load: ${cause.message}`, { cause }));
          worker.on('error', fail);
          worker.on('exit', (code) => (code === 0 ? resolve() : fail(new Error(`exit code ${code}`))));
        }),
    ),
  );
};
