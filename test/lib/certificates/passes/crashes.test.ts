import { describe, expect, test } from '@jest/globals';
import { certificateWorld } from '../../../support/certificates/certificate-world.ts';
import { DAY, DOMAIN, MINUTE, SECOND } from '../../../support/sync/items.ts';

describe('a crash', () => {
  const buggy = async (name: string) => {
    const world = certificateWorld();
    await world.arrive('good.example');
    await world.arrive(DOMAIN);
    await world.time.advance(20 * SECOND);
    const { prove } = world.services;
    let broken = true;
    const others = {
      prove: async (terms: Parameters<typeof prove>[0]) => {
        if (broken && terms.names.includes(name)) throw new TypeError('a bug');
        return prove(terms);
      },
    };
    const updateDomain = () => {
      broken = false;
    };
    return { world, others, updateDomain };
  };

  test('counts on the request that caused it; the others are settled, and the queue delivers it again', async () => {
    const { world, others } = await buggy(DOMAIN);
    world.serve(['good.example']);
    await expect(world.pass({}, { others })).rejects.toThrow('a bug');
    expect(await world.request()).toMatchObject({ crashes: 1, owner: null });
    expect(await world.request('good.example')).toMatchObject({ state: 'valid', crashes: 0 });
    expect(await world.work()).toMatchObject({ owner: null, leaseUntil: null });
    expect(world.facts.filter(({ kind }) => kind === 'crashed')).toHaveLength(1);
  });

  test('after five in a row the request fails with internal-error and a dead letter, and is checked daily', async () => {
    const { world, others, updateDomain } = await buggy(DOMAIN);
    for (let n = 0; n < 5; n += 1) await expect(world.pass({}, { others })).rejects.toThrow('a bug');
    await world.pass({}, { others });
    expect(await world.request()).toMatchObject({ state: 'failed', lastError: { code: 'internal-error' } });
    expect(world.queue.deadLetters).toMatchObject([{ code: 'internal-error' }]);
    updateDomain();
    await world.live(2 * DAY);
    expect(await world.request()).toMatchObject({ state: 'valid' });
  });

  test('a worker that never comes back counts one for its successor', async () => {
    const world = certificateWorld();
    await world.arrive();
    await world.putRequest({
      owner: 'dead',
      leaseUntil: world.clock.now() + MINUTE,
      dueAt: world.clock.now(),
    });
    await world.pass();
    expect(await world.request()).toMatchObject({ owner: 'dead' });
    await world.time.advance(2 * MINUTE);
    const taken: number[] = [];
    await world.pass(
      {},
      {
        others: {
          prove: async () => {
            taken.push((await world.request()).crashes);
            return { kind: 'invalid', why: 'none' };
          },
        },
      },
    );
    expect(taken).toEqual([1]);
    expect(await world.request()).toMatchObject({ crashes: 0 });
  });
});

describe('short of time', () => {
  test('takes no request it cannot finish, and leaves the rest due with a message soon', async () => {
    const world = certificateWorld();
    await world.arrive();
    await world.time.advance(20 * SECOND);
    await world.pass({}, { withinMs: 100 * SECOND });
    expect(world.gateQuestions).toEqual([]);
    expect(world.orders).toEqual([]);
    const { owner, sendAt, dueAt } = await world.request();
    expect({ owner, sendAt: (sendAt ?? 0) <= world.clock.now() }).toEqual({ owner: null, sendAt: true });
    expect(dueAt).toBeLessThanOrEqual(world.clock.now());
  });

  test('places no order that would be cut off, and counts nothing for it', async () => {
    const world = certificateWorld();
    await world.arrive();
    await world.time.advance(20 * SECOND);
    const { prove } = world.services;
    await world.pass(
      {},
      {
        others: {
          prove: async (terms) => {
            await world.time.advance(160 * SECOND);
            return prove(terms);
          },
        },
      },
    );
    expect(world.orders).toEqual([]);
    expect(await world.request()).toMatchObject({ attempts: 0, waitedMs: 0, owner: null });
    expect((await world.work()).orders).toEqual([]);
    await world.live(2 * MINUTE);
    expect(world.orders).toHaveLength(1);
  });
});
