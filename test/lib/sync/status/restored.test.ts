import { describe, expect, test } from '@jest/globals';
import type { Pause } from '../../../../lib/sync/ledger/items/network-item.ts';
import { networkKey } from '../../../../lib/sync/ledger/keys.ts';
import { restoredPause, summaryIn, viewIn } from '../../../../lib/sync/status/restored.ts';
import { toView } from '../../../../lib/sync/status/view.ts';
import { memoryLedger } from '../../../doubles/ledger.ts';
import { NETWORK, NOW, networkItem, settledItem } from '../../../support/sync/items.ts';

const restored: Pause = {
  since: '2026-11-21T05:00:00.000Z',
  code: 'ledger-restored',
  message: 'The ledger was restored',
  probeAt: NOW,
};
const view = toView(settledItem(), undefined);

async function pauseOf(pause: Pause | null) {
  const ledger = memoryLedger();
  ledger.put(networkKey(NETWORK), networkItem({ pause }));
  return restoredPause(ledger, NETWORK);
}

describe('a network whose ledger was restored', () => {
  test('is told from one that is paused otherwise, or not at all', async () => {
    expect(await pauseOf(restored)).toEqual(restored);
    expect(await pauseOf({ ...restored, code: 'runcloud-unauthorized' })).toBeUndefined();
    expect(await pauseOf(null)).toBeUndefined();
    expect(await restoredPause(memoryLedger(), NETWORK)).toBeUndefined();
  });

  test('shows its domains as paused, also those that were settled', () => {
    expect(summaryIn(restored, view)).toEqual({
      ...view,
      hosting: { ...view.hosting, state: 'paused', reason: 'ledger-restored', since: restored.since },
    });
  });

  test('says in each what ends the pause', () => {
    const shown = viewIn(restored, view);
    expect(shown.hosting.state).toBe('paused');
    expect(shown.lastError).toMatchObject({ code: 'ledger-restored', at: restored.since });
    expect(shown.lastError?.message).toContain(`relay network resume ${NETWORK}`);
  });

  test('shows them as they are once it is resumed', () => {
    expect(summaryIn(undefined, view)).toBe(view);
    expect(viewIn(undefined, view)).toBe(view);
  });
});
