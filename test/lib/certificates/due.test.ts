import { describe, expect, test } from '@jest/globals';
import { dueCertificates } from '../../../lib/certificates/due.ts';
import { Unavailable } from '../../../lib/errors.ts';
import { certificateKey } from '../../../lib/sync/ledger/keys.ts';
import type { Ledger } from '../../../lib/sync/ledger/ports.ts';
import { certificateWorld, timing } from '../../support/certificates/certificate-world.ts';
import { largeWorld, moveMessage, nameOf } from '../../support/certificates/large-world.ts';
import { countedLedger } from '../../support/sync/counted-ledger.ts';
import { DAY, DOMAIN, HOUR, MINUTE, NETWORK, NOW, owedDeadLetter, SECOND } from '../../support/sync/items.ts';

test('more requests than are held in memory at a time are all checked in one call', async () => {
  const world = await largeWorld(600);
  await world.time.advance(DAY);
  world.serve([...Array.from({ length: 600 }, (_, n) => nameOf(n)), DOMAIN]);
  const { ledger, asked } = countedLedger(world.ledger);
  await world.pass({}, { others: { ledger } });
  const now = world.clock.now();
  expect(world.ledger.all('certificate').filter(({ dueAt }) => (dueAt ?? 0) <= now)).toEqual([]);
  expect(asked.listed).toBe(0);
});

describe('an index that lags', () => {
  test('and still shows what was checked causes no second check', async () => {
    const world = await largeWorld(3);
    const shown = [...world.ledger.scheduled('certificate', NOW)];
    const ledger: Ledger = { ...world.ledger, dueCertificates: async () => shown };
    await world.pass({}, { others: { ledger } });
    expect(world.facts.filter(({ kind }) => kind === 'checked')).toHaveLength(1);
  });

  test('and does not show it yet loses no request: the sweep’s next message brings it', async () => {
    const world = await largeWorld(3);
    const before = await world.request(nameOf(0));
    await world.pass({}, { others: { ledger: { ...world.ledger, dueCertificates: async () => [] } } });
    expect(await world.request(nameOf(0))).toEqual(before);
    await world.live(SECOND);
    expect((await world.request(nameOf(0))).dueAt).toBeGreaterThan(NOW + HOUR);
  });
});

describe('what a pass asks the index for', () => {
  const asked = (world: ReturnType<typeof certificateWorld>) =>
    dueCertificates(
      { network: NETWORK, seen: new Map(), unreadable: new Set(), reach: { hasAny: false }, most: 10 },
      world.services,
    );
  const put = async (
    world: ReturnType<typeof certificateWorld>,
    name: string,
    dueAt: number,
    sendAt: number,
  ) => {
    await world.arrive(name);
    await world.putRequest({ dueAt, sendAt }, name);
  };

  test('is checked in the order in which it was due, whenever its message was', async () => {
    const world = certificateWorld();
    await put(world, 'b.example', NOW - MINUTE, NOW - MINUTE);
    await put(world, 'c.example', NOW - SECOND, NOW - HOUR);
    await put(world, 'a.example', NOW - HOUR, NOW);
    const { due } = await asked(world);
    expect(due.map(({ item }) => item.domain)).toEqual(['a.example', 'b.example', 'c.example']);
  });

  test('is no work that waits: for the message of a pass, which is said with its name, or for the sweep’s', async () => {
    const world = certificateWorld();
    const dueAt = NOW + 5 * MINUTE;
    await put(world, 'message.example', dueAt, dueAt + timing.messageMarginMs);
    await put(world, 'sweep.example', dueAt, dueAt);
    const found = await asked(world);
    expect(found).toEqual({
      due: [],
      owing: [],
      waiting: [{ network: NETWORK, domain: 'message.example', dueAt }],
      fault: undefined,
    });
  });
});

test('a request that cannot be read holds back no other, and the queue delivers it again', async () => {
  const world = await largeWorld(3);
  await world.time.advance(DAY);
  world.serve([0, 1, 2].map(nameOf));
  const faulty = certificateKey(NETWORK, nameOf(1)).item;
  const ledger: Ledger = {
    ...world.ledger,
    read: async (key) => {
      if (key.item === faulty) throw new TypeError('not what its kind says');
      return world.ledger.read(key);
    },
  };
  await expect(world.pass({}, { others: { ledger } })).rejects.toThrow('not what its kind says');
  for (const n of [0, 2]) expect((await world.request(nameOf(n))).dueAt).toBeGreaterThan(world.clock.now());
});

test('a dead letter that is owed is found also when the sweep has asked for it before', async () => {
  const world = await largeWorld(3);
  await world.putRequest({ state: 'failed', dueAt: NOW + DAY, sendAt: NOW, toSend: [owedDeadLetter] });
  await moveMessage(world, DOMAIN);
  await world.time.advance(MINUTE);
  await world.pass();
  expect(world.queue.deadLetters).toMatchObject([{ id: 'dead-letter-1' }]);
  expect(await world.request()).toMatchObject({ toSend: [], dueAt: NOW + DAY, sendAt: NOW + DAY });
});

describe('a worker that leaves', () => {
  const LATE = 'late.acme-bikes.com';

  /** A request that is raised during a pass, and whose messages come and go meanwhile. */
  const raisedMeanwhile = async (world: ReturnType<typeof certificateWorld>): Promise<void> => {
    await world.arrive(LATE);
    world.serve([LATE]);
    await world.time.advance(timing.batchMs);
    // Its own message, and the sweep's, are acknowledged against the lease.
    await world.pass();
    await moveMessage(world, LATE);
    expect((await world.request(LATE)).sendAt).toBeGreaterThan(world.clock.now() + 50 * MINUTE);
  };

  test('after a long pass sends a message soon for what was requested meanwhile', async () => {
    const world = certificateWorld();
    await world.arrive();
    world.serve([DOMAIN]);
    await world.time.advance(timing.batchMs);
    const { prove } = world.services;
    let first = true;
    const slow = async (terms: Parameters<typeof prove>[0]) => {
      if (first) {
        first = false;
        await world.time.advance(160 * SECOND);
        await raisedMeanwhile(world);
      }
      return prove(terms);
    };
    await world.pass({}, { others: { prove: slow } });
    const { dueAt, sendAt } = await world.request(LATE);
    expect({ dueAt: (dueAt ?? 0) <= world.clock.now(), sendAt }).toEqual({
      dueAt: true,
      sendAt: world.clock.now(),
    });
  });

  test('has checked what was requested between its last query and the release of its lease', async () => {
    const world = certificateWorld();
    await world.arrive();
    world.serve([DOMAIN]);
    await world.time.advance(timing.batchMs);
    let raised = false;
    const ledger: Ledger = {
      ...world.ledger,
      write: async (key, item, writes) => {
        const returned =
          key.kind === 'certificateWork' && item !== undefined && 'ordered' in item && item.owner === null;
        if (returned && !raised) {
          raised = true;
          await raisedMeanwhile(world);
        }
        return world.ledger.write(key, item, writes);
      },
    };
    await world.pass({}, { others: { ledger } });
    expect(raised).toBe(true);
    expect(await world.request(LATE)).toMatchObject({ state: 'valid' });
  });

  test.each([
    ['a queue that is away', () => new Unavailable('queue')],
    ['a bug', () => new TypeError('a bug')],
  ])('because of %s leaves a message for what it has not looked at', async (_title, failure) => {
    const world = certificateWorld();
    await world.arrive();
    await world.time.advance(timing.batchMs);
    await moveMessage(world, DOMAIN);
    const networks = {
      access: async () => {
        throw failure();
      },
    };
    await world.pass({}, { others: { networks } }).catch(() => undefined);
    expect((await world.request()).sendAt).toBe(world.clock.now() + timing.releasedMs);
  });
});
