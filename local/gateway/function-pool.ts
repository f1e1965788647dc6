import { errorName } from './error-name.ts';
import { type Instance, type InstanceOptions, startInstance } from './instance.ts';
import type { GatewayFunction } from './messages.ts';

/** Of one function. One machine has few cores; further calls wait. */
const MAX_INSTANCES = 4;

/** The instances of one function. */
export interface FunctionPool {
  /** A call waits until an instance is free. Its timeout begins when that instance takes it. */
  call(event: unknown): Promise<unknown>;
}

/** Resolves once one instance is loaded. More are started while calls wait. */
export async function startFunctionPool(
  definition: GatewayFunction,
  options: InstanceOptions,
): Promise<FunctionPool> {
  const idle: Instance[] = [];
  const waiting: PromiseWithResolvers<Instance>[] = [];
  let count = 0;
  let isLoading = false;

  function release(instance: Instance): void {
    const next = waiting.shift();
    if (next === undefined) idle.push(instance);
    else next.resolve(instance);
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
      while (count === 0 || (waiting.length > 0 && count < MAX_INSTANCES)) await grow();
    } catch (error) {
      options.onError(errorName(error));
      if (count === 0) for (const { reject } of waiting.splice(0)) reject(error);
    }
  }
  function takeIdle(): Instance | undefined {
    for (let instance = idle.pop(); instance !== undefined; instance = idle.pop()) {
      if (instance.isUsable()) return instance;
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
