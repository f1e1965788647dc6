import { expect, test } from '@jest/globals';
import { Unavailable } from '../../../lib/errors.ts';
import type { CertificateItem } from '../../../lib/sync/ledger/items/certificate-item.ts';
import { certificateKey, certificateWorkKey } from '../../../lib/sync/ledger/keys.ts';
import type { Ledger } from '../../../lib/sync/ledger/ports.ts';
import { certificateWorld } from '../../support/certificates/certificate-world.ts';
import { HOUR, MINUTE, NETWORK, SECOND } from '../../support/sync/items.ts';

const HOT = 'hot.example';
const OTHERS = Array.from({ length: 11 }, (_, n) => `shop.${n}.example`);
const hot = certificateKey(NETWORK, HOT);

/** HOT comes first. What is served ends with its check, and all others are ready for their order. */
async function dueWorld(options: Parameters<typeof certificateWorld>[0] = {}) {
  const world = certificateWorld(options);
  for (const name of [HOT, ...OTHERS]) {
    await world.arrive(name);
    await world.time.advance(100);
  }
  await world.time.advance(20 * SECOND);
  return world;
}

interface Throttling {
  readonly forMs: number;
  /** A write is stored all the same, and has no answer. */
  readonly lands?: boolean;
  /** Before each, with what is stored. */
  readonly onTry?: (stored: CertificateItem) => void;
}

/** DynamoDB throttles the writes of HOT once its lease is taken. `tried`: whether the application was under a lease at each of them. */
function throttledEnd(
  { ledger, clock }: Awaited<ReturnType<typeof dueWorld>>,
  { forMs, lands = false, onTry }: Throttling,
) {
  const until = clock.now() + forMs;
  const tried: { readonly at: number; readonly isHeld: boolean }[] = [];
  const throttled: Ledger = {
    ...ledger,
    write: async (key, item, writes) => {
      const stored = ledger.peek(hot);
      const isLeased = (stored?.owner ?? null) !== null;
      if (key.item !== hot.item || !isLeased || clock.now() >= until) return ledger.write(key, item, writes);
      tried.push({
        at: clock.now(),
        isHeld: (ledger.peek(certificateWorkKey(NETWORK))?.owner ?? null) !== null,
      });
      if (stored !== undefined) onTry?.(stored);
      if (lands) await ledger.write(key, item, writes);
      throw new Unavailable('ledger');
    },
  };
  return { ledger: throttled, tried };
}

test('a request that is throttled at its end holds up no order, and not the lease of the application', async () => {
  const world = await dueWorld();
  world.serve([HOT]);
  const beganAt = world.clock.now();
  const { ledger, tried } = throttledEnd(world, { forMs: 2 * MINUTE });
  await world.pass({}, { others: { ledger } });
  expect(world.orders).toHaveLength(1);
  expect((world.orders[0]?.at ?? 0) - beganAt).toBeLessThan(20 * SECOND);
  expect(tried.map(({ isHeld }) => isHeld).slice(0, 3)).toEqual([true, false, false]);
});

test('its result is stored once its item answers, and the sweep has what it owes told', async () => {
  const world = await dueWorld();
  world.serve([HOT]);
  const { ledger } = throttledEnd(world, { forMs: 2 * MINUTE });
  await world.pass({}, { others: { ledger } });
  const ended = await world.request(HOT);
  expect(ended).toMatchObject({ state: 'valid', owner: null, crashes: 0 });
  expect(ended.toSend).toHaveLength(1);
  expect(ended.sendAt).toBeLessThanOrEqual(world.clock.now());
  expect(world.reportDeferred).toEqual([]);
  expect(world.facts.filter((fact) => fact.kind === 'checked' && fact.item.domain === HOT)).toHaveLength(1);
});

test('a check that comes within minutes waits for no message that this pass would have sent', async () => {
  const world = await dueWorld();
  const { ledger } = throttledEnd(world, { forMs: 2 * MINUTE });
  await world.pass({}, { others: { ledger } });
  expect(world.orders).toHaveLength(1);
  const ended = await world.request(HOT);
  expect(ended).toMatchObject({ state: 'requested', owner: null });
  expect(ended.sendAt).toBe(ended.dueAt);
  expect((await world.request(OTHERS[0])).sendAt).toBeGreaterThan(
    (await world.request(OTHERS[0])).dueAt ?? 0,
  );
});

test('an end that was stored without an answer is left as it is, also where another worker has the request by then', async () => {
  const world = await dueWorld();
  world.serve([HOT]);
  const { ledger } = throttledEnd(world, { forMs: 2 * MINUTE, lands: true });
  const taken: Ledger = {
    ...ledger,
    write: async (key, item, writes) => {
      const written = await ledger.write(key, item, writes);
      const ended = world.ledger.peek(hot);
      if (key.kind === 'certificateWork' && ended?.state === 'valid')
        world.ledger.put(hot, { ...ended, owner: 'another', leaseUntil: world.clock.now() + HOUR });
      return written;
    },
  };
  await world.pass({}, { others: { ledger: taken } });
  expect(await world.request(HOT)).toMatchObject({ state: 'valid', owner: 'another', crashes: 0 });
});

test('a newer update of it is not settled over', async () => {
  const world = await dueWorld();
  world.serve([HOT]);
  const updatedAt = world.clock.now();
  const { ledger } = throttledEnd(world, {
    forMs: 2 * MINUTE,
    onTry: (item) => {
      if (item.revision === 1)
        world.ledger.put(hot, { ...item, revision: 2, dueAt: updatedAt, sendAt: updatedAt });
    },
  });
  await world.pass({}, { others: { ledger } });
  const left = await world.request(HOT);
  expect(left).toMatchObject({ owner: null, dueAt: updatedAt });
  expect(left.sendAt).toBeLessThanOrEqual(world.clock.now());
});

test('a request that crashes, and is throttled then, holds up no order and counts its crash', async () => {
  const world = await dueWorld();
  const { ledger } = throttledEnd(world, { forMs: 2 * MINUTE });
  const { prove } = world.services;
  const bug = new TypeError('is no function');
  const others = {
    ledger,
    prove: (async (question) => {
      if (question.names.includes(HOT)) throw bug;
      return prove(question);
    }) satisfies typeof prove,
  };
  const beganAt = world.clock.now();
  await expect(world.pass({}, { others })).rejects.toBe(bug);
  expect(world.orders).toHaveLength(1);
  expect((world.orders[0]?.at ?? 0) - beganAt).toBeLessThan(20 * SECOND);
  expect(await world.request(HOT)).toMatchObject({ owner: null, crashes: 1 });
});

test('one that stays throttled is tried until the function ends, and is told', async () => {
  const world = await dueWorld();
  world.serve([HOT]);
  const beganAt = world.clock.now();
  const { ledger, tried } = throttledEnd(world, { forMs: HOUR });
  await world.pass({}, { others: { ledger } });
  expect(world.reportDeferred).toMatchObject([{ network: NETWORK, what: 'ledger' }]);
  const lastAt = (tried.at(-1)?.at ?? 0) - beganAt;
  expect(lastAt).toBeGreaterThan(4 * MINUTE);
  expect(lastAt).toBeLessThan(5 * MINUTE);
});

test.each([0, 60_000, 200_000])(
  'a ledger that is away for %i ms when a pass ends keeps no lease',
  async (awayMs) => {
    const world = certificateWorld();
    await world.arrive();
    await world.time.advance(20 * SECOND);
    let until: number | undefined;
    const there = async (): Promise<void> => {
      if (world.orders.length > 0) until ??= world.clock.now() + awayMs;
      if (until !== undefined && world.clock.now() < until) throw new Unavailable('ledger');
    };
    const { read, readAll, write, dueCertificates } = world.ledger;
    const ledger: Ledger = {
      ...world.ledger,
      read: (key) => there().then(() => read(key)),
      readAll: (keys) => there().then(() => readAll(keys)),
      write: (key, item, writes) => there().then(() => write(key, item, writes)),
      dueCertificates: (network, asked) => there().then(() => dueCertificates(network, asked)),
    };
    await world.pass({}, { others: { ledger } });
    expect(world.orders).toHaveLength(1);
    expect(await world.request()).toMatchObject({ owner: null, crashes: 0 });
    expect(await world.work()).toMatchObject({ owner: null, leaseUntil: null });
  },
);
