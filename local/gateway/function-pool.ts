import { errorName } from '../error-name.ts';
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
  // Those that are still loading among them.
  let count = 0;

  function release(instance: Instance): void {
    const next = waiting.shift();
    if (next === undefined) idle.push(instance);
    else next.resolve(instance);
  }
  async function grow(): Promise<void> {
    count += 1;
    try {
      release(await startInstance(definition, options));
    } catch (error) {
      count -= 1;
      throw error;
    }
  }
  function growInBackground(): void {
    grow().catch((error: unknown) => {
      options.onTrouble(errorName(error));
      if (count === 0) for (const { reject } of waiting.splice(0)) reject(error);
    });
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
    if (count < MAX_INSTANCES) growInBackground();
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
          growInBackground();
        }
      }
    },
  };
}
