import { describe, expect, test } from '@jest/globals';
import { Unavailable, UnreadableItem } from '../../../../../lib/errors.ts';
import type { TableFacts } from '../../../../../lib/sync/ledger/items/identity-item.ts';
import type { Pause } from '../../../../../lib/sync/ledger/items/network-item.ts';
import { domainKey, identityKey, networkKey } from '../../../../../lib/sync/ledger/keys.ts';
import type { Ledger } from '../../../../../lib/sync/ledger/ports.ts';
import { updateItem } from '../../../../../lib/sync/ledger/updates/update.ts';
import { guardedLedger } from '../../../../../lib/sync/network/restored/guarded-ledger.ts';
import { resumeRestored } from '../../../../../lib/sync/network/restored/restored-ledger.ts';
import { memoryLedger } from '../../../../doubles/ledger.ts';
import { manualClock } from '../../../../doubles/manual-clock.ts';
import { DOMAIN, HOUR, MINUTE, NETWORK, NOW, networkItem } from '../../../../support/sync/items.ts';

const key = networkKey(NETWORK);

/** A worker that has just started, on a table that the test describes. */
function worker({ ledger = memoryLedger() }: { readonly ledger?: Ledger } = {}) {
  const clock = manualClock(NOW);
  let facts: TableFacts | Error = { id: 'table-1', restored: false };
  let asked = 0;
  const paused: string[] = [];
  const guarded = guardedLedger(ledger, {
    clock,
    describeTable: async () => {
      asked += 1;
      if (facts instanceof Error) throw facts;
      return facts;
    },
    reportPaused: (network) => paused.push(network),
  });
  return {
    ledger,
    clock,
    guarded,
    paused,
    asked: () => asked,
    /** The table that the ledger lies in from now on; an error: DynamoDB does not say. */
    liesIn: (next: TableFacts | Error) => {
      facts = next;
    },
    pause: async (network = NETWORK) => (await guarded.read(networkKey(network)))?.item.pause?.code,
  };
}

/** A ledger that was written in `table-1`, and lies in `table-2` now. */
async function restored() {
  const world = worker();
  await world.ledger.write(identityKey, { tableId: 'table-1' }, 0);
  world.liesIn({ id: 'table-2', restored: true });
  return world;
}

const away = new Unavailable('ledger');

describe('a table of its own', () => {
  test('is written down at the first start, and found again at the next', async () => {
    const { ledger, guarded, paused } = worker();
    await guarded.read(key);
    expect(await ledger.read(identityKey)).toMatchObject({ item: { tableId: 'table-1' } });
    const next = worker({ ledger });
    await next.guarded.read(key);
    expect(await ledger.read(identityKey)).toMatchObject({ writes: 1 });
    expect([...paused, ...next.paused]).toEqual([]);
  });

  test('is asked for once while reads follow, and at no read of a domain', async () => {
    const { guarded, asked } = worker();
    await guarded.read(domainKey(NETWORK, DOMAIN));
    expect(asked()).toBe(0);
    await Promise.all([guarded.read(key), guarded.read(key), guarded.read(networkKey('other'))]);
    for (let reads = 0; reads < 20; reads += 1) await guarded.read(key);
    expect(asked()).toBe(1);
  });

  test('starts two workers at once with one id', async () => {
    const ledger = memoryLedger();
    const [a, b] = [worker({ ledger }), worker({ ledger })];
    await Promise.all([a.guarded.read(key), b.guarded.read(key)]);
    expect([...a.paused, ...b.paused]).toEqual([]);
  });
});

describe('a restored table', () => {
  test('pauses each network before a worker reads it, and tells so once', async () => {
    const world = await restored();
    expect(await world.pause()).toBe('ledger-restored');
    expect(await world.pause()).toBe('ledger-restored');
    expect(await world.pause('appears-later')).toBe('ledger-restored');
    expect(world.paused).toEqual([NETWORK, 'appears-later']);
    const { item } = (await world.ledger.read(key)) ?? {};
    expect(item?.toSend).toMatchObject([{ type: 'network.paused', code: 'ledger-restored' }]);
    expect(item).toMatchObject({ dueAt: NOW, sendAt: NOW });
  });

  test('pauses a network too that another fault pauses, because its probe would call RunCloud', async () => {
    const world = await restored();
    const pause: Pause = { code: 'runcloud-unauthorized', message: 'no', since: '-', probeAt: NOW };
    await world.ledger.write(key, networkItem({ pause }), 0);
    expect(await world.pause()).toBe('ledger-restored');
  });

  test('is known by what DynamoDB says where the backup is older than the id', async () => {
    const world = worker();
    world.liesIn({ id: 'table-2', restored: true });
    expect(await world.pause()).toBe('ledger-restored');
    expect(await world.ledger.read(identityKey)).toBeUndefined();
  });

  test('lets a network go on that was resumed in it, and no other', async () => {
    const world = await restored();
    await world.pause();
    await updateItem(world.ledger, key, resumeRestored(NETWORK, 'table-2', NOW));
    expect(await world.pause()).toBeUndefined();
    expect(await world.pause('other')).toBe('ledger-restored');
    expect((await world.ledger.read(key))?.item).toMatchObject({
      requeue: { reason: 'resumed' },
      toSend: [{ type: 'network.paused' }, { type: 'network.resumed' }],
    });
    // The same backup, restored once more.
    world.liesIn({ id: 'table-3', restored: true });
    await world.clock.advance(6 * MINUTE);
    expect(await world.pause()).toBe('ledger-restored');
  });

  test('becomes the ledger of all once its id is written down', async () => {
    const world = await restored();
    await world.pause();
    await updateItem(world.ledger, identityKey, () => ({ write: { tableId: 'table-2' }, result: null }));
    expect(await world.pause('other')).toBeUndefined();
    expect(await world.pause('another')).toBeUndefined();
    expect(world.asked()).toBe(2);
  });

  test('leaves an item alone that cannot be read, and everything waits for it', async () => {
    const world = await restored();
    const ledger = memoryLedger();
    await ledger.write(identityKey, { tableId: 'table-1' }, 0);
    await ledger.write(key, networkItem(), 0);
    await ledger.spoil(key);
    const other = worker({ ledger });
    other.liesIn({ id: 'table-2', restored: true });
    await expect(other.pause()).rejects.toThrow(UnreadableItem);
    expect(world.paused).toEqual([]);
  });
});

describe('while DynamoDB does not say which table it is', () => {
  test('a worker that starts reads no network, and goes on at the first answer', async () => {
    const world = await restored();
    world.liesIn(away);
    await expect(world.pause()).rejects.toThrow(Unavailable);
    await expect(world.pause()).rejects.toThrow(Unavailable);
    world.liesIn({ id: 'table-1', restored: false });
    expect(await world.pause()).toBeUndefined();
  });

  test('the last answer counts for an hour, and is asked for again each minute', async () => {
    const world = worker();
    await world.pause();
    world.liesIn(away);
    await world.clock.advance(6 * MINUTE);
    for (let reads = 0; reads < 3; reads += 1) expect(await world.pause()).toBeUndefined();
    expect(world.asked()).toBe(2);
    await world.clock.advance(MINUTE);
    await world.pause();
    expect(world.asked()).toBe(3);
    await world.clock.advance(HOUR);
    await expect(world.pause()).rejects.toThrow(Unavailable);
  });
});

describe('a worker that lives while its table is replaced', () => {
  test('notices it after five minutes', async () => {
    const world = worker();
    await world.pause();
    world.liesIn({ id: 'table-2', restored: true });
    await world.clock.advance(5 * MINUTE);
    expect(await world.pause()).toBe('ledger-restored');
  });

  test('notices it at once if it met the time without a table', async () => {
    let isThere = true;
    const stored = memoryLedger();
    const ledger: Ledger = {
      ...stored,
      read: async (one) => {
        if (!isThere) throw new Unavailable('ledger');
        return stored.read(one);
      },
    };
    const world = worker({ ledger });
    await world.pause();
    isThere = false;
    await expect(world.guarded.read(domainKey(NETWORK, DOMAIN))).rejects.toThrow(Unavailable);
    isThere = true;
    world.liesIn({ id: 'table-2', restored: true });
    expect(await world.pause()).toBe('ledger-restored');
  });
});
