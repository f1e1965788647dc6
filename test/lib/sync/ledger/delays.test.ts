import { expect, test } from '@jest/globals';
import { domainDelays } from '../../../../lib/sync/ledger/delays.ts';

test('every wait is a multiple of the first', () => {
  expect(domainDelays(30_000)).toEqual({
    firstMs: 30_000,
    apiMarginMs: 120_000,
    resendMs: 30 * 60_000,
    releasedMs: 6 * 60_000,
    probeMs: 15 * 60_000,
    probeSpreadMs: 3 * 60_000,
    ambiguityMs: 15 * 60_000,
    lastMs: 4 * 3_600_000,
    refusedMs: 3_600_000,
    givingUpMs: 15 * 3_600_000,
  });
});
