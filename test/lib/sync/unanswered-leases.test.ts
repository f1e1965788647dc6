import { describe, expect, test } from '@jest/globals';
import { Unavailable } from '../../../lib/errors.ts';
import { domainKey, sweepKey } from '../../../lib/sync/ledger/keys.ts';
import { runNetworkWork } from '../../../lib/sync/network-work/run.ts';
import { answerLost } from '../../support/sync/answer-lost.ts';
import {
  APP,
  DOMAIN,
  delays,
  domainItem,
  MINUTE,
  NETWORK,
  NOW,
  networkItem,
  SECOND,
} from '../../support/sync/items.ts';
import { listWorld } from '../../support/sync/list-world.ts';
import { reconcileWorld } from '../../support/sync/reconcile-world.ts';
import { sweepWorld } from '../../support/sync/sweep-world.ts';

const noLedger = new Unavailable('ledger', new Error('aborted'));

describe('a lease that was written, and whose answer never came, is given back', () => {
  test('on a domain: no crash is counted, and no addition that may land', async () => {
    const world = reconcileWorld();
    await world.putDomain(domainItem());
    const ledger = answerLost(world.ledger, 'domain');
    await expect(world.passWith({ ...world.services, ledger })).rejects.toMatchObject({ what: 'ledger' });
    expect(await world.domain()).toMatchObject({
      owner: null,
      leaseUntil: null,
      attempt: null,
      ambiguousUntil: null,
      crashes: 0,
      sendAt: NOW + delays.releasedMs,
    });
    await world.pass();
    expect(await world.domain()).toMatchObject({ state: 'present', crashes: 0, ambiguousUntil: null });
    expect(world.ops()).toEqual(['add']);
  });

  test('on a domain whose last worker was killed: what that one left stays', async () => {
    const world = reconcileWorld();
    const attempt = { op: 'add', startedAt: NOW - 6 * MINUTE } as const;
    await world.putDomain(domainItem({ owner: 'killed', leaseUntil: NOW - 1, attempt, crashes: 1 }));
    const ledger = answerLost(world.ledger, 'domain');
    await expect(world.passWith({ ...world.services, ledger })).rejects.toMatchObject({ what: 'ledger' });
    expect(await world.domain()).toMatchObject({
      owner: null,
      crashes: 2,
      ambiguousUntil: attempt.startedAt + delays.ambiguityMs,
    });
  });

  test('on a domain only if it is still this worker’s', async () => {
    const world = reconcileWorld();
    await world.putDomain(domainItem());
    const lost = answerLost(world.ledger, 'domain');
    const other = domainItem({ owner: 'other', leaseUntil: NOW + 6 * MINUTE });
    const write: typeof lost.write = async (key, item, writes) => {
      try {
        return await lost.write(key, item, writes);
      } catch (error) {
        world.ledger.put(domainKey(NETWORK, DOMAIN), other);
        throw error;
      }
    };
    await expect(world.passWith({ ...world.services, ledger: { ...lost, write } })).rejects.toMatchObject({
      what: 'ledger',
    });
    expect(await world.domain()).toEqual(other);
  });

  test('on a network that is to be requeued', async () => {
    const world = reconcileWorld();
    const claim = { ...APP, renewedAt: NOW, readAt: NOW };
    await world.putNetwork(
      networkItem({ claim, requeue: { reason: 'moved', cursor: null }, dueAt: NOW, sendAt: NOW }),
    );
    const services = { ...world.services, ledger: answerLost(world.ledger, 'network') };
    await expect(runNetworkWork(NETWORK, NOW + 5 * MINUTE, services)).rejects.toMatchObject({
      what: 'ledger',
    });
    expect(await world.network()).toMatchObject({
      owner: null,
      leaseUntil: null,
      requeue: { reason: 'moved' },
      sendAt: NOW + delays.releasedMs,
    });
  });

  test('on a network that is to be compared, which waits no hour for it', async () => {
    const world = reconcileWorld();
    await world.putNetwork(
      networkItem({ comparison: { dueAt: NOW, begunAt: null }, dueAt: NOW, sendAt: NOW }),
    );
    const services = { ...world.services, ledger: answerLost(world.ledger, 'network') };
    await expect(runNetworkWork(NETWORK, NOW + 5 * MINUTE, services)).rejects.toMatchObject({
      what: 'ledger',
    });
    const soon = NOW + delays.releasedMs;
    expect(await world.network()).toMatchObject({
      owner: null,
      leaseUntil: null,
      comparison: { dueAt: soon, begunAt: null },
      dueAt: soon,
      sendAt: soon,
    });
  });

  test('of a sweep, with the network that the next one begins at', async () => {
    const world = await sweepWorld([domainItem()], { ledger: (ledger) => answerLost(ledger, 'sweep') });
    world.ledger.put(sweepKey, { owner: null, leaseUntil: 0, nextNetwork: 'acme' });
    await expect(world.sweep()).rejects.toMatchObject({ what: 'ledger' });
    expect(world.ledger.peek(sweepKey)).toEqual({ owner: null, leaseUntil: 0, nextNetwork: 'acme' });
    expect(await world.sweep()).toEqual({ sent: 1, failed: 0 });
  });

  test('as the turn to read a long list', async () => {
    const world = listWorld();
    Object.assign(world.ledger, answerLost({ ...world.ledger }, 'network'));
    await expect(world.lister('first')()).rejects.toMatchObject({ what: 'ledger' });
    expect(await world.turn()).toBeNull();
    expect((await world.lister('second')()).complete).toBe(true);
  });
});

test('a turn to read a long list is not given back where the pass has no time for that: it ends with the function', async () => {
  const world = listWorld();
  const ledger = answerLost({ ...world.ledger }, 'network');
  const write: typeof ledger.write = async (key, item, writes) => {
    if (key.kind === 'network') await world.clock.advance(5 * MINUTE - 20 * SECOND);
    return ledger.write(key, item, writes);
  };
  Object.assign(world.ledger, { write });
  await expect(world.lister('first')()).rejects.toThrow(noLedger);
  expect(await world.turn()).toMatchObject({ owner: 'first', until: NOW + 5 * MINUTE });
});
