import { describe, expect, test } from '@jest/globals';
import { RuncloudUnavailable } from '../../../../lib/runcloud/errors.ts';
import { NotBefore } from '../../../../lib/sync/ledger/errors.ts';
import { callInTime } from '../../../../lib/sync/network/read-pages.ts';
import { manualClock } from '../../../doubles/manual-clock.ts';
import { HOUR, MINUTE, NOW, SECOND } from '../../../support/items.ts';

const NEEDS_MS = 71 * SECOND;

function callWithin(withinMs: number, call: () => Promise<string>) {
  const clock = manualClock(NOW);
  return callInTime({ deadlineAt: NOW + withinMs, clock }, call);
}

describe('a call of the comparison', () => {
  test('is made while there is time for the longest wait and the longest answer', async () => {
    expect(await callWithin(NEEDS_MS, async () => 'page')).toEqual({ answer: 'page' });
  });

  test('is left for later with a millisecond less, and that is no error', async () => {
    const calls: string[] = [];
    const call = async () => String(calls.push('called'));
    expect(await callWithin(NEEDS_MS - 1, call)).toEqual({ stop: { until: NOW, error: null } });
    expect(calls).toEqual([]);
  });

  test('that has no slot yet goes on when there is one, and that is no error', async () => {
    const held = callWithin(HOUR, () => Promise.reject(new NotBefore(NOW + MINUTE)));
    expect(await held).toEqual({ stop: { until: NOW + MINUTE, error: null } });
  });

  test('that fails is made again in an hour', async () => {
    const error = new RuncloudUnavailable('Not reached', { method: 'GET', path: '/domains' });
    expect(await callWithin(HOUR, () => Promise.reject(error))).toEqual({
      stop: { until: NOW + HOUR, error },
    });
  });

  test('that meets a bug throws it', async () => {
    await expect(callWithin(HOUR, () => Promise.reject(new TypeError('a bug')))).rejects.toThrow('a bug');
  });
});
