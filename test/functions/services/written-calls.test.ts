import { expect, test } from '@jest/globals';
import { writtenCalls } from '../../../functions/services/written-calls.ts';

const work = {
  'that succeeds': { end: async () => 'done', ends: { status: 'fulfilled', value: 'done' } },
  'that throws': {
    end: async () => {
      throw new TypeError('a bug');
    },
    ends: { status: 'rejected', reason: new TypeError('a bug') },
  },
};

test.each(Object.entries(work))('the calls of work %s are written at its end', async (_, { end, ends }) => {
  const steps: string[] = [];
  const writeCalls = () => void steps.push('written');
  const [ended] = await Promise.allSettled([
    writtenCalls({ writeCalls }, async () => {
      steps.push('called');
      return end();
    }),
  ]);
  expect(steps).toEqual(['called', 'written']);
  expect(ended).toEqual(ends);
});
