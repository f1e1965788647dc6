import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { setTimeout as wait } from 'node:timers/promises';
import { z } from 'zod';
import type { DeployedFunction } from './account.ts';
import type { Tools } from './tools.ts';

/** A deployed function behind Lambda's Runtime API. */
export interface RunningFunction {
  /** Calls it, one call after the other as one instance of Lambda does; a failed call is thrown. */
  invoke(event: unknown): Promise<unknown>;
  /** What it wrote, and the emulator about it. */
  readonly lines: readonly string[];
  close(): Promise<void>;
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  server.close();
  await once(server, 'close');
  if (address === null || typeof address === 'string') throw new Error('There is no free port');
  return address.port;
}

const failureSchema = z.object({ errorType: z.string(), errorMessage: z.string() });

/** What Lambda sets beside a function's own environment. */
function setByLambda({ FunctionName, Handler, Timeout, MemorySize }: DeployedFunction, codeDir: string) {
  return {
    PATH: process.env.PATH,
    LAMBDA_TASK_ROOT: codeDir,
    _HANDLER: Handler,
    AWS_LAMBDA_FUNCTION_NAME: FunctionName,
    AWS_LAMBDA_FUNCTION_TIMEOUT: String(Timeout),
    AWS_LAMBDA_FUNCTION_MEMORY_SIZE: String(MemorySize),
  };
}

/** The emulator takes a moment to listen. False: it has ended. */
async function listens(url: string, ended: () => boolean): Promise<boolean> {
  while (!ended()) {
    const answer = await fetch(url, { method: 'GET' }).catch(() => undefined);
    if (answer !== undefined) return !ended();
    await wait(25);
  }
  return false;
}

/** The emulator on two ports; undefined: it has ended, as it does where another program was faster to take one of them. */
async function startEmulator(
  deployed: DeployedFunction,
  codeDir: string,
  world: Readonly<Record<string, string>>,
  { rie }: Tools,
) {
  const address = `127.0.0.1:${await freePort()}`;
  const runtimeApi = `127.0.0.1:${await freePort()}`;
  const bootstrap = join(import.meta.dirname, 'bootstrap.mjs');
  const args = ['--log-level', 'error', '--runtime-interface-emulator-address', address];
  const emulator = spawn(
    rie,
    [...args, '--runtime-api-address', runtimeApi, process.execPath, bootstrap, deployed.Handler],
    {
      cwd: codeDir,
      env: { ...setByLambda(deployed, codeDir), ...deployed.Environment.Variables, ...world },
      stdio: ['ignore', 'pipe', 'pipe'],
      // A group of its own: the emulator leaves Node running when it ends.
      detached: true,
    },
  );
  const ended = once(emulator, 'exit');
  const lines: string[] = [];
  for (const input of [emulator.stdout, emulator.stderr]) {
    createInterface({ input }).on('line', (line) => lines.push(line));
  }
  const isListening = await listens(`http://${address}/`, () => emulator.exitCode !== null);
  return isListening ? { address, emulator, ended, lines } : undefined;
}

async function startedEmulator(...run: Parameters<typeof startEmulator>) {
  for (let attemptsLeft = 10; attemptsLeft > 0; attemptsLeft -= 1) {
    const started = await startEmulator(...run);
    if (started !== undefined) return started;
  }
  throw new Error('The runtime interface emulator does not listen');
}

/** Runs the code in `codeDir` with the environment of its function; `world`: where AWS and the others are found. */
export async function startFunction(
  deployed: DeployedFunction,
  codeDir: string,
  world: Readonly<Record<string, string>>,
  tools: Tools,
): Promise<RunningFunction> {
  const { address, emulator, ended, lines } = await startedEmulator(deployed, codeDir, world, tools);
  const url = `http://${address}/2015-03-31/functions/function/invocations`;
  const call = async (event: unknown): Promise<unknown> => {
    const answer = await fetch(url, { method: 'POST', body: JSON.stringify(event) });
    const result: unknown = JSON.parse(await answer.text());
    const failure = failureSchema.safeParse(result);
    if (failure.success) {
      const { errorType, errorMessage } = failure.data;
      throw new Error(`${deployed.FunctionName} failed: ${errorType}: ${errorMessage}`);
    }
    return result;
  };
  let last: Promise<unknown> = Promise.resolve();
  return {
    invoke: (event) => {
      const next = last.then(() => call(event));
      last = next.catch(() => undefined);
      return next;
    },
    lines,
    close: async () => {
      if (emulator.pid !== undefined && emulator.exitCode === null) process.kill(-emulator.pid, 'SIGKILL');
      await ended;
    },
  };
}
