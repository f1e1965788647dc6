import { describe, expect, test } from '@jest/globals';
import { Unavailable } from '../../../../lib/errors.ts';
import { networkKey } from '../../../../lib/sync/ledger/keys.ts';
import type { Ledger, Queue } from '../../../../lib/sync/ledger/ports.ts';
import { updateItem } from '../../../../lib/sync/ledger/updates/update.ts';
import { askAfterLease, withoutAsked } from '../../../../lib/sync/network/refused-certificates.ts';
import { runNetworkWork } from '../../../../lib/sync/network-work/run.ts';
import { domainItem, HOUR, MINUTE, NETWORK, NOW, networkItem, SECOND } from '../../../support/sync/items.ts';
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

describe('a message for the certificates that is due', () => {
  const refusedBefore = { certificatesAt: NOW - MINUTE, dueAt: NOW - MINUTE, sendAt: NOW - MINUTE };
  const requeued = networkItem({ ...refusedBefore, requeue: { reason: 'resumed', cursor: null } });

  test('does not wait for a requeue, whose domain may be out of reach for hours', async () => {
    const world = reconcileWorld();
    await world.putNetwork(requeued);
    await world.putDomain(domainItem({ state: 'paused', dueAt: NOW + HOUR }));
    const ledger: Ledger = {
      ...world.ledger,
      write: async (key, item, writes) => {
        if (key.kind === 'domain') throw new Unavailable('ledger');
        return world.ledger.write(key, item, writes);
      },
      page: async (...asked) => {
        expect(world.certificateQueue.sent).toHaveLength(1);
        return world.ledger.page(...asked);
      },
    };
    const requeue = runNetworkWork(NETWORK, NOW + 5 * MINUTE, { ...world.services, ledger });
    await expect(requeue).rejects.toThrow(Unavailable);
    expect(await world.network()).toMatchObject({ certificatesAt: null, requeue: { reason: 'resumed' } });
    expect(world.certificateQueue.sent).toHaveLength(1);
  });

  test('does not wait for the worker that requeues or compares', async () => {
    const world = reconcileWorld();
    await world.putNetwork({ ...requeued, owner: 'other', leaseUntil: NOW + 5 * MINUTE });
    await runNetworkWork(NETWORK, NOW + 5 * MINUTE, world.services);
    expect(await world.network()).toMatchObject({ certificatesAt: null, owner: 'other' });
    expect(world.certificateQueue.sent).toHaveLength(1);
  });

  test('keeps no requeue waiting for a queue that is away', async () => {
    const world = reconcileWorld();
    await world.putNetwork(requeued);
    const certificateQueue = { send: () => Promise.reject(new Unavailable('queue')) };
    const requeue = runNetworkWork(NETWORK, NOW + 5 * MINUTE, { ...world.services, certificateQueue });
    await expect(requeue).rejects.toThrow(Unavailable);
    expect(await world.network()).toMatchObject({ ...refusedBefore, requeue: null });
  });

  test('is tried once in a call, and then when the sweep comes back', async () => {
    const world = reconcileWorld();
    const sendAt = NOW + 29 * MINUTE;
    await world.putNetwork(networkItem({ ...refusedBefore, sendAt }));
    let sends = 0;
    const send: Queue['send'] = async (messages) => {
      sends += 1;
      return [...messages];
    };
    await runNetworkWork(NETWORK, NOW + 5 * MINUTE, { ...world.services, certificateQueue: { send } });
    expect(sends).toBe(1);
    expect(await world.network()).toMatchObject({ ...refusedBefore, sendAt });
  });
});
