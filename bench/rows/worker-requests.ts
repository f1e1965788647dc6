import { startCountedWorker } from '../../test/support/sync/counted-worker.ts';
import { prices } from '../aws/prices.ts';
import { unitCounter } from '../aws/units.ts';
import type { Measure } from '../row.ts';

const MILLION = 1_000_000;

/** What a warm worker asks of AWS for one update, with the SDK before emulators, and what DynamoDB and SQS bill for it. */
export const measure: Measure = async () => {
  const worker = await startCountedWorker();
  try {
    const unitsOf = unitCounter();
    unitsOf(await worker.record('first.example.com', 'present'));
    unitsOf(await worker.pass('first.example.com'));
    const accepted = unitsOf(await worker.record('shop.example.com', 'present'));
    const addition = await worker.pass('shop.example.com');
    const added = unitsOf(addition);
    worker.advance(60_000);
    unitsOf(await worker.record('shop.example.com', 'absent'));
    const removal = await worker.pass('shop.example.com');
    const bill = ({ reads, writes, queues }: typeof added): number =>
      MILLION * (reads * prices.readUnit + writes * prices.writeUnit + queues * prices.queueRequest);
    return [
      { measure: 'requests to AWS of a warm addition', value: addition.length, goal: 8, unit: 'count' },
      { measure: 'requests to AWS of a warm removal', value: removal.length, goal: 10, unit: 'count' },
      { measure: 'an accepted event in the ledger, a million', value: bill(accepted), goal: 3, unit: 'USD' },
      { measure: 'an addition in the ledger, a million', value: bill(added), goal: 15, unit: 'USD' },
    ];
  } finally {
    await worker.close();
  }
};
