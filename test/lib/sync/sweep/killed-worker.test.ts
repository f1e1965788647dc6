import { describe, expect, test } from '@jest/globals';
import { reconcileCertificates } from '../../../../lib/certificates/reconcile.ts';
import { recordUpdate } from '../../../../lib/sync/events/record-update.ts';
import { certificateKey, domainKey, networkKey } from '../../../../lib/sync/ledger/keys.ts';
import type { DelayedMessage, Queue, WorkMessage } from '../../../../lib/sync/ledger/ports.ts';
import { updateItem } from '../../../../lib/sync/ledger/updates/update.ts';
import { takeLease } from '../../../../lib/sync/ledger/work/work-lease.ts';
import { runNetworkWork } from '../../../../lib/sync/network-work/run.ts';
import { reconcileDomain } from '../../../../lib/sync/reconcile/reconcile.ts';
import { sweep } from '../../../../lib/sync/sweep/sweep.ts';
import { noMail } from '../../../support/aws/no-mail.ts';
import { nobodysQueue } from '../../../support/aws/unread-queue.ts';
import { certificateWorld, timing } from '../../../support/certificates/certificate-world.ts';
import {
  APP,
  BASE_MS,
  DOMAIN,
  delays,
  domainItem,
  MINUTE,
  NETWORK,
  NOW,
  networkItem,
  SECOND,
  settledItem,
  update,
} from '../../../support/sync/items.ts';
import { reconcileWorld } from '../../../support/sync/reconcile-world.ts';

const LEASE_MS = 330 * SECOND;
/** What the sweep's minute and the clocks add to the end of a lease. */
const FOLLOWED_WITHIN_MS = LEASE_MS + 2 * MINUTE;

/** Messages that arrive when their delay is over. */
function arriving(now: () => number) {
  let waiting: { message: WorkMessage; at: number }[] = [];
  const queue: Pick<Queue, 'send'> = {
    send: async (messages: readonly DelayedMessage[]) => {
      waiting.push(
        ...messages.map(({ message, delaySeconds }) => ({ message, at: now() + delaySeconds * SECOND })),
      );
      return [];
    },
  };
  const arrived = (): WorkMessage[] => {
    const due = waiting.filter(({ at }) => at <= now());
    waiting = waiting.filter(({ at }) => at > now());
    return due.map(({ message }) => message);
  };
  return { queue, arrived };
}

/** A sweep every minute, and workers for all that arrives. */
function relay() {
  const certificates = certificateWorld();
  const { ledger, time, clock } = certificates;
  const domainQueue = arriving(clock.now);
  const certificateQueue = arriving(clock.now);
  const world = reconcileWorld();
  const queue = { ...world.queue, ...domainQueue.queue };
  const services = { ...world.services, ledger, clock, queue, certificateQueue: certificateQueue.queue };
  const deadline = () => clock.now() + 5 * MINUTE;
  const work = async (): Promise<void> => {
    for (const { network, domain } of domainQueue.arrived()) {
      if (domain === undefined) await runNetworkWork(network, deadline(), services);
      else await reconcileDomain({ network, domain }, deadline(), services);
    }
    for (const message of certificateQueue.arrived()) {
      await reconcileCertificates(message, deadline(), certificates.services);
    }
  };
  const sweepOnce = () =>
    sweep(clock.now() + 50 * SECOND, {
      ledger,
      queue: domainQueue.queue,
      certificateQueue: certificateQueue.queue,
      outcomeQueue: nobodysQueue,
      ...noMail,
      clock,
      delays,
      certificateDelays: timing,
      newOwner: () => 'sweep',
      report: (error) => {
        throw error;
      },
    });
  return {
    ...certificates,
    domainQueue: domainQueue.queue,
    certificateQueue: certificateQueue.queue,
    live: async (ms: number): Promise<void> => {
      const end = clock.now() + ms;
      while (clock.now() < end) {
        if ((clock.now() - NOW) % MINUTE === 0) await sweepOnce();
        await work();
        await time.advance(5 * SECOND);
      }
    },
  };
}

describe('an update during the lease of a worker that was killed', () => {
  test('of a domain is followed when the lease ends', async () => {
    const world = relay();
    world.ledger.put(domainKey(NETWORK, DOMAIN), domainItem());
    const terms = { owner: 'killed', now: NOW, leaseMs: LEASE_MS, ambiguityMs: 0 };
    await updateItem(world.ledger, domainKey(NETWORK, DOMAIN), (item) => takeLease(item, terms));
    await world.time.advance(10 * SECOND);
    await recordUpdate(world.ledger, update(), { now: world.clock.now(), baseMs: BASE_MS });
    await world.domainQueue.send([{ message: { network: NETWORK, domain: DOMAIN }, delaySeconds: 0 }]);
    await world.time.advance(50 * SECOND);
    await world.live(FOLLOWED_WITHIN_MS);
    expect(await world.domain()).toMatchObject({ state: 'present', dueAt: null });
  });

  test('of a certificate is followed when the lease on its application ends', async () => {
    const world = relay();
    await world.arrive();
    world.putNetwork({ claim: { ...APP, renewedAt: NOW, readAt: NOW } });
    world.putWork({ owner: 'killed', leaseUntil: NOW + LEASE_MS });
    await world.time.advance(10 * SECOND);
    await world.retry();
    await world.certificateQueue.send([{ message: { network: NETWORK }, delaySeconds: 0 }]);
    await world.time.advance(50 * SECOND);
    await world.live(FOLLOWED_WITHIN_MS);
    expect(world.orders).toHaveLength(1);
  });

  test('of a certificate whose own lease was taken is followed when that lease ends', async () => {
    const world = relay();
    await world.arrive();
    const key = certificateKey(NETWORK, DOMAIN);
    const terms = { owner: 'killed', now: NOW + 20 * SECOND, leaseMs: LEASE_MS, ambiguityMs: 0 };
    await updateItem(world.ledger, key, (item) => takeLease(item, terms));
    await world.time.advance(30 * SECOND);
    await world.retry();
    await world.time.advance(30 * SECOND);
    await world.live(FOLLOWED_WITHIN_MS);
    expect(world.orders).toHaveLength(1);
  });

  test('of a network is followed when the lease ends', async () => {
    const world = relay();
    world.ledger.put(domainKey(NETWORK, DOMAIN), settledItem({ state: 'paused', dueAt: NOW + 20 * MINUTE }));
    const leased = {
      owner: 'killed',
      leaseUntil: NOW + LEASE_MS,
      claim: { ...APP, renewedAt: NOW, readAt: NOW },
    };
    const requeue = { reason: 'resumed', cursor: null } as const;
    world.putNetwork(networkItem({ ...leased, requeue, dueAt: NOW, sendAt: NOW, revision: 2 }));
    await world.live(FOLLOWED_WITHIN_MS);
    expect((await world.ledger.read(networkKey(NETWORK)))?.item.requeue).toBeNull();
  });
});
