import { expect, test } from '@jest/globals';
import { queueContract } from '../contracts/queue.ts';
import { manualClock } from './manual-clock.ts';
import { memoryQueue } from './queue.ts';

queueContract('the queue in memory', async () => {
  const queue = memoryQueue();
  return { queue, sent: async () => [...queue.sent], deadLetters: async () => [...queue.deadLetters] };
});

function message(domain: string) {
  return { network: 'default', domain };
}

test('a message shows after its delay, hides while a worker has it, and shows again unless it is acknowledged', async () => {
  const clock = manualClock(1_000);
  const queue = memoryQueue({ clock });
  await queue.send([{ message: message('late.example.com'), delaySeconds: 5 }]);
  await queue.send([{ message: message('now.example.com'), delaySeconds: 0 }]);

  const [first, ...none] = queue.receive({ max: 10, visibilityMs: 2_000 });
  expect(none).toEqual([]);
  expect(first).toMatchObject({
    message: message('now.example.com'),
    receives: 1,
    sentAt: 1_000,
    visibleAt: 3_000,
  });
  expect(queue.receive()).toEqual([]);

  await clock.advance(5_000);
  const again = queue.receive({ max: 10 });
  expect(again.map((entry) => [entry.message.domain, entry.receives])).toEqual([
    ['now.example.com', 2],
    ['late.example.com', 1],
  ]);
  expect(again.map(({ id }) => queue.ack(id))).toEqual([true, true]);
  expect(again.map(({ id }) => queue.ack(id))).toEqual([false, false]);
  expect(queue.waiting()).toEqual([]);
  expect(queue.sent).toHaveLength(2);
});
