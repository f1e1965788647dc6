import { afterAll, expect, test } from '@jest/globals';
import { closeAll } from '../../bench/measure/closing.ts';
import { isCounted, isHeld, type Measure } from '../../bench/row.ts';
import { measure as certificateCalls } from '../../bench/rows/certificate-calls.ts';
import { measure as eventBill } from '../../bench/rows/event-bill.ts';
import { measure as listReads } from '../../bench/rows/list-reads.ts';
import { measure as longList } from '../../bench/rows/long-list.ts';
import { measure as orderReads } from '../../bench/rows/order-reads.ts';
import { measure as runcloudCalls } from '../../bench/rows/runcloud-calls.ts';
import { measure as sweepRequests } from '../../bench/rows/sweep-requests.ts';
import { measure as workerRequests } from '../../bench/rows/worker-requests.ts';

afterAll(() => closeAll());

// test/serverless.test.ts holds the idle stage, test/soak the one-machine stack. The other rows are times.
const counted: Readonly<Record<string, Measure>> = {
  'certificate-calls': certificateCalls,
  'event-bill': eventBill,
  'list-reads': listReads,
  'long-list': longList,
  'order-reads': orderReads,
  'runcloud-calls': runcloudCalls,
  'sweep-requests': sweepRequests,
  'worker-requests': workerRequests,
};

test.each(Object.entries(counted))('%s: every goal is met, or its bound is', async (_, measure) => {
  const rows = await measure();
  expect(rows.length).toBeGreaterThan(0);
  expect(rows.filter((row) => !isCounted(row) || !isHeld(row))).toEqual([]);
});
