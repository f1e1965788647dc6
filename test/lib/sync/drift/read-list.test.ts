import { describe, expect, test } from '@jest/globals';
import { RuncloudUnavailable } from '../../../../lib/runcloud/errors.ts';
import { answerOf } from '../../../../lib/sync/drift/read-list.ts';
import { NotBefore } from '../../../../lib/sync/ledger/errors.ts';
import { manualClock } from '../../../doubles/manual-clock.ts';
import { HOUR, MINUTE, NOW } from '../../../support/sync/items.ts';

function answered(call: () => Promise<string>) {
  return answerOf(manualClock(NOW), call);
}

describe('a call of the comparison', () => {
  test('gives its answer', async () => {
    expect(await answered(async () => 'page')).toEqual({ answer: 'page' });
  });

  test('that has no slot yet goes on when there is one, and that is no error', async () => {
    const held = answered(() => Promise.reject(new NotBefore(NOW + MINUTE)));
    expect(await held).toEqual({ stop: { until: NOW + MINUTE, error: null } });
  });

  test('that fails is made again in an hour', async () => {
    const error = new RuncloudUnavailable('Not reached', { method: 'GET', path: '/domains' });
    expect(await answered(() => Promise.reject(error))).toEqual({
      stop: { until: NOW + HOUR, error },
    });
  });

  test('that meets a bug throws it', async () => {
    await expect(answered(() => Promise.reject(new TypeError('a bug')))).rejects.toThrow('a bug');
  });
});
