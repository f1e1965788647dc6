import { describe, expect, test } from '@jest/globals';
import { RuncloudRefused } from '../../../../../lib/runcloud/errors.ts';
import { certificateWorld } from '../../../../support/certificates/certificate-world.ts';
import { HOUR, MINUTE } from '../../../../support/sync/items.ts';
import { at } from './shops.ts';

describe('the mode', () => {
  test('that RunCloud does not state is not taken for basic: nothing is ordered, and given up after 15 hours', async () => {
    const world = certificateWorld({ mode: 'unknown' });
    await world.arrive();
    await world.live(10 * HOUR);
    expect(await world.request()).toMatchObject({
      state: 'pending',
      lastError: { code: 'runcloud-refused' },
    });
    await world.live(10 * HOUR);
    expect(await world.request()).toMatchObject({ state: 'failed', reason: 'order-failed' });
    expect(world.queue.deadLetters).toHaveLength(1);
    expect(world.orders).toEqual([]);
  });

  test('is read once for some minutes', async () => {
    const world = certificateWorld({ mode: 'autossl' });
    await world.arrive();
    await world.live(4 * MINUTE);
    expect(world.calls.filter(({ op }) => op === 'mode')).toHaveLength(1);
    world.runcloud.turnTo('basic');
    await world.live(10 * MINUTE);
    expect(await world.request()).toMatchObject({ state: 'valid' });
  });

  test('is read again at once after an order that RunCloud refused: an operator may have switched it', async () => {
    const world = certificateWorld({
      onCall: async (call) => {
        if (call.op !== 'install' || call.domainId !== undefined) return;
        world.runcloud.turnTo('advanced');
        throw new RuncloudRefused('RunCloud refused', at('POST', 422));
      },
    });
    await world.arrive();
    await world.live(4 * MINUTE);
    expect(world.orders).toMatchObject([{ op: 'install', domainId: 1 }]);
  });
});
