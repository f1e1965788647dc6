import { describe, expect, test } from '@jest/globals';
import { Unavailable, UnreadableItem } from '../../../../lib/errors.ts';
import type { DomainItem } from '../../../../lib/sync/ledger/items/domain-item.ts';
import type { OwedOutcome } from '../../../../lib/sync/ledger/items/work-item.ts';
import { domainKey, type Key, type Kind, noticesKey, outcomeKey } from '../../../../lib/sync/ledger/keys.ts';
import type { DeadLetter, Queue } from '../../../../lib/sync/ledger/ports.ts';
import { freshNotices } from '../../../../lib/sync/notices/record.ts';
import { type ReportUnsent, sendOwed } from '../../../../lib/sync/outcomes/send-owed.ts';
import { type MemoryLedger, memoryLedger } from '../../../doubles/ledger.ts';
import { memoryQueue } from '../../../doubles/queue.ts';
import { failedDomain, owedDeadLetter } from '../../../support/sync/failed-domain.ts';
import { DOMAIN, delays, domainItem, HOUR, MINUTE, NETWORK, NOW } from '../../../support/sync/items.ts';

const key = domainKey(NETWORK, DOMAIN);
async function worldWith(item: DomainItem) {
  const ledger = memoryLedger();
  await ledger.write(key, item, 0);
  const stored = async () => (await ledger.read(key))?.item;
  const unsent: object[] = [];
  const reportUnsent: ReportUnsent = (deadLetter, error) =>
    void unsent.push({ ...deadLetter, error: error instanceof Error ? error.message : error });
  const queue = memoryQueue();
  const outcomeQueue = memoryQueue();
  const clock = { now: () => NOW };
  const services = { ledger, queue, outcomeQueue, successNotices: true, clock, delays, reportUnsent };
  return { ledger, queue, outcomeQueue, stored, unsent, services };
}

describe('what a failed try owes', () => {
  test('is sent with all that an operator needs, and a message that can be moved back', async () => {
    const { services, queue } = await worldWith(failedDomain());
    await sendOwed('domain', failedDomain(), services);
    expect(queue.deadLetters).toEqual([
      {
        kind: 'dead-letter',
        id: `${NETWORK}/${DOMAIN}/1/dead-letter`,
        revision: 1,
        message: { network: NETWORK, domain: DOMAIN, deadLetter: 1 },
        code: 'runcloud-refused',
        reason: 'RunCloud refused',
        firstFailureAt: NOW - MINUTE,
        lastFailureAt: NOW,
      },
    ]);
  });

  test('is noted as sent, and then nothing needs a message any more', async () => {
    const { stored, services } = await worldWith(failedDomain());
    await sendOwed('domain', failedDomain(), services);
    expect(await stored()).toMatchObject({ toSend: [], sendAt: null, state: 'failed' });
  });

  test('stays owed when the queue is out of reach, and is reported', async () => {
    const { queue, stored, unsent, services } = await worldWith(failedDomain());
    const away = { ...queue, sendDeadLetter: () => Promise.reject(new Error('away')) };
    await sendOwed('domain', failedDomain(), { ...services, queue: away });
    expect(await stored()).toEqual(failedDomain());
    expect(unsent).toEqual([{ network: NETWORK, domain: DOMAIN, id: owedDeadLetter().id, error: 'away' }]);
  });

  test('is sent although another dead letter of the same domain cannot be', async () => {
    const item = failedDomain({ toSend: [owedDeadLetter({ id: 'bad' }), owedDeadLetter({ id: 'good' })] });
    const { queue, stored, unsent, services } = await worldWith(item);
    const picky: Pick<Queue, 'sendDeadLetter'> = {
      sendDeadLetter: async (deadLetter) => {
        if (deadLetter.id === 'bad') throw new TypeError('cannot be sent');
        await queue.sendDeadLetter(deadLetter);
      },
    };
    await sendOwed('domain', item, { ...services, queue: picky });
    expect(queue.deadLetters.map(({ id }) => id)).toEqual(['good']);
    expect(unsent).toEqual([{ network: NETWORK, domain: DOMAIN, id: 'bad', error: 'cannot be sent' }]);
    expect(await stored()).toMatchObject({ toSend: [{ id: 'bad' }], sendAt: NOW });
  });

  test('is sent again, under the same id, when the note was lost', async () => {
    const { ledger, services, queue } = await worldWith(failedDomain());
    await sendOwed('domain', failedDomain(), { ...services, ledger: { ...ledger, write: async () => true } });
    await sendOwed('domain', failedDomain(), services);
    expect(new Set(queue.deadLetters.map(({ id }) => id)).size).toBe(1);
    expect(queue.deadLetters).toHaveLength(2);
  });

  test('of a later try is not taken for sent', async () => {
    const second = owedDeadLetter({ id: 'second', revision: 2 });
    const { stored, services } = await worldWith(
      failedDomain({ revision: 2, toSend: [owedDeadLetter(), second] }),
    );
    await sendOwed('domain', failedDomain(), services);
    expect(await stored()).toMatchObject({ toSend: [second], sendAt: NOW });
  });

  test('once sent leaves the schedule of a newer update alone', async () => {
    const open = domainItem({ revision: 2, dueAt: NOW, sendAt: NOW + MINUTE, toSend: [owedDeadLetter()] });
    const { stored, services } = await worldWith(open);
    await sendOwed('domain', failedDomain(), services);
    expect(await stored()).toMatchObject({ toSend: [], dueAt: NOW, sendAt: NOW + MINUTE });
  });

  test('of a domain that is forgotten now does not bring it back', async () => {
    const { services, queue } = await worldWith(failedDomain());
    const ledger = memoryLedger();
    await sendOwed('domain', failedDomain(), { ...services, ledger });
    expect(queue.deadLetters.map(({ id }: DeadLetter) => id)).toEqual([owedDeadLetter().id]);
    expect(await ledger.read(key)).toBeUndefined();
  });
});

describe('an outcome', () => {
  const outcome: OwedOutcome = {
    kind: 'outcome',
    id: 'msg_pass-1',
    about: 'hosting',
    type: 'domain.failed',
    state: 'failed',
    reason: 'runcloud-refused',
    message: 'RunCloud refused',
    fix: null,
    inReplyTo: 'msg_1',
    at: NOW,
    toMultisite: true,
  };
  const item = failedDomain({ toSend: [outcome] });

  test('is told to people, and opened for the multisite with a message', async () => {
    const { services, ledger, outcomeQueue, stored } = await worldWith(item);
    await sendOwed('domain', item, services);
    expect(ledger.all('notices')).toMatchObject([
      { waiting: [{ code: 'domain-failed', domain: DOMAIN, message: 'RunCloud refused' }] },
    ]);
    expect(ledger.all('outcome')).toMatchObject([
      {
        id: 'msg_pass-1',
        state: 'open',
        dueAt: NOW,
        content: { type: 'domain.failed', domain: DOMAIN, inReplyTo: 'msg_1' },
      },
    ]);
    expect(outcomeQueue.sent).toEqual([
      { message: { network: NETWORK, outcome: 'msg_pass-1' }, delaySeconds: 0 },
    ]);
    expect(await stored()).toMatchObject({ toSend: [], sendAt: null });
  });

  test('of which only people are told is not opened', async () => {
    const forPeople = { ...item, toSend: [{ ...outcome, toMultisite: false }] };
    const { services, ledger, outcomeQueue, stored } = await worldWith(forPeople);
    await sendOwed('domain', forPeople, services);
    expect(ledger.all('notices')).toMatchObject([{ waiting: [{ code: 'domain-failed' }] }]);
    expect([ledger.all('outcome'), outcomeQueue.sent]).toEqual([[], []]);
    expect(await stored()).toMatchObject({ toSend: [], sendAt: null });
  });

  test.each([
    ['domain.settled', 0],
    ['domain.failed', 1],
  ] as const)('%s makes %d notices where no address gets mail of successes', async (type, notices) => {
    const quiet = { ...item, toSend: [{ ...outcome, type, state: 'present', reason: null }] };
    const { services, ledger } = await worldWith(quiet);
    await sendOwed('domain', quiet, { ...services, successNotices: false });
    expect(ledger.all('notices')).toHaveLength(notices);
    expect(ledger.all('outcome')).toHaveLength(1);
  });

  test('that is told twice is opened once', async () => {
    const { services, ledger } = await worldWith(item);
    await sendOwed('domain', item, services);
    const key = outcomeKey(NETWORK, 'msg_pass-1');
    const [opened] = ledger.all('outcome');
    if (opened !== undefined) ledger.put(key, { ...opened, state: 'done', dueAt: null });
    await sendOwed('domain', item, services);
    expect(ledger.all('outcome')).toMatchObject([{ state: 'done', dueAt: null }]);
  });

  test('whose message cannot be sent is left to the sweep', async () => {
    const { services, ledger, stored } = await worldWith(item);
    const away = { send: () => Promise.reject(new Unavailable('queue')) };
    await sendOwed('domain', item, { ...services, outcomeQueue: away });
    expect(await stored()).toMatchObject({ toSend: [] });
    expect(await ledger.due('outcome', NOW + HOUR, 9)).toHaveLength(1);
  });

  test('stays owed while the ledger is out of reach', async () => {
    const { services, ledger, stored } = await worldWith(item);
    const away = { ...ledger, write: () => Promise.reject(new Unavailable('ledger')) };
    await expect(sendOwed('domain', item, { ...services, ledger: away })).rejects.toThrow(Unavailable);
    expect(await stored()).toEqual(item);
  });

  /** The ledger while DynamoDB throttles one item. */
  function without(ledger: MemoryLedger, { item: hot }: Pick<Key<Kind>, 'item'>): MemoryLedger {
    return {
      ...ledger,
      read: (asked) => (asked.item === hot ? Promise.reject(new Unavailable('ledger')) : ledger.read(asked)),
    };
  }

  test('is told to the multisite while the notices are throttled, and to people once they are not', async () => {
    const { services, ledger, stored } = await worldWith(item);
    const hot = without(ledger, noticesKey(NETWORK));
    await expect(sendOwed('domain', item, { ...services, ledger: hot })).rejects.toThrow(Unavailable);
    expect(ledger.all('outcome')).toHaveLength(1);
    const left = await stored();
    expect(left).toMatchObject({ toSend: [{ id: 'msg_pass-1', toMultisite: false }], sendAt: NOW });
    if (left !== undefined) await sendOwed('domain', left, services);
    expect(ledger.all('notices')).toMatchObject([{ waiting: [{ code: 'domain-failed' }] }]);
    expect(await stored()).toMatchObject({ toSend: [], sendAt: null });
  });

  test('is told to the multisite while the notices cannot be read, and to people once they can', async () => {
    const { services, ledger, stored } = await worldWith(item);
    ledger.put(noticesKey(NETWORK), freshNotices(NETWORK));
    await ledger.spoil(noticesKey(NETWORK));
    await expect(sendOwed('domain', item, services)).rejects.toThrow(UnreadableItem);
    expect(ledger.all('outcome')).toHaveLength(1);
    ledger.restore(noticesKey(NETWORK));
    const left = await stored();
    if (left !== undefined) await sendOwed('domain', left, services);
    expect(ledger.all('notices')).toMatchObject([{ waiting: [{ code: 'domain-failed' }] }]);
  });

  test('that cannot be told keeps no other of its domain from being told', async () => {
    const two = failedDomain({ toSend: [owedDeadLetter(), outcome, { ...outcome, id: 'msg_pass-2' }] });
    const { services, ledger, queue, stored } = await worldWith(two);
    const hot = without(ledger, outcomeKey(NETWORK, 'msg_pass-1'));
    await expect(sendOwed('domain', two, { ...services, ledger: hot })).rejects.toThrow(Unavailable);
    expect(ledger.all('outcome').map(({ id }) => id)).toEqual(['msg_pass-2']);
    expect(queue.deadLetters).toHaveLength(1);
    expect(await stored()).toMatchObject({ toSend: [{ id: 'msg_pass-1', toMultisite: true }], sendAt: NOW });
  });
});
