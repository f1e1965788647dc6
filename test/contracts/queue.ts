import { describe, expect, test } from '@jest/globals';
import type { DeadLetter, DelayedMessage, Queue } from '../../lib/sync/ledger/ports.ts';

/** A queue, and what lies in it. */
export interface QueueUnderTest {
  readonly queue: Queue;
  /** All messages that have been sent, in any order. */
  sent(): Promise<DelayedMessage[]>;
  deadLetters(): Promise<DeadLetter[]>;
}

export const deadLetter: DeadLetter = {
  id: 'default.shop.acme-bikes.com.4.dead letter',
  message: { network: 'default', domain: 'shop.acme-bikes.com', deadLetter: 4 },
  code: 'runcloud-refused',
  reason: 'The name is taken by another web application',
  firstFailureAt: Date.parse('2026-11-21T05:00:00.123Z'),
  lastFailureAt: Date.parse('2026-11-21T06:00:00.456Z'),
};

function byDomain(a: DelayedMessage, b: DelayedMessage) {
  return (a.message.domain ?? '').localeCompare(b.message.domain ?? '');
}

export function queueContract(name: string, emptyQueue: () => Promise<QueueUnderTest>) {
  describe(name, () => {
    test('takes messages with their delays, with and without a domain', async () => {
      const { queue, sent } = await emptyQueue();
      const messages: DelayedMessage[] = [
        { message: { network: 'default' }, delaySeconds: 0 },
        { message: { network: 'default', domain: 'a.example.com' }, delaySeconds: 900 },
        { message: { network: 'second', domain: 'b.example.com', deadLetter: 3 }, delaySeconds: 1 },
      ];
      expect(await queue.send(messages)).toEqual([]);
      expect((await sent()).sort(byDomain)).toEqual(messages);
    });

    test('takes more messages than one call can carry', async () => {
      const { queue, sent } = await emptyQueue();
      const messages = Array.from(
        { length: 23 },
        (_, index): DelayedMessage => ({
          message: { network: 'default', domain: `d${String(index).padStart(2, '0')}.example.com` },
          delaySeconds: 0,
        }),
      );
      expect(await queue.send(messages)).toEqual([]);
      expect((await sent()).sort(byDomain)).toEqual(messages);
    });

    test('has nothing to do for no messages', async () => {
      const { queue, sent } = await emptyQueue();
      expect(await queue.send([])).toEqual([]);
      expect(await sent()).toEqual([]);
    });

    test.each([901, -1, 0.5, Number.NaN])(
      'holds no wait of %d s: that is a bug, and nothing is sent',
      async (delaySeconds) => {
        const { queue, sent } = await emptyQueue();
        const good = { message: { network: 'default' }, delaySeconds: 0 };
        await expect(queue.send([good, { ...good, delaySeconds }])).rejects.toBeInstanceOf(RangeError);
        expect(await sent()).toEqual([]);
      },
    );

    test('keeps a dead letter apart from the messages, with everything that it says', async () => {
      const { queue, sent, deadLetters } = await emptyQueue();
      await queue.sendDeadLetter(deadLetter);
      expect(await deadLetters()).toEqual([deadLetter]);
      expect(await sent()).toEqual([]);
    });
  });
}
