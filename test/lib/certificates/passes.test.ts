import { describe, expect, test } from '@jest/globals';
import { Unavailable } from '../../../lib/errors.ts';
import { RuncloudRefused } from '../../../lib/runcloud/errors.ts';
import { certificateKey, networkKey } from '../../../lib/sync/ledger/keys.ts';
import { certificateWorld, elsewhere } from '../../support/certificates/certificate-world.ts';
import {
  certificateItem,
  DAY,
  DOMAIN,
  HOUR,
  MINUTE,
  NETWORK,
  NOW,
  OTHER_APP,
  owedDeadLetter,
  SECOND,
} from '../../support/sync/items.ts';

function refused() {
  return new RuncloudRefused('RunCloud refused', { method: 'POST', path: '/ssl', status: 422 });
}

function alwaysRefused() {
  return certificateWorld({
    onCall: async ({ op }) => {
      if (op === 'install') throw refused();
    },
  });
}

describe('a dead letter', () => {
  const failed = async () => {
    const world = alwaysRefused();
    await world.arrive();
    await world.live(20 * HOUR);
    expect(await world.request()).toMatchObject({ state: 'failed', toSend: [] });
    return world;
  };

  test('is sent once for each try, and daily checks send no second', async () => {
    const world = await failed();
    await world.live(5 * DAY);
    expect(world.queue.deadLetters).toHaveLength(1);
    expect(world.queue.deadLetters).toMatchObject([
      { code: 'runcloud-refused', message: { network: NETWORK, domain: DOMAIN, deadLetter: 1 } },
    ]);
  });

  test('moved back is one more try, which may fail with a dead letter of its own', async () => {
    const world = await failed();
    await world.live(8 * DAY);
    await world.pass({ domain: DOMAIN, deadLetter: 1 });
    expect(await world.request()).toMatchObject({ state: 'pending', attempts: 1 });
    await world.live(20 * HOUR);
    expect(world.queue.deadLetters.map(({ message }) => message.deadLetter)).toEqual([1, expect.any(Number)]);
    expect(new Set(world.queue.deadLetters.map(({ id }) => id)).size).toBe(2);
  });

  test.each([
    ['of an older try', 7],
    ['that is only a message', undefined],
  ])('%s does nothing', async (_title, deadLetter) => {
    const world = await failed();
    const before = await world.request();
    await world.pass({ domain: DOMAIN, ...(deadLetter === undefined ? {} : { deadLetter }) });
    expect(await world.request()).toEqual(before);
  });

  test('moved back to a request that is valid now does nothing', async () => {
    const world = await failed();
    world.serve([DOMAIN]);
    await world.live(2 * DAY);
    const before = await world.request();
    await world.pass({ domain: DOMAIN, deadLetter: 1 });
    expect(await world.request()).toEqual(before);
  });

  test('that could not be sent is owed until it is', async () => {
    const world = alwaysRefused();
    await world.arrive();
    const sendDeadLetter = world.queue.sendDeadLetter;
    let away = true;
    world.queue.sendDeadLetter = async (deadLetter) => {
      if (away) throw new Unavailable('queue');
      await sendDeadLetter(deadLetter);
    };
    await world.live(18 * HOUR);
    expect(await world.request()).toMatchObject({ state: 'failed', toSend: [{ revision: 1 }] });
    expect(world.unsent).toContainEqual(expect.objectContaining({ network: NETWORK, domain: DOMAIN }));
    expect(world.reportDeferred).toEqual([]);
    away = false;
    await world.pass();
    expect(world.queue.deadLetters).toHaveLength(1);
    expect(await world.request()).toMatchObject({ toSend: [] });
    expect((await world.request()).sendAt).toBe((await world.request()).dueAt);
  });

  test('that cannot be sent holds back no certificate, nor any other dead letter', async () => {
    const world = certificateWorld();
    await world.arrive('good.example');
    await world.time.advance(20 * SECOND);
    const other = { ...owedDeadLetter, id: 'dead-letter-2', revision: 0 };
    const owes = { state: 'failed' as const, dueAt: NOW + DAY, sendAt: NOW };
    world.ledger.put(
      certificateKey(NETWORK, 'bad.example'),
      certificateItem({ domain: 'bad.example', ...owes, toSend: [owedDeadLetter, other] }),
    );
    const { sendDeadLetter } = world.queue;
    world.queue.sendDeadLetter = async (deadLetter) => {
      if (deadLetter.id === owedDeadLetter.id) throw new TypeError('cannot be sent');
      await sendDeadLetter(deadLetter);
    };
    await world.pass();
    expect(await world.request('good.example')).toMatchObject({ state: 'requested' });
    expect(world.unsent).toEqual([{ network: NETWORK, domain: 'bad.example', id: owedDeadLetter.id }]);
    expect(world.queue.deadLetters.map(({ id }) => id)).toEqual(['dead-letter-2']);
    expect(await world.request('bad.example')).toMatchObject({
      toSend: [{ id: owedDeadLetter.id }],
      sendAt: NOW,
    });
  });

  test('that is owed does not wait for the daily check, whatever that check finds', async () => {
    const world = certificateWorld();
    await world.arrive();
    world.serve([DOMAIN]);
    await world.time.advance(20 * SECOND);
    await world.putRequest({ toSend: [owedDeadLetter] });
    world.queue.sendDeadLetter = async () => {
      throw new TypeError('cannot be sent');
    };
    await world.pass();
    expect(await world.request()).toMatchObject({ state: 'valid', sendAt: world.clock.now() });
  });

  test('follows an ssl_retry of what had failed, if that fails too', async () => {
    const world = await failed();
    await world.live(8 * DAY);
    await world.retry();
    expect(await world.request()).toMatchObject({ state: 'pending', reason: null, attempts: 0 });
    await world.live(20 * HOUR);
    expect(world.queue.deadLetters).toHaveLength(2);
  });
});

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
    expect((await world.network()).certificates).toMatchObject({ owner: null, leaseUntil: null });
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
    world.putNetwork({ certificates: { owner: 'dead', leaseUntil, orders: [], ordered: [], suspects: [] } });
    await world.live(110 * SECOND);
    expect(world.orders).toEqual([]);
    await world.time.advance(20 * SECOND);
    await world.pass();
    expect(world.orders).toHaveLength(1);
  });

  test('lost before the order is on record makes no order, and writes nothing more', async () => {
    const world = certificateWorld({
      onCall: async ({ op }) => {
        if (op !== 'find') return;
        const network = await world.network();
        const certificates = network.certificates && { ...network.certificates, owner: 'thief' };
        world.ledger.put(networkKey(NETWORK), { ...network, certificates });
      },
    });
    await world.arrive();
    await world.time.advance(20 * SECOND);
    await world.pass();
    expect(world.orders).toEqual([]);
    expect((await world.network()).certificates).toMatchObject({ owner: 'thief', orders: [] });
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

describe('short of time', () => {
  test('takes no request it cannot finish, and leaves the rest due with a message soon', async () => {
    const world = certificateWorld();
    await world.arrive();
    await world.time.advance(20 * SECOND);
    await world.pass({}, { withinMs: 100 * SECOND });
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
    expect((await world.network()).certificates?.orders).toEqual([]);
    await world.live(2 * MINUTE);
    expect(world.orders).toHaveLength(1);
  });
});

describe('www.', () => {
  test('that RunCloud should serve already is noted as the domain’s work, once a day', async () => {
    const world = certificateWorld();
    world.serve([DOMAIN]);
    await world.arrive(DOMAIN, { www: true, wwwServed: false });
    await world.live(MINUTE);
    const domain = await world.domain();
    expect(domain).toMatchObject({ revision: 2, dueAt: expect.any(Number) });
    expect((await world.request()).wwwAskedAt).not.toBeNull();
    await world.live(HOUR);
    await world.retry();
    await world.pass();
    expect((await world.domain())?.revision).toBe(2);
  });

  test('that has a row of its own is no work of its bare name', async () => {
    const world = certificateWorld();
    world.serve([DOMAIN]);
    await world.arrive(DOMAIN, { www: true, wwwServed: false });
    await world.arrive(`www.${DOMAIN}`);
    const before = await world.domain();
    await world.live(MINUTE);
    expect(await world.domain()).toEqual(before);
    expect((await world.request()).wwwAskedAt).not.toBeNull();
  });

  test.each([
    ['was removed', { state: 'absent' as const }],
    ['has no row of its own', { runcloudId: null }],
    ['had its row at another application', { runcloudId: { ...OTHER_APP, id: 9 } }],
  ])('that %s is work of its bare name', async (_title, part) => {
    const world = certificateWorld();
    world.serve([DOMAIN]);
    await world.arrive(DOMAIN, { www: true, wwwServed: false });
    world.putDomain({ domain: `www.${DOMAIN}`, ...part });
    await world.live(MINUTE);
    expect(await world.domain()).toMatchObject({ revision: 2, dueAt: expect.any(Number) });
  });

  test('wanted for in its own right and served by its bare name requeues that name’s request, and orders nothing itself', async () => {
    const world = certificateWorld();
    world.serve([DOMAIN]);
    await world.arrive(DOMAIN, { wwwServed: false });
    await world.live(MINUTE);
    const { revision } = await world.request();
    world.putDomain({ ...(await world.domain()), domain: DOMAIN, www: true, wwwServed: true });
    world.hosting.rows.set(1, {
      ...(await world.hosting.find(1)),
      id: 1,
      name: DOMAIN,
      type: 'alias',
      www: true,
      wildcard: false,
    });
    world.putDomain({ domain: `www.${DOMAIN}`, reason: 'served-by-apex', runcloudId: null });
    world.ledger.put(certificateKey(NETWORK, `www.${DOMAIN}`), {
      ...(await world.request()),
      domain: `www.${DOMAIN}`,
      state: 'pending',
      dueAt: world.clock.now(),
      sendAt: world.clock.now(),
    });
    await world.live(10 * MINUTE);
    expect((await world.request()).revision).toBe(revision + 1);
    expect(world.orders).toMatchObject([{ names: [DOMAIN, `www.${DOMAIN}`] }]);
    expect(await world.request(`www.${DOMAIN}`)).toMatchObject({ state: 'valid' });
  });
});

describe('a name under a wildcard', () => {
  const covered = { reason: 'covered-by-wildcard', runcloudId: null };

  test('is never ordered: without a certificate it fails, and says what is missing', async () => {
    const world = certificateWorld();
    await world.arrive(DOMAIN, covered);
    await world.live(MINUTE);
    expect(world.orders).toEqual([]);
    expect(await world.request()).toMatchObject({ state: 'failed', reason: 'order-failed' });
    expect((await world.request()).fix).toContain('wildcard');
  });

  test('is valid where the wildcard’s certificate is shown', async () => {
    const world = certificateWorld();
    world.serve([DOMAIN]);
    await world.arrive(DOMAIN, covered);
    await world.live(MINUTE);
    expect(await world.request()).toMatchObject({ state: 'valid' });
  });

  test('has not failed because the server does not answer', async () => {
    const world = certificateWorld();
    world.state.silent = true;
    await world.arrive(DOMAIN, covered);
    await world.live(2 * DAY);
    expect(await world.request()).toMatchObject({
      state: 'pending',
      lastError: { code: 'runcloud-timeout' },
    });
    expect(world.queue.deadLetters).toEqual([]);
    expect(await world.live(DAY)).toBeLessThan(10);
  });
});
