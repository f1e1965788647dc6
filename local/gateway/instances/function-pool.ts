import type { GatewayFunction } from '../messages.ts';
import { errorName } from './error-name.ts';
import { type Instance, type InstanceOptions, startInstance } from './instance.ts';

/** After this long without a call an instance is ended, as on Lambda. The next call waits for a cold start, as there. */
const usualIdleMs = 60_000;

/** The instances of one function. */
export interface FunctionPool {
  /** How many are loaded. */
  readonly size: () => number;
  /** A call waits until an instance is free. Its timeout begins when that instance takes it. */
  call(event: unknown): Promise<unknown>;
}

/** Resolves once one instance is loaded. More are started while calls wait, up to `maxInstances`, and ended when idle. */
export async function startFunctionPool(
  definition: GatewayFunction,
  { idleMs = usualIdleMs, ...options }: InstanceOptions & { readonly idleMs?: number },
): Promise<FunctionPool> {
  /** The one used last at the end. */
  const idle: { readonly instance: Instance; readonly sinceMs: number }[] = [];
  const waiting: PromiseWithResolvers<Instance>[] = [];
  let count = 0;
  let isLoading = false;

  function release(instance: Instance): void {
    const next = waiting.shift();
    if (next === undefined) {
      idle.push({ instance, sinceMs: performance.now() });
      setTimeout(endIdle, idleMs).unref();
    } else {
      next.resolve(instance);
    }
  }
  function endIdle(): void {
    // A timer may fire a millisecond early.
    const since = performance.now() - idleMs + 1;
    for (let first = idle[0]; first !== undefined && first.sinceMs <= since; first = idle[0]) {
      idle.shift();
      count -= 1;
      first.instance.end();
    }
  }
  async function grow(): Promise<void> {
    isLoading = true;
    try {
      const instance = await startInstance(definition, options);
      count += 1;
      release(instance);
    } finally {
      isLoading = false;
    }
  }
  /** One at a time: loading takes CPU from the instances that run already. */
  async function growWhileCallsWait(): Promise<void> {
    if (isLoading) return;
    try {
      while (count === 0 || (waiting.length > 0 && count < definition.maxInstances)) await grow();
    } catch (error) {
      options.onError(errorName(error));
      if (count === 0) for (const { reject } of waiting.splice(0)) reject(error);
    }
  }
  function takeIdle(): Instance | undefined {
    for (let last = idle.pop(); last !== undefined; last = idle.pop()) {
      if (last.instance.isUsable()) return last.instance;
      count -= 1;
    }
    return undefined;
  }
  function take(): Instance | Promise<Instance> {
    const instance = takeIdle();
    if (instance !== undefined) return instance;
    const turn = Promise.withResolvers<Instance>();
    waiting.push(turn);
    void growWhileCallsWait();
    return turn.promise;
  }

  await grow();
  return {
    size: () => count,
    call: async (event) => {
      const instance = await take();
      try {
        return await instance.call(event);
      } finally {
        if (instance.isUsable()) release(instance);
        else {
          count -= 1;
          void growWhileCallsWait();
        }
      }
    },
  };
}
