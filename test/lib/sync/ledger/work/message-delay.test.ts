import { expect, test } from '@jest/globals';
import { toDelaySeconds } from '../../../../../lib/sync/ledger/work/message-delay.ts';

test.each([
  [-1, 0],
  [0, 0],
  [1, 1],
  [1_500, 2],
  [900_000, 900],
  [900_001, 900],
])('%d ms are a delay of %d s', (ms, seconds) => expect(toDelaySeconds(ms)).toBe(seconds));
