import { describe, expect, test } from '@jest/globals';
import { networkKey } from '../../../../lib/sync/ledger/keys.ts';
import { updateItem } from '../../../../lib/sync/ledger/updates/update.ts';
import { askAfterLease, withoutAsked } from '../../../../lib/sync/network/refused-certificates.ts';
import { runNetworkWork } from '../../../../lib/sync/network-work/run.ts';
import { HOUR, MINUTE, NETWORK, NOW, networkItem, SECOND } from '../../../support/sync/items.ts';
import { reconcileWorld } from '../../../support/sync/reconcile-world.ts';

/** The network after a worker was refused by a lease that ends then. */
function refused(certificatesAt: number | null, leaseUntil: number) {
  return askAfterLease(NETWORK, leaseUntil, NOW)(networkItem({ certificatesAt })).write;
}

describe('a worker that a lease has refused', () => {
  test('asks for a message at the end of that lease, and earlier than one that comes later', () => {
    const at = NOW + 2 * MINUTE + 5 * SECOND;
    expect(refused(null, NOW + 2 * MINUTE)).toMatchObject({ certificatesAt: at, dueAt: at, sendAt: at });
    expect(refused(NOW + HOUR, NOW + 2 * MINUTE)).toMatchObject({ certificatesAt: at });
  });

  test('relies on one that comes before it', () => {
    expect(refused(NOW + MINUTE, NOW + 2 * MINUTE)).toBeUndefined();
  });

  test('does not rely on one that may have been sent before it was refused', () => {
    const at = NOW + 2 * MINUTE + 5 * SECOND;
    expect(refused(NOW + 10 * SECOND, NOW + 2 * MINUTE)).toMatchObject({ certificatesAt: at });
    const nearly = NOW + 6 * SECOND;
    expect(refused(nearly, nearly - 5 * SECOND)).toMatchObject({ certificatesAt: nearly + 1 });
  });
});

describe('the message for a lease that is over', () => {
  const due = networkItem({ certificatesAt: NOW - MINUTE, dueAt: NOW - MINUTE, sendAt: NOW - MINUTE });

  test('is asked for no longer once it is sent', async () => {
    const world = reconcileWorld();
    await world.putNetwork(due);
    await runNetworkWork(NETWORK, NOW + 5 * MINUTE, world.services);
    expect(await world.network()).toMatchObject({ certificatesAt: null });
    expect(world.certificateQueue.sent).toHaveLength(1);
  });

  test('leaves the wish of a worker that another lease refuses while it is sent', async () => {
    const world = reconcileWorld();
    await world.putNetwork(due);
    const { ledger, certificateQueue } = world.services;
    const leaseUntil = NOW + 5 * MINUTE;
    const send: typeof certificateQueue.send = async (messages) => {
      const left = await certificateQueue.send(messages);
      await updateItem(ledger, networkKey(NETWORK), askAfterLease(NETWORK, leaseUntil, NOW));
      return left;
    };
    await runNetworkWork(NETWORK, NOW + 5 * MINUTE, { ...world.services, certificateQueue: { send } });
    expect(await world.network()).toMatchObject({ certificatesAt: leaseUntil + 5 * SECOND });
  });

  test('clears no other time that is due too', () => {
    expect(withoutAsked(NOW - HOUR, NOW)(due).write).toBeUndefined();
    expect(withoutAsked(NOW - MINUTE, NOW)(due).write).toMatchObject({ certificatesAt: null, dueAt: null });
  });
});
