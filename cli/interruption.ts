import type { Writable } from 'node:stream';

type Signal = 'SIGINT' | 'SIGTERM';

export interface UserInterruption {
  readonly signal: AbortSignal;
  interrupt(): void;
  /** Ends the process by the signal that came, if one came: a shell loop around it must stop too. */
  end(streams: readonly Writable[]): Promise<void>;
}

function flushed(stream: Writable): Promise<void> {
  return new Promise((resolve) => {
    stream.write('', () => resolve());
  });
}

/** The first Ctrl-C asks the command to stop; a second one ends the process at once. */
export function interruption(own: NodeJS.Process): UserInterruption {
  const stopping = new AbortController();
  let came: Signal | undefined;
  const stop = (name: Signal) => {
    came = name;
    stopping.abort();
  };
  for (const name of ['SIGINT', 'SIGTERM'] as const) own.once(name, () => stop(name));
  return {
    signal: stopping.signal,
    interrupt: () => {
      own.removeAllListeners('SIGINT');
      stop('SIGINT');
    },
    end: async (streams) => {
      if (came === undefined) return;
      for (const stream of streams) await flushed(stream);
      own.removeAllListeners(came);
      own.kill(own.pid, came);
    },
  };
}
