import { fork } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import type { APIGatewayProxyEventV2 } from 'aws-lambda';
import { z } from 'zod';

const answerSchema = z.object({ cpu: z.number(), statuses: z.array(z.number()).default([]) });

/** A process of its own that runs bundles, and measures the CPU time that they take in microseconds. */
export interface FunctionProcess {
  import(bundle: string): Promise<number>;
  /** Calls the handler with each event in turn. All of them must be accepted. */
  call(bundle: string, events: readonly APIGatewayProxyEventV2[]): Promise<number>;
  close(): Promise<void>;
}

export function startFunctionProcess(env: Readonly<Record<string, string>>): FunctionProcess {
  const child = fork(join(import.meta.dirname, 'function-process.js'), { env, silent: true });
  // What is written must be taken, or the writer waits.
  child.stdout?.resume();
  child.stderr?.pipe(process.stderr);
  const exited = once(child, 'exit');
  const ask = async (message: object) => {
    const answer = once(child, 'message');
    child.send(message);
    const ended = exited.then(([code]: unknown[]) => {
      throw new Error(`The process of the functions has ended with ${code}`);
    });
    return answerSchema.parse((await Promise.race([answer, ended]))[0]);
  };
  return {
    import: async (bundle) => (await ask({ bundle })).cpu,
    call: async (bundle, events) => {
      const { cpu, statuses } = await ask({ bundle, events });
      const refused = statuses.filter((status) => status !== 202);
      if (refused.length > 0) throw new Error(`A measured call was answered ${refused[0]}`);
      return cpu;
    },
    close: async () => {
      child.kill();
      await exited;
    },
  };
}
