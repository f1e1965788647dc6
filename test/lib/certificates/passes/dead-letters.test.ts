import { describe, expect, test } from '@jest/globals';
import { Unavailable } from '../../../../lib/errors.ts';
import { RuncloudRefused } from '../../../../lib/runcloud/errors.ts';
import { certificateKey } from '../../../../lib/sync/ledger/keys.ts';
import { requestCertificate } from '../../../../lib/sync/ledger/work/certificate-request.ts';
import { certificateWorld, timing } from '../../../support/certificates/certificate-world.ts';
import {
  certificateItem,
  DAY,
  DOMAIN,
  HOUR,
  NETWORK,
  NOW,
  owedDeadLetter,
  SECOND,
} from '../../../support/sync/items.ts';

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

  test('is followed by a new try, with its full time, when the domain arrives again', async () => {
    const world = await failed();
    const { clock, ledger, queue } = world;
    // The limits that its failed orders have spent are over.
    await world.live(8 * DAY);
    await requestCertificate(ledger, {
      network: NETWORK,
      domain: DOMAIN,
      now: clock.now(),
      arrived: true,
      newRow: false,
      batchMs: timing.batchMs,
    });
    await world.live(10 * HOUR);
    expect(await world.request()).toMatchObject({ state: 'pending' });
    expect(queue.deadLetters).toHaveLength(1);
    await world.live(20 * HOUR);
    expect(await world.request()).toMatchObject({ state: 'failed' });
    expect(queue.deadLetters).toHaveLength(2);
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
