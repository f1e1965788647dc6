/** How long the stack may take to stop. */
const graceMs = 10_000;

/** How often this process checks that its parent still runs. */
const parentCheckMs = 500;

export interface StopSignal {
  readonly signal: AbortSignal;
  /** Resolves when this process is asked to end. */
  readonly asked: Promise<void>;
}

/**
 * Ctrl-C, SIGTERM, and the end of the npm that started us: a shell between npm and us may die of a signal without
 * passing it on. A second signal, or an end that takes too long, ends the process at once.
 */
export function stopSignal(): StopSignal {
  const stopping = new AbortController();
  const { signal } = stopping;
  const stop = () => {
    if (signal.aborted) process.exit(1);
    stopping.abort();
    setTimeout(() => process.exit(1), graceMs).unref();
  };
  for (const name of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(name, stop);

  const parent = process.ppid;
  if (process.env.npm_lifecycle_event !== undefined) {
    const timer = setInterval(() => {
      if (process.ppid !== parent && !signal.aborted) stop();
    }, parentCheckMs);
    timer.unref();
  }
  return {
    signal,
    asked: new Promise((resolve) => {
      if (signal.aborted) resolve();
      signal.addEventListener('abort', () => resolve(), { once: true });
    }),
  };
}
