import { describe, expect, test } from '@jest/globals';
import { byMessage, firstOf } from '../../../lib/certificates/next-message.ts';
import { Unavailable } from '../../../lib/errors.ts';
import type { Queue } from '../../../lib/sync/ledger/ports.ts';
import { batchedMessage } from '../../../lib/sync/ledger/work/certificate-request.ts';
import { certificateWorld, elsewhere, timing } from '../../support/certificates/certificate-world.ts';
import { certificateItem, HOUR, MINUTE, NETWORK, NOW, SECOND } from '../../support/sync/items.ts';

const SHOP = 'shop.acme-bikes.com';
const OTHER = 'other.acme-boats.com';

/** A domain whose order is made by the next pass, and is never seen. */
async function orderedWorld(...names: readonly string[]) {
  const world = certificateWorld({ mode: 'advanced', landsAfterMs: null });
  for (const name of names) await world.arrive(name);
  await world.time.advance(timing.batchMs);
  return world;
}

function sends(send: Queue['send']) {
  const world = certificateWorld();
  return { others: { queue: { ...world.queue, send } } };
}

describe('a pass whose requests are due again within fifteen minutes', () => {
  test('sends one message for the first of them, and the sweep waits for it to be lost', async () => {
    const world = await orderedWorld(SHOP, OTHER);
    await world.pass();
    const requests = [await world.request(SHOP), await world.request(OTHER)];
    const dueAts = requests.map(({ dueAt }) => dueAt ?? 0);
    const delaySeconds = Math.ceil((Math.min(...dueAts) - world.clock.now()) / SECOND);
    expect(delaySeconds).toBeLessThanOrEqual(30);
    expect(world.queue.sent).toEqual([{ message: { network: NETWORK, returns: 1 }, delaySeconds }]);
    expect(requests.map(({ sendAt }) => sendAt)).toEqual(dueAts.map((dueAt) => dueAt + 2 * MINUTE));
  });

  test('has them checked in time without the sweep', async () => {
    const world = certificateWorld({ landsAfterMs: 5 * SECOND });
    await world.arrive(SHOP);
    await world.time.advance(timing.batchMs);
    await world.pass();
    await world.time.advance(30 * SECOND);
    const [arrived] = world.queue.receive();
    await world.pass(arrived?.message);
    expect(await world.request(SHOP)).toMatchObject({ state: 'valid' });
  });

  test.each<[title: string, send: Queue['send']]>([
    ['refuses the message', async (messages) => [...messages]],
    [
      'is away',
      async () => {
        throw new Unavailable('queue');
      },
    ],
  ])('leaves them to the sweep, in time, where the queue %s', async (_title, send) => {
    const world = await orderedWorld(SHOP, OTHER);
    await world.pass({}, sends(send));
    const requests = [await world.request(SHOP), await world.request(OTHER)];
    const [first, second] = requests.toSorted((a, b) => (a.dueAt ?? 0) - (b.dueAt ?? 0));
    expect(first?.sendAt).toBe(first?.dueAt);
    expect(second?.sendAt).toBe((second?.dueAt ?? 0) + 2 * MINUTE);
  });

  test('and that is killed before it sends loses two minutes', async () => {
    const world = await orderedWorld(SHOP);
    const killed = new TypeError('killed');
    const send = async (): Promise<never> => {
      throw killed;
    };
    await expect(world.pass({}, sends(send))).rejects.toBe(killed);
    const { dueAt, sendAt } = await world.request(SHOP);
    expect(sendAt).toBe((dueAt ?? 0) + 2 * MINUTE);
  });

  test('leaves the eighth message in a row to the sweep: AWS would stop a loop', async () => {
    const world = await orderedWorld(SHOP);
    await world.pass({ returns: 7 });
    expect(world.queue.sent).toEqual([]);
    const { dueAt, sendAt } = await world.request(SHOP);
    expect(dueAt).toBeGreaterThan(world.clock.now());
    expect(sendAt).toBe(dueAt);
  });
});

describe('the sweep’s message', () => {
  test.each([
    ['comes after the pass’s, for what waits', NOW + MINUTE, NOW + MINUTE, NOW + 3 * MINUTE],
    ['also at the longest delay of a message', NOW + 15 * MINUTE, NOW + 15 * MINUTE, NOW + 17 * MINUTE],
    [
      'is the only one for a longer wait',
      NOW + 15 * MINUTE + 1,
      NOW + 15 * MINUTE + 1,
      NOW + 15 * MINUTE + 1,
    ],
    ['is the only one for what is due at once', NOW, NOW, NOW],
    ['stays where something is owed', NOW + MINUTE, NOW, NOW],
    ['stays away where nothing is due', null, null, null],
    ['stays for what is owed by a closed request', null, NOW, NOW],
  ])('%s', (_title, dueAt, before, after) => {
    expect(byMessage(certificateItem({ dueAt, sendAt: before }), NOW, timing).sendAt).toBe(after);
  });

  test('is for the first of those that wait, and for none where none does', () => {
    const waiting = [3, 1, 2].map((n) => ({ network: NETWORK, domain: `shop-${n}.example`, dueAt: NOW + n }));
    expect(firstOf(waiting)?.dueAt).toBe(NOW + 1);
    expect(firstOf([])).toBeUndefined();
  });
});

test('a pass that cannot give its lease back sends its message all the same', async () => {
  const world = await orderedWorld(SHOP);
  const { ledger } = world;
  const write: typeof ledger.write = async (key, item, writes) => {
    const released =
      key.kind === 'certificateWork' && item !== undefined && 'ordered' in item && item.owner === null;
    if (released) throw new Unavailable('ledger');
    return ledger.write(key, item, writes);
  };
  await world.pass({}, { others: { ledger: { ...ledger, write } } });
  expect((await world.work()).owner).not.toBeNull();
  expect(world.queue.sent).toMatchObject([{ message: { network: NETWORK, returns: 1 } }]);
});

test('a longer wait is the sweep’s', async () => {
  const world = certificateWorld();
  world.dns.set(SHOP, elsewhere(SHOP));
  await world.arrive(SHOP);
  await world.putRequest({ attempts: 6, state: 'waiting-dns' }, SHOP);
  await world.time.advance(timing.batchMs);
  await world.pass();
  const { dueAt, sendAt } = await world.request(SHOP);
  expect(dueAt).toBeGreaterThan(world.clock.now() + 15 * MINUTE);
  expect(sendAt).toBe(dueAt);
  expect(world.queue.sent).toEqual([]);
});

test('a message that is under way comes for a pass in between too, and carries on what waits behind it', async () => {
  const world = await orderedWorld(SHOP);
  await world.pass();
  await world.arrive(OTHER);
  await world.putRequest({ dueAt: world.clock.now(), sendAt: world.clock.now() }, OTHER);
  await world.time.advance(SECOND);
  await world.pass();
  // The second order is checked with the first one, or a second later.
  expect(world.queue.sent).toHaveLength(1);
  await world.live(2 * MINUTE);
  expect(world.queue.waiting()).toHaveLength(1);
});

describe('in a burst whose every domain has a message of its own', () => {
  /** One addition a second, and none of the orders brings a certificate in the next hour. */
  async function burst(count: number) {
    const world = certificateWorld({ mode: 'advanced', landsAfterMs: null });
    let most = 0;
    let own = 0;
    const look = (): void => {
      const sentByPasses = world.queue.waiting().filter(({ message }) => message.returns !== undefined);
      most = Math.max(most, sentByPasses.length);
    };
    for (let n = 0; n < count; n += 1) {
      await world.arrive(`shop-${n}.example-${n}.com`);
      own += (await world.queue.send([batchedMessage(NETWORK, timing.batchMs)])).length === 0 ? 1 : 0;
      await world.live(SECOND);
      look();
    }
    for (let n = 0; n < 60 * 6; n += 1) {
      await world.live(10 * SECOND);
      look();
    }
    return { world, most, passed: world.queue.sent.length - own };
  }

  test.each([10, 30, 90])('of %d, no pass keeps a chain of messages of its own alive', async (count) => {
    const { world, most, passed } = await burst(count);
    const checks = world.facts.filter(({ kind }) => kind === 'checked').length;
    expect(world.orders.length).toBeGreaterThanOrEqual(count);
    expect(most).toBeLessThanOrEqual(8);
    expect(checks).toBeGreaterThan(8 * count);
    // Requests that are due within 15 s share a message, so an hour has about 240 at most, however many there are.
    expect(passed).toBeLessThan(240);
    expect(world.clock.now()).toBeGreaterThan(HOUR);
  });
});
