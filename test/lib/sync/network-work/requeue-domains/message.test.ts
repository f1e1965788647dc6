import { describe, expect, test } from '@jest/globals';
import type { DelayedMessage } from '../../../../../lib/sync/ledger/ports.ts';
import { runNetworkWork } from '../../../../../lib/sync/network-work/run.ts';
import { MINUTE, NETWORK, NOW, SECOND } from '../../../../support/sync/items.ts';
import { due, requeueWorld } from './due-network.ts';

describe('a message about a network', () => {
  test('with nothing to requeue clears a stray message', async () => {
    const world = await requeueWorld(due({ requeue: null }));
    await world.requeue();
    expect(await world.network()).toMatchObject({ dueAt: null, sendAt: null });
  });

  describe('whose certificates a killed worker has left', () => {
    const left = { owner: 'killed', leaseUntil: NOW, orders: [], ordered: ['a.example'], suspects: [] };

    test('sends one message to the certificates’ worker, and frees the lease', async () => {
      const world = await requeueWorld(due({ requeue: null, certificates: left }));
      await world.requeue();
      expect(world.certificateQueue.sent).toEqual([{ message: { network: NETWORK }, delaySeconds: 0 }]);
      const certificates = { ...left, owner: null, leaseUntil: null };
      expect(await world.network()).toMatchObject({ certificates, dueAt: null, sendAt: null });
    });

    test('keeps the lease on its schedule where the queue refuses the message', async () => {
      const item = due({ requeue: null, certificates: left });
      const world = await requeueWorld(item);
      const certificateQueue = { send: async (messages: readonly DelayedMessage[]) => [...messages] };
      await runNetworkWork(NETWORK, NOW + 5 * MINUTE, { ...world.services, certificateQueue });
      expect(await world.network()).toEqual(item);
    });

    test('does nothing while that lease lives', async () => {
      const certificates = { ...left, leaseUntil: NOW + 1 };
      const world = await requeueWorld(due({ requeue: null, certificates }));
      await world.requeue();
      expect(world.certificateQueue.sent).toEqual([]);
      const sendAt = NOW + 1 + 5 * SECOND;
      expect(await world.network()).toMatchObject({ certificates, dueAt: sendAt, sendAt });
    });
  });

  test('without an item does nothing', async () => {
    const world = await requeueWorld(undefined);
    await world.requeue();
    expect(world.ledger.all('network')).toEqual([]);
  });
});
