import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { setTimeout as wait } from 'node:timers/promises';
import type { Random } from '../simulator/chance/random.ts';
import { fromWorkerSchema, type ToWorker, type WorkerSettings } from './messages.ts';

export interface Memory {
  readonly heapBytes: number;
  readonly rssBytes: number;
}

interface Options extends WorkerSettings {
  readonly environment: Readonly<Record<string, string>>;
  readonly onLine: (line: string) => void;
}

/** One worker process; when it is killed, another one takes its place. */
function startWorker({ environment, onLine, ...settings }: Options) {
  let child: ChildProcess;
  let began = Promise.withResolvers<void>();
  /** Replies come in the order of the requests. */
  const weighings: ((memory: Memory) => void)[] = [];

  const start = () => {
    child = fork(new URL('./worker.ts', import.meta.url), [JSON.stringify(settings)], {
      env: { ...environment, NODE_NO_WARNINGS: '1' },
      execArgv: ['--expose-gc'],
      stdio: ['ignore', 'pipe', 'inherit', 'ipc'],
    });
    if (child.stdout !== null) createInterface({ input: child.stdout }).on('line', onLine);
    child.on('message', (message) => {
      const said = fromWorkerSchema.parse(message);
      if (said.kind === 'began') {
        began.resolve();
        began = Promise.withResolvers();
      } else if (said.kind === 'memory') weighings.shift()?.(said);
      else onLine(said.text);
    });
  };
  start();

  const end = async () => {
    const ended = once(child, 'exit');
    // No handler runs, no lease is given back, no answer is waited for.
    child.kill('SIGKILL');
    await ended;
  };
  return {
    end,
    /** Kills it in the middle of a pass, if one begins soon. */
    replace: async (random: Random) => {
      await Promise.race([began.promise, wait(2_000)]);
      await wait(random.between(0, 60));
      await end();
      start();
    },
    weigh: (): Promise<Memory> =>
      new Promise((resolve) => {
        weighings.push(resolve);
        child.send({ kind: 'weigh' } satisfies ToWorker);
      }),
  };
}

/** One worker that lives to the end and is weighed, and some that are killed now and then. */
export function startWorkers(mortals: number, options: Options) {
  const steady = startWorker(options);
  const mortal = Array.from({ length: mortals }, () => startWorker(options));
  return {
    weigh: steady.weigh,
    killOne: (random: Random) => random.pick(mortal).replace(random),
    close: async () => {
      await Promise.all([steady, ...mortal].map(({ end }) => end()));
    },
  };
}
