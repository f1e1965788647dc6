import { describe, expect, test } from '@jest/globals';
import { Unavailable } from '../../../../../lib/errors.ts';
import { domainKey } from '../../../../../lib/sync/ledger/keys.ts';
import { memoryLedger } from '../../../../doubles/ledger.ts';
import { DOMAIN, delays, domainItem, NETWORK, NOW, row } from '../../../../support/sync/items.ts';
import { reconcileWorld } from '../../../../support/sync/reconcile-world.ts';
import { throwing } from './failing-calls.ts';

function bug() {
  return new TypeError('a bug');
}

describe('a pass that throws', () => {
  test('gives its lease back, counts a crash, and is delivered again', async () => {
    const world = reconcileWorld({ onCall: throwing(bug) });
    await world.putDomain(domainItem());
    await expect(world.pass()).rejects.toThrow('a bug');
    expect(await world.domain()).toMatchObject({
      owner: null,
      leaseUntil: null,
      attempt: null,
      crashes: 1,
      dueAt: NOW,
      sendAt: NOW + delays.releasedMs,
      state: 'pending',
    });
  });

  test('leaves what it had begun to write under watch', async () => {
    const world = reconcileWorld({ onCall: throwing(bug, 'add') });
    await world.putDomain(domainItem());
    await expect(world.pass()).rejects.toThrow('a bug');
    expect((await world.domain()).ambiguousUntil).toBe(NOW + delays.ambiguityMs);
  });

  test('since the secrets are out of reach counts nothing, and is not delivered again', async () => {
    const world = reconcileWorld({
      access: () => {
        throw new Unavailable('secrets');
      },
    });
    await world.putDomain(domainItem());
    await world.pass();
    expect(await world.domain()).toMatchObject({ owner: null, crashes: 0, sendAt: NOW + delays.releasedMs });
    expect(world.reportDeferred).toEqual([{ network: NETWORK, domain: DOMAIN, what: 'secrets' }]);
    expect(
      (await world.ledger.read({ kind: 'network', network: NETWORK, item: 'network' }))?.item.pause ?? null,
    ).toBeNull();
  });

  test('since the ledger is out of reach is delivered again', async () => {
    const ledger = { ...memoryLedger(), read: () => Promise.reject(new Unavailable('ledger')) };
    const world = reconcileWorld({ services: { ledger } });
    await expect(world.pass()).rejects.toMatchObject({ name: 'Unavailable', what: 'ledger' });
  });

  test('says what went wrong, also when its lease cannot be given back', async () => {
    const ledger = memoryLedger();
    let away = false;
    const failing: typeof ledger = {
      ...ledger,
      read: (key) => (away ? Promise.reject(new Unavailable('ledger')) : ledger.read(key)),
    };
    const world = reconcileWorld({
      services: { ledger: failing },
      onCall: async () => {
        away = true;
        throw bug();
      },
    });
    await ledger.write(domainKey(NETWORK, DOMAIN), domainItem(), 0);
    await expect(world.pass()).rejects.toThrow('a bug');
  });

  test('five times in a row fails, asks nothing more of RunCloud, and owes one dead letter', async () => {
    const world = reconcileWorld({ onCall: throwing(bug, 'page'), rows: [row()] });
    await world.putDomain(domainItem({ answered: true }));
    for (let crash = 0; crash < 5; crash++) await expect(world.pass()).rejects.toThrow('a bug');
    const calls = world.calls.length;
    await world.pass();
    expect(world.calls).toHaveLength(calls);
    expect(await world.domain()).toMatchObject({
      state: 'failed',
      reason: 'internal-error',
      dueAt: null,
      sendAt: null,
      toSend: [],
    });
    expect(world.queue.deadLetters).toMatchObject([{ code: 'internal-error', message: { deadLetter: 1 } }]);
    await world.pass();
    expect(world.queue.deadLetters).toHaveLength(1);
  });

  test('is forgotten as a crash by the next pass that is answered', async () => {
    const world = reconcileWorld();
    await world.putDomain(domainItem({ crashes: 4 }));
    await world.pass();
    expect(await world.domain()).toMatchObject({ state: 'present', crashes: 0 });
  });
});
