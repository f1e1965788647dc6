import { describe, expect, test } from '@jest/globals';
import { Unavailable } from '../../../../lib/errors.ts';
import { certificateKey, networkKey, outcomeKey } from '../../../../lib/sync/ledger/keys.ts';
import type { Queue } from '../../../../lib/sync/ledger/ports.ts';
import { movedSendAt } from '../../../../lib/sync/sweep/moved-send-at.ts';
import { outcome } from '../../../contracts/ledger-items.ts';
import {
  DAY,
  DOMAIN,
  delays,
  domainItem,
  HOUR,
  MINUTE,
  NETWORK,
  NOW,
  networkItem,
  SECOND,
  settledItem,
} from '../../../support/sync/items.ts';
import { certificateDelays, name, sweepWorld } from '../../../support/sync/sweep-world.ts';

function message(domain = DOMAIN, delaySeconds = 0) {
  return { message: { network: NETWORK, domain }, delaySeconds };
}

describe('the sweep', () => {
  test('reports an item that cannot be read, and goes on with the others', async () => {
    const items = [domainItem({ domain: name(1) }), domainItem({ domain: name(2) })];
    const spoilt = new TypeError('cannot be read');
    const world = await sweepWorld(items, {
      ledger: (ledger) => ({
        read: (key) => (key.item === `domain#${name(1)}` ? Promise.reject(spoilt) : ledger.read(key)),
      }),
    });
    await world.sweep();
    expect(world.reported).toEqual([{ error: spoilt, item: `domain#${name(1)}` }]);
    expect(await world.domain(name(2))).toMatchObject({ sendAt: NOW + delays.resendMs });
  });

  test('has ended all it began when the ledger goes away in its middle', async () => {
    const items = [domainItem({ domain: name(1) }), domainItem({ domain: name(2) })];
    let goOn: () => void = () => {};
    const slow = new Promise<void>((resolve) => {
      goOn = resolve;
    });
    const order: string[] = [];
    const world = await sweepWorld(items, {
      ledger: (ledger) => ({
        read: async (key) => {
          if (key.item === `domain#${name(1)}`) throw new Unavailable('ledger');
          if (key.item === `domain#${name(2)}`) {
            await slow;
            order.push('the slow read');
          }
          return ledger.read(key);
        },
      }),
    });
    const sweeping = world.sweep().catch(({ name: error }: Error) => void order.push(error));
    await new Promise(setImmediate);
    goOn();
    await sweeping;
    await new Promise(setImmediate);
    expect(order).toEqual(['the slow read', 'Unavailable']);
  });

  test('sends a message for what is due, and says when to send the next one', async () => {
    const world = await sweepWorld();
    expect(await world.sweep()).toEqual({ sent: 1, failed: 0 });
    expect(world.sent).toEqual([message()]);
    expect(await world.domain()).toEqual(domainItem({ sendAt: NOW + delays.resendMs }));
  });

  test('sends what is due before its next round now, held back until then', async () => {
    const dueAt = NOW + 40_200;
    const world = await sweepWorld([domainItem({ dueAt, sendAt: dueAt })]);
    await world.sweep();
    expect(world.sent).toEqual([message(DOMAIN, 41)]);
    expect((await world.domain())?.sendAt).toBe(dueAt + delays.resendMs);
  });

  test('holds a message back no longer than the queue can', async () => {
    const world = await sweepWorld([domainItem({ dueAt: NOW + HOUR, sendAt: NOW })]);
    await world.sweep();
    expect(world.sent).toEqual([message(DOMAIN, 900)]);
  });

  test('leaves alone what is due later, and what is settled', async () => {
    const later = domainItem({ dueAt: NOW + MINUTE + 1, sendAt: NOW + MINUTE + 1 });
    const world = await sweepWorld([later, settledItem({ domain: 'settled.example' })]);
    expect(await world.sweep()).toEqual({ sent: 0, failed: 0 });
    expect(await world.domain()).toEqual(later);
  });

  test('sends a message for a dead letter that is owed, though nothing is due', async () => {
    const world = await sweepWorld([domainItem({ state: 'failed', dueAt: null, sendAt: NOW })]);
    await world.sweep();
    expect(world.sent).toEqual([message()]);
  });

  test('sends a message without a domain for a network', async () => {
    const world = await sweepWorld([]);
    const network = networkItem({ dueAt: NOW, sendAt: NOW, revision: 2 });
    await world.ledger.write(networkKey(NETWORK), network, 0);
    expect(await world.sweep()).toEqual({ sent: 1, failed: 0 });
    expect(world.sent).toEqual([{ message: { network: NETWORK }, delaySeconds: 0 }]);
    expect((await world.ledger.read(networkKey(NETWORK)))?.item).toEqual({
      ...network,
      sendAt: NOW + delays.resendMs,
    });
  });

  test('delays a network’s message to the second, because it is not shared', async () => {
    const world = await sweepWorld([]);
    const network = networkItem({ dueAt: NOW + 40_200, sendAt: NOW, revision: 2 });
    await world.ledger.write(networkKey(NETWORK), network, 0);
    await world.sweep();
    expect(world.sent).toEqual([{ message: { network: NETWORK }, delaySeconds: 41 }]);
  });

  test('sends outcomes to their own queue, by their own name', async () => {
    const world = await sweepWorld([]);
    const due = { network: NETWORK, state: 'open' as const, dueAt: NOW, sendAt: NOW };
    for (const id of ['msg_a', 'msg_b']) world.ledger.put(outcomeKey(NETWORK, id), outcome({ ...due, id }));
    expect(await world.sweep()).toEqual({ sent: 2, failed: 0 });
    expect(world.sent).toEqual([]);
    expect(world.sentForOutcomes).toEqual([
      { message: { network: NETWORK, outcome: 'msg_a' }, delaySeconds: 0 },
      { message: { network: NETWORK, outcome: 'msg_b' }, delaySeconds: 0 },
    ]);
  });

  test('stops where the ledger is out of reach, for no other item fares better', async () => {
    const world = await sweepWorld([domainItem()], {
      ledger: (ledger) => ({
        read: (key) =>
          key.item.startsWith('domain#') ? Promise.reject(new Unavailable('ledger')) : ledger.read(key),
      }),
    });
    await expect(world.sweep()).rejects.toMatchObject({ what: 'ledger' });
    expect(world.reported).toEqual([]);
  });

  test('reads ten items at a time, however many there are', async () => {
    let open = 0;
    let most = 0;
    const items = Array.from({ length: 35 }, (_, n) => domainItem({ domain: name(n) }));
    const world = await sweepWorld(items, {
      ledger: (ledger) => ({
        read: async (key) => {
          open += 1;
          most = Math.max(most, open);
          const stored = await ledger.read(key);
          open -= 1;
          return stored;
        },
      }),
    });
    expect(await world.sweep()).toEqual({ sent: 35, failed: 0 });
    expect(most).toBe(10);
  });

  test('sends certificates to their own queue: one message for all of a network that are due together', async () => {
    const world = await sweepWorld([]);
    const due = { a: 0, b: 4 * SECOND, c: 16 * SECOND, also: 20 * SECOND, d: 50 * SECOND };
    for (const [domain, ms] of Object.entries(due)) {
      world.putCertificate({ domain, dueAt: NOW + ms });
    }
    world.putCertificate({ network: 'other' });
    expect(await world.sweep()).toEqual({ sent: 5, failed: 0 });
    expect(world.sent).toEqual([]);
    expect(world.sentForCertificates).toEqual(
      expect.arrayContaining([
        { message: { network: NETWORK }, delaySeconds: 0 },
        { message: { network: NETWORK }, delaySeconds: 4 },
        { message: { network: NETWORK }, delaySeconds: 30 },
        { message: { network: NETWORK }, delaySeconds: 60 },
        { message: { network: 'other' }, delaySeconds: 0 },
      ]),
    );
    expect(await world.sweep()).toEqual({ sent: 0, failed: 0 });
    const d = (await world.ledger.read(certificateKey(NETWORK, 'd')))?.item;
    expect(d?.sendAt).toBe(NOW + 50 * SECOND + certificateDelays.resendMs);
  });

  test('a dead letter that a certificate owes does not wait for tomorrow’s pass, and is requested again within the hour', async () => {
    const world = await sweepWorld([]);
    const deadLetter = {
      kind: 'dead-letter' as const,
      id: 'dead-letter-1',
      revision: 1,
      code: 'runcloud-refused' as const,
      reason: 'RunCloud refused',
      firstFailureAt: NOW,
      lastFailureAt: NOW,
    };
    world.putCertificate({ dueAt: NOW + DAY, toSend: [deadLetter] });
    await world.sweep();
    expect(world.sentForCertificates).toEqual([{ message: { network: NETWORK }, delaySeconds: 0 }]);
    const stored = (await world.ledger.read(certificateKey(NETWORK, DOMAIN)))?.item;
    expect(stored?.sendAt).toBe(NOW + certificateDelays.resendMs);
  });

  test('reaches everything that is due in one go', async () => {
    const world = await sweepWorld(Array.from({ length: 250 }, (_, n) => domainItem({ domain: name(n) })));
    expect(await world.sweep()).toEqual({ sent: 250, failed: 0 });
    expect(new Set(world.sent.map(({ message: { domain } }) => domain)).size).toBe(250);
    expect(await world.sweep()).toEqual({ sent: 0, failed: 0 });
  });

  test('takes no more at a time than it can end in time, and a turn of each kind: one network’s thousands wait', async () => {
    const world = await sweepWorld(
      Array.from({ length: 350 }, (_, n) => domainItem({ domain: name(n) })),
      { queue: { send: () => world.clock.advance(16 * SECOND).then(() => []) } },
    );
    world.putCertificate();
    expect(await world.sweep()).toEqual({ sent: 301, failed: 0 });
    expect(world.sentForCertificates).toHaveLength(1);
    expect(world.ledger.all('domain').filter(({ sendAt }) => sendAt === NOW)).toHaveLength(50);
  });

  test('changes nothing but when it sends the next message', async () => {
    const item = domainItem({
      wanted: 'absent',
      revision: 7,
      attempts: 3,
      owner: 'worker-1',
      leaseUntil: NOW + 1,
    });
    const world = await sweepWorld([item]);
    await world.sweep();
    expect(await world.domain()).toEqual({ ...item, sendAt: NOW + 1 + MINUTE });
  });
});

describe('a message that was sent', () => {
  const sent = { sendAt: NOW, now: NOW, resendMs: delays.resendMs };

  test('gives no schedule back to what settled meanwhile', () => {
    expect(movedSendAt(settledItem(), sent)).toEqual({ result: undefined });
    expect(movedSendAt(undefined, sent)).toEqual({ result: undefined });
  });

  test('does not delay a newer update', () => {
    expect(movedSendAt(domainItem({ sendAt: NOW + 2 * MINUTE }), sent)).toEqual({ result: undefined });
  });

  test('that a living lease refuses is sent again when the lease ends', () => {
    const leaseUntil = NOW + 5 * MINUTE;
    const leased = domainItem({ owner: 'killed', leaseUntil });
    expect(movedSendAt(leased, sent).write?.sendAt).toBe(leaseUntil + MINUTE);
  });

  test('that a lease may still refuse by a slower clock is sent again soon', () => {
    const ended = (agoMs: number) => domainItem({ owner: 'killed', leaseUntil: NOW - agoMs });
    expect(movedSendAt(ended(5 * SECOND - 1), sent).write?.sendAt).toBe(NOW - 5 * SECOND + 1 + MINUTE);
    expect(movedSendAt(ended(5 * SECOND), sent).write?.sendAt).toBe(NOW + delays.resendMs);
  });

  test('is sent again no later for a lease that outlasts the usual step', () => {
    const leased = domainItem({ owner: 'worker-1', leaseUntil: NOW + DAY });
    expect(movedSendAt(leased, sent).write?.sendAt).toBe(NOW + delays.resendMs);
  });

  test('is sent again a while after the work is due', () => {
    const dueAt = NOW + 10 * MINUTE;
    expect(movedSendAt(domainItem({ dueAt }), sent).write?.sendAt).toBe(dueAt + delays.resendMs);
  });
});

describe('messages that the queue refuses', () => {
  const refusing = (refused: string): Pick<Queue, 'send'> => ({
    send: async (messages) => messages.filter(({ message: { domain } }) => domain === refused),
  });

  test('stay due, and are counted', async () => {
    const world = await sweepWorld([domainItem(), domainItem({ domain: 'refused.example' })], {
      queue: refusing('refused.example'),
    });
    expect(await world.sweep()).toEqual({ sent: 1, failed: 1 });
    expect((await world.domain('refused.example'))?.sendAt).toBe(NOW);
    expect((await world.domain())?.sendAt).toBe(NOW + delays.resendMs);
  });

  test('are not sent twice by one sweep', async () => {
    let asked = 0;
    const world = await sweepWorld([domainItem()], {
      queue: {
        send: async (messages) => {
          asked += messages.length;
          return [...messages];
        },
      },
    });
    await world.sweep();
    expect(asked).toBe(1);
  });

  test('all of them since the queue is out of reach leave everything due', async () => {
    const world = await sweepWorld([domainItem()], {
      queue: { send: () => Promise.reject(new Unavailable('queue')) },
    });
    await expect(world.sweep()).rejects.toMatchObject({ what: 'queue' });
    expect((await world.domain())?.sendAt).toBe(NOW);
  });
});
