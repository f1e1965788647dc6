import { acceptedLines } from '../bill/accepted-event.ts';
import { billedBytes, millionBill, together, type Work } from '../bill/bill.ts';
import { type LifeOfAnAdd, lifeOfAnAdd } from '../bill/life-of-an-add.ts';
import { waitInLine } from '../bill/wait-in-line.ts';
import { sum } from '../idle/bill.ts';
import type { Measure } from '../row.ts';

/** Domains of a burst that share an order and its checks. */
const BURST = 20;
/** So many at once that most wait in line for a slot. */
const CROWD = 1_000;

function shared({ accepted, added, ordered, proven }: LifeOfAnAdd, domains: number): Work {
  const share = 1 / domains;
  const ofAll = [ordered, proven].map((work) => ({ work, share }));
  return together([{ work: accepted }, { work: added }, ...ofAll]);
}

/** What a million of something costs, with all its shares: gateway, functions, queues, ledger and logs. */
export const measure: Measure = async () => {
  const alone = await lifeOfAnAdd(1);
  const burst = await lifeOfAnAdd(BURST);
  const inLine: Work = together([
    { work: shared({ ...burst, added: alone.added }, BURST) },
    { work: await waitInLine(CROWD) },
  ]);
  const lines = await acceptedLines();
  return [
    { measure: 'lines in the log of an accepted event', value: lines.length, goal: 1, unit: 'count' },
    {
      measure: 'bytes that its function logs, with what Lambda adds',
      value: billedBytes({ lines, calls: 1 }),
      goal: 1_100,
      unit: 'count',
    },
    {
      measure: 'an accepted event, a million',
      value: sum(millionBill(alone.accepted)),
      goal: 3,
      unit: 'USD',
      limit: {
        bound: 4.3,
        why: 'gateway 1.11, the write and its row in the index 1.41, function 0.44, message 0.40; the rest are logs',
      },
    },
    {
      measure: 'the life of an addition alone, a million',
      value: sum(millionBill(shared(alone, 1))),
      goal: 25,
      unit: 'USD',
      limit: {
        bound: 43,
        why: '25 write units are $18 of it, and 7 of these are for rows of the two indexes; functions wait 2.5 s for RunCloud',
      },
    },
    {
      measure: 'the life of an addition in a burst, a million',
      value: sum(millionBill(shared(burst, BURST))),
      goal: 20,
      unit: 'USD',
      limit: {
        bound: 25,
        why: '18 write units are $12 of it, and 7 of these are for rows of the two indexes',
      },
    },
    {
      measure: 'the same where 1,000 are added at once, a million',
      value: sum(millionBill(inLine)),
      goal: 20,
      unit: 'USD',
      limit: {
        bound: 32,
        why: 'RunCloud takes 60 calls a minute: a place in the line is 5 write units, a message and a call that comes back',
      },
    },
  ];
};
