import { describe, expect, test } from '@jest/globals';
import { driftNotice } from '../../../../lib/sync/drift/drift-notice.ts';
import { networkKey, noticesKey } from '../../../../lib/sync/ledger/keys.ts';
import { runNetworkWork } from '../../../../lib/sync/network-work/run.ts';
import { HOUR, MINUTE, NETWORK, NOW, networkItem, row, settledItem } from '../../../support/sync/items.ts';
import { reconcileWorld } from '../../../support/sync/reconcile-world.ts';

const none = { count: 0, names: [] };
const drift = {
  at: new Date(NOW).toISOString(),
  missing: none,
  unwanted: none,
  unknown: none,
  dryRun: false,
};
const some = { count: 2, names: ['a.example', 'b.example'] };

describe('a notice of a comparison', () => {
  test('says how much differs, and of which kind', () => {
    expect(
      driftNotice({ ...drift, missing: some, unknown: { count: 1, names: ['c.example'] } }),
    ).toMatchObject({
      code: 'drift-found',
      message:
        'The web application differed from what the multisite said: 2 missing, and added again; 1 served but never announced',
    });
    expect(driftNotice({ ...drift, missing: some, dryRun: true })?.message).toMatch(
      /left so by DRIFT_DRY_RUN/,
    );
  });

  test('is not sent where nothing differs', () => expect(driftNotice(drift)).toBeUndefined());

  test('waits in the ledger for the sweep to mail it', async () => {
    const world = reconcileWorld({
      rows: [
        row({ id: 1, name: 'network.example', type: 'primary' }),
        row({ id: 2, name: 'by-hand.example' }),
      ],
    });
    await world.putDomain(settledItem({ domain: 'gone.example', since: new Date(NOW - HOUR).toISOString() }));
    await world.put(
      networkKey(NETWORK),
      networkItem({ comparison: { dueAt: NOW, begunAt: null }, dueAt: NOW, sendAt: NOW }),
    );
    await runNetworkWork(NETWORK, NOW + 5 * MINUTE, world.services);
    const notices = await world.ledger.read(noticesKey(NETWORK));
    expect(notices?.item.waiting).toEqual([
      expect.objectContaining({ code: 'drift-found', message: expect.stringContaining('1 missing') }),
    ]);
  });
});
