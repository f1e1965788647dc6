import { startAwsWorld } from '../measure/aws-world.ts';
import { startFunctionProcess } from '../measure/function-process.ts';
import { packagedFunction } from '../measure/packaged.ts';
import { ratios } from '../measure/paired.ts';
import { signedCalls } from '../measure/signed-calls.ts';
import type { Measure } from '../row.ts';
import { bareBundle } from '../stock/bundle.ts';

/** Calls in one measured batch, and batches before the measured ones: the engine compiles what runs often. */
const BATCH = 20;
const WARM_UP = 15;
const BATCHES = 31;

/** The CPU time of a warm call, divided by that of a function that only puts an item and sends a message. */
export const measure: Measure = async () => {
  const { env } = await startAwsWorld();
  const { bundle } = await packagedFunction('domain-added');
  const bare = await bareBundle();
  const process = startFunctionProcess(env);
  await process.import(bundle);
  await process.import(bare);
  const batch = (of: string) => () => process.call(of, signedCalls(BATCH));
  for (let n = 0; n < WARM_UP; n += 1) {
    await batch(bundle)();
    await batch(bare)();
  }
  const measured = await ratios(batch(bare), new Map([['ours', batch(bundle)]]), BATCHES);
  await process.close();
  return [
    {
      measure: 'warm call of domain-added ÷ bare put and send',
      value: measured.get('ours') ?? Number.NaN,
      goal: 1.3,
      unit: 'ratio',
      limit: { bound: 1.6, why: 'a tenth is the relay itself: signature, item, log line' },
    },
  ];
};
