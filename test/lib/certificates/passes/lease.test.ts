import { describe, expect, test } from '@jest/globals';
import { networkKey } from '../../../../lib/sync/ledger/keys.ts';
import type { Ledger } from '../../../../lib/sync/ledger/ports.ts';
import { certificateWorld, elsewhere } from '../../../support/certificates/certificate-world.ts';
import { countedLedger } from '../../../support/sync/counted-ledger.ts';
import { APP, DAY, DOMAIN, MINUTE, NETWORK, SECOND } from '../../../support/sync/items.ts';

describe('the lease of an application', () => {
  test('lets one worker check at a time; a second one leaves', async () => {
    const world = certificateWorld();
    await world.arrive();
    await world.time.advance(20 * SECOND);
    let beside: unknown;
    const { prove } = world.services;
    await world.pass(
      {},
      {
        others: {
          prove: async (terms) => {
            await world.pass();
            beside = (await world.request()).owner;
            return prove(terms);
          },
        },
      },
    );
    expect(beside).toBe('worker-1');
    expect(world.orders).toHaveLength(1);
  });

  test('of a worker that died is free once it has run out', async () => {
    const world = certificateWorld();
    await world.arrive();
    const leaseUntil = world.clock.now() + 2 * MINUTE;
    world.putWork({ owner: 'dead', leaseUntil });
    await world.live(110 * SECOND);
    expect(world.orders).toEqual([]);
    await world.time.advance(20 * SECOND);
    await world.pass();
    expect(world.orders).toHaveLength(1);
  });

  test('refuses a worker, which asks for a message at its end: the holder may have been killed', async () => {
    const world = certificateWorld();
    await world.arrive();
    await world.time.advance(20 * SECOND);
    const leaseUntil = world.clock.now() + 2 * MINUTE;
    world.putWork({ owner: 'slow', leaseUntil });
    const comparison = { dueAt: world.clock.now() + DAY, begunAt: null };
    world.putNetwork({ comparison, dueAt: comparison.dueAt, sendAt: comparison.dueAt });
    await world.pass();
    const asked = { certificatesAt: leaseUntil + 5 * SECOND, sendAt: leaseUntil + 5 * SECOND };
    expect(await world.network()).toMatchObject(asked);
    const { ledger, asked: counted } = countedLedger(world.ledger);
    await world.pass({}, { others: { ledger } });
    expect(counted.writes).toBe(0);
  });

  test('is not taken where nothing is due, and refuses nobody that finds nothing due', async () => {
    const world = certificateWorld();
    await world.arrive();
    world.putWork({ owner: 'slow', leaseUntil: world.clock.now() + MINUTE });
    const { ledger, asked } = countedLedger(world.ledger);
    await world.pass({}, { others: { ledger } });
    expect(asked).toMatchObject({ items: 0, writes: 0, queries: 1 });
  });

  test('lists a network that no other work has listed, before it writes a request', async () => {
    const world = certificateWorld();
    await world.arrive();
    await world.time.advance(20 * SECOND);
    const written: string[] = [];
    const watched: Ledger = {
      ...world.ledger,
      write: (key, item, writes) => {
        written.push(key.item);
        return world.ledger.write(key, item, writes);
      },
    };
    await world.pass({}, { others: { ledger: watched } });
    expect(written).toContain('network');
    expect(written.indexOf('network')).toBeLessThan(written.indexOf(`certificate#${DOMAIN}`));
  });

  test('leaves the network’s item alone', async () => {
    const world = certificateWorld();
    const now = world.clock.now();
    // With its claim a network has a time for its next comparison.
    const daily = { dueAt: now + DAY, sendAt: now + DAY, comparison: { dueAt: now + DAY, begunAt: null } };
    world.putNetwork({ claim: { ...APP, renewedAt: now, readAt: now }, ...daily });
    await world.arrive();
    await world.time.advance(20 * SECOND);
    await world.pass();
    const before = await world.ledger.read(networkKey(NETWORK));
    await world.live(MINUTE);
    expect(await world.request()).toMatchObject({ state: 'valid' });
    expect(await world.ledger.read(networkKey(NETWORK))).toEqual(before);
    expect(await world.work()).toMatchObject({ app: APP, ordered: [], owner: null });
  });

  test('lost before the order is on record makes no order, and writes nothing more', async () => {
    const world = certificateWorld({
      onCall: async ({ op }) => {
        if (op !== 'find') return;
        world.putWork({ ...(await world.work()), owner: 'thief' });
      },
    });
    await world.arrive();
    await world.time.advance(20 * SECOND);
    await world.pass();
    expect(world.orders).toEqual([]);
    expect(await world.work()).toMatchObject({ owner: 'thief', orders: [] });
    expect(await world.request()).toMatchObject({ owner: null, crashes: 0 });
  });

  test('is checked once more for a request raised meanwhile', async () => {
    const world = certificateWorld({ mode: 'advanced' });
    await world.arrive();
    await world.time.advance(20 * SECOND);
    const { prove } = world.services;
    let raised = false;
    await world.pass(
      {},
      {
        others: {
          prove: async (terms) => {
            if (!raised) {
              raised = true;
              await world.arrive('late.example');
              await world.putRequest({ dueAt: world.clock.now() }, 'late.example');
            }
            return prove(terms);
          },
        },
      },
    );
    expect(world.orders).toHaveLength(2);
  });
});

describe('an update that comes during a pass', () => {
  test('causes one more pass: the facts of the first count, its schedule does not', async () => {
    const world = certificateWorld();
    world.dns.set(DOMAIN, elsewhere(DOMAIN));
    await world.arrive();
    await world.time.advance(20 * SECOND);
    const { dnsGate } = world.services;
    let said = false;
    await world.pass(
      {},
      {
        others: {
          dnsGate: async (name, terms) => {
            const found = await dnsGate(name, terms);
            if (!said) {
              said = true;
              world.dns.delete(DOMAIN);
              await world.retry('dns_ready');
            }
            return found;
          },
        },
      },
    );
    expect(world.gateQuestions.map(({ dnsReady }) => dnsReady).slice(0, 2)).toEqual([false, true]);
    expect(world.orders).toHaveLength(1);
    expect(await world.request()).toMatchObject({ state: 'requested' });
  });

  test('a storm of ssl_retry burns no limits', async () => {
    const world = certificateWorld({ landsAfterMs: null });
    await world.arrive();
    await world.live(25 * SECOND);
    for (let n = 0; n < 300; n += 1) {
      await world.time.advance(SECOND);
      await world.retry();
      await world.pass();
    }
    expect(world.orders).toHaveLength(1);
    expect(await world.request()).toMatchObject({ state: 'requested' });
  });
});
