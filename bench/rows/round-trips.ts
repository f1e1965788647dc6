import { startAwsWorld } from '../measure/aws-world.ts';
import { startFunctionProcess } from '../measure/function-process.ts';
import { packagedFunction } from '../measure/packaged.ts';
import { signedCalls } from '../measure/signed-calls.ts';
import type { Measure } from '../row.ts';

/** The calls to AWS that an accepted event waits for, in a new process and in a warm one. */
export const measure: Measure = async () => {
  const world = await startAwsWorld();
  const { bundle } = await packagedFunction('domain-added');
  const process = startFunctionProcess(world.env);
  await process.import(bundle);
  const callsOfOneEvent = async () => {
    const before = world.calls();
    await process.call(bundle, signedCalls(1));
    return world.calls() - before;
  };
  const cold = await callsOfOneEvent();
  const warm = await callsOfOneEvent();
  await process.close();
  return [
    { measure: 'round trips of an accepted event, cold', value: cold, goal: 3, unit: 'count' },
    { measure: 'round trips of an accepted event, warm', value: warm, goal: 2, unit: 'count' },
  ];
};
