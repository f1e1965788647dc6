import { fork } from 'node:child_process';
import { once } from 'node:events';
import {
  fromStackSchema,
  type StackEnded,
  type StackReady,
  type StackSettings,
  type StackWeighed,
  type ToStack,
} from './stack-messages.ts';

export interface SoakedStack extends StackReady {
  weigh(): Promise<StackWeighed>;
  /** Lets RunCloud do what was put off. What it serves then. */
  end(): Promise<StackEnded>;
  close(): Promise<void>;
}

/** Starts the stack's process with the flags and the memory settings of npm start. */
export async function startSoakedStack(
  settings: StackSettings,
  onLine: (line: string) => void,
): Promise<SoakedStack> {
  const child = fork(new URL('./stack-process.ts', import.meta.url), [JSON.stringify(settings)], {
    env: { PATH: process.env.PATH, HOME: process.env.HOME, NODE_NO_WARNINGS: '1', MALLOC_ARENA_MAX: '1' },
    execArgv: ['--max-semi-space-size=2', '--memory-saver-mode', '--expose-gc'],
  });
  const ready = Promise.withResolvers<StackReady>();
  const ended = Promise.withResolvers<StackEnded>();
  /** Replies come in the order of the requests. */
  const weighings: ((weighed: StackWeighed) => void)[] = [];
  child.on('message', (message) => {
    const said = fromStackSchema.parse(message);
    if (said.kind === 'ready') ready.resolve(said);
    else if (said.kind === 'line') onLine(said.line);
    else if (said.kind === 'weighed') weighings.shift()?.(said);
    else ended.resolve(said);
  });
  child.once('exit', () => ready.reject(new Error('The stack has ended')));
  const ask = (what: ToStack['ask']) => child.send({ ask: what } satisfies ToStack);
  return {
    ...(await ready.promise),
    weigh: () =>
      new Promise((resolve) => {
        weighings.push(resolve);
        ask('weigh');
      }),
    end: () => {
      ask('end');
      return ended.promise;
    },
    close: async () => {
      const exit = once(child, 'exit');
      child.kill('SIGKILL');
      await exit;
    },
  };
}
