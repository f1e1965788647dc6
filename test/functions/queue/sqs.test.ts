import { describe, expect, test } from '@jest/globals';
import { deadlineOf, eachMessage } from '../../../functions/queue/sqs.ts';
import type { WorkMessage } from '../../../lib/sync/ledger/ports.ts';
import { sqsEvent } from '../../support/aws/sqs-event.ts';

function work() {
  const messages: WorkMessage[] = [];
  const failures: { error: unknown; messageId: string }[] = [];
  return {
    messages,
    failures,
    take: async (message: WorkMessage) => {
      messages.push(message);
      if (message.domain === 'bug.example') throw new TypeError('a bug');
    },
    failed: (error: unknown, messageId: string) => void failures.push({ error, messageId }),
  };
}

describe('each message', () => {
  test('is read as the message it is', async () => {
    const { take, failed, messages } = work();
    const bodies = [{ network: 'demo' }, { network: 'demo', domain: 'a.example', deadLetter: 3 }];
    expect(await eachMessage(sqsEvent(...bodies.map((body) => JSON.stringify(body))), take, failed)).toEqual({
      batchItemFailures: [],
    });
    expect(messages).toEqual(bodies);
  });

  test.each([
    ['no JSON', '{'],
    ['no message', '{"domain":"a.example"}'],
    ['a network that cannot be', '{"network":"A network"}'],
    ['a dead letter that is no revision', '{"network":"demo","deadLetter":-1}'],
    ['nothing', ''],
  ])('that is %s fails alone', async (_, body) => {
    const { take, failed, messages } = work();
    const event = sqsEvent(body, '{"network":"demo"}');
    expect(await eachMessage(event, take, failed)).toEqual({
      batchItemFailures: [{ itemIdentifier: 'message-0' }],
    });
    expect(messages).toEqual([{ network: 'demo' }]);
  });

  test('that is no message is logged without its content', async () => {
    const { take, failed, failures } = work();
    await eachMessage(sqsEvent('{"secret":"whsec_1"'), take, failed);
    expect(failures).toEqual([
      { error: expect.objectContaining({ name: 'InvalidMessage' }), messageId: 'message-0' },
    ]);
    expect(String(failures[0]?.error)).toBe('InvalidMessage: Message message-0 is not a message');
  });

  test('whose work throws is delivered again, and the others are not', async () => {
    const { take, failed, failures } = work();
    const event = sqsEvent('{"network":"demo","domain":"bug.example"}', '{"network":"demo"}');
    expect(await eachMessage(event, take, failed)).toEqual({
      batchItemFailures: [{ itemIdentifier: 'message-0' }],
    });
    expect(failures).toEqual([{ error: new TypeError('a bug'), messageId: 'message-0' }]);
  });
});

test('the deadline is when Lambda stops the call', () => {
  expect(deadlineOf({ getRemainingTimeInMillis: () => 300_000 }, 1_000)).toBe(301_000);
});
