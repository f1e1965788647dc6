import { describe, expect, test } from '@jest/globals';
import {
  type ReportUnsent,
  redriven,
  redrivenCertificate,
  sendDeadLetters,
} from '../../../../lib/sync/ledger/dead-letters.ts';
import type { DomainItem } from '../../../../lib/sync/ledger/domain-item.ts';
import { domainKey } from '../../../../lib/sync/ledger/keys.ts';
import type { DeadLetter, Queue } from '../../../../lib/sync/ledger/ports.ts';
import type { OwedDeadLetter } from '../../../../lib/sync/ledger/work-item.ts';
import { memoryLedger } from '../../../doubles/ledger.ts';
import { memoryQueue } from '../../../doubles/queue.ts';
import {
  certificateItem,
  DOMAIN,
  domainItem,
  MINUTE,
  NETWORK,
  NOW,
  written,
} from '../../../support/items.ts';

function owed(part: Partial<OwedDeadLetter> = {}): OwedDeadLetter {
  return {
    kind: 'dead-letter',
    id: `${NETWORK}/${DOMAIN}/1/dead-letter`,
    revision: 1,
    code: 'runcloud-refused',
    reason: 'RunCloud refused',
    firstFailureAt: NOW - MINUTE,
    lastFailureAt: NOW,
    ...part,
  };
}
function failed(part: Partial<DomainItem> = {}) {
  return domainItem({
    state: 'failed',
    reason: 'runcloud-refused',
    dueAt: null,
    sendAt: NOW,
    toSend: [owed()],
    ...part,
  });
}

const key = domainKey(NETWORK, DOMAIN);
async function worldWith(item: DomainItem) {
  const ledger = memoryLedger();
  await ledger.write(key, item, 0);
  const stored = async () => (await ledger.read(key))?.item;
  const unsent: object[] = [];
  const reportUnsent: ReportUnsent = (deadLetter, error) =>
    void unsent.push({ ...deadLetter, error: error instanceof Error ? error.message : error });
  return { ledger, queue: memoryQueue(), stored, unsent, reportUnsent };
}

describe('what a failed try owes', () => {
  test('is sent with all that an operator needs, and a message that can be moved back', async () => {
    const { ledger, queue, reportUnsent } = await worldWith(failed());
    await sendDeadLetters('domain', failed(), { ledger, queue, reportUnsent });
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
    const { ledger, queue, stored, reportUnsent } = await worldWith(failed());
    await sendDeadLetters('domain', failed(), { ledger, queue, reportUnsent });
    expect(await stored()).toMatchObject({ toSend: [], sendAt: null, state: 'failed' });
  });

  test('stays owed when the queue is out of reach, and is reported', async () => {
    const { ledger, queue, stored, reportUnsent, unsent } = await worldWith(failed());
    const away = { ...queue, sendDeadLetter: () => Promise.reject(new Error('away')) };
    await sendDeadLetters('domain', failed(), { ledger, queue: away, reportUnsent });
    expect(await stored()).toEqual(failed());
    expect(unsent).toEqual([{ network: NETWORK, domain: DOMAIN, id: owed().id, error: 'away' }]);
  });

  test('is sent although another dead letter of the same domain cannot be', async () => {
    const item = failed({ toSend: [owed({ id: 'bad' }), owed({ id: 'good' })] });
    const { ledger, queue, stored, reportUnsent, unsent } = await worldWith(item);
    const picky: Pick<Queue, 'sendDeadLetter'> = {
      sendDeadLetter: async (deadLetter) => {
        if (deadLetter.id === 'bad') throw new TypeError('cannot be sent');
        await queue.sendDeadLetter(deadLetter);
      },
    };
    await sendDeadLetters('domain', item, { ledger, queue: picky, reportUnsent });
    expect(queue.deadLetters.map(({ id }) => id)).toEqual(['good']);
    expect(unsent).toEqual([{ network: NETWORK, domain: DOMAIN, id: 'bad', error: 'cannot be sent' }]);
    expect(await stored()).toMatchObject({ toSend: [{ id: 'bad' }], sendAt: NOW });
  });

  test('is sent again, under the same id, when the note was lost', async () => {
    const { ledger, queue, reportUnsent } = await worldWith(failed());
    await sendDeadLetters('domain', failed(), {
      ledger: { ...ledger, write: async () => true },
      queue,
      reportUnsent,
    });
    await sendDeadLetters('domain', failed(), { ledger, queue, reportUnsent });
    expect(new Set(queue.deadLetters.map(({ id }) => id)).size).toBe(1);
    expect(queue.deadLetters).toHaveLength(2);
  });

  test('of a later try is not taken for sent', async () => {
    const second = owed({ id: 'second', revision: 2 });
    const { ledger, queue, stored, reportUnsent } = await worldWith(
      failed({ revision: 2, toSend: [owed(), second] }),
    );
    await sendDeadLetters('domain', failed(), { ledger, queue, reportUnsent });
    expect(await stored()).toMatchObject({ toSend: [second], sendAt: NOW });
  });

  test('once sent leaves the schedule of a newer update alone', async () => {
    const open = domainItem({ revision: 2, dueAt: NOW, sendAt: NOW + MINUTE, toSend: [owed()] });
    const { ledger, queue, stored, reportUnsent } = await worldWith(open);
    await sendDeadLetters('domain', failed(), { ledger, queue, reportUnsent });
    expect(await stored()).toMatchObject({ toSend: [], dueAt: NOW, sendAt: NOW + MINUTE });
  });

  test('of a domain that is forgotten now does not bring it back', async () => {
    const ledger = memoryLedger();
    const queue = memoryQueue();
    await sendDeadLetters('domain', failed(), { ledger, queue, reportUnsent: () => {} });
    expect(queue.deadLetters.map(({ id }: DeadLetter) => id)).toEqual([owed().id]);
    expect(await ledger.read(key)).toBeUndefined();
  });
});

describe('a dead letter moved back', () => {
  const at = { now: NOW, apiMarginMs: 2 * MINUTE };

  test('reopens the failure it names, as one more try with all counts reset', () => {
    const item = failed({
      attempts: 9,
      waitedMs: 8,
      refusedMs: 7,
      crashes: 5,
      firstFailureAt: 6,
      toSend: [],
    });
    const { write, result } = redriven(item, 1, at);
    expect(result).toBe(true);
    expect(write).toMatchObject({
      state: 'pending',
      reason: null,
      attempts: 0,
      waitedMs: 0,
      refusedMs: 0,
      crashes: 0,
      firstFailureAt: null,
      revision: 2,
      dueAt: NOW,
      sendAt: NOW + 2 * MINUTE,
      history: [{ what: 'redriven' }],
    });
  });

  test('of a removal reopens the removal', () => {
    expect(written(redriven(failed({ wanted: 'absent' }), 1, at)).state).toBe('removing');
  });

  test('reopens once: its second copy does nothing', () => {
    const once = written(redriven(failed(), 1, at));
    expect(redriven(once, 1, at)).toEqual({ result: false });
  });

  test.each([
    ['another failure since', failed({ revision: 2 })],
    ['a domain that is settled', domainItem({ state: 'present', dueAt: null })],
    ['a domain whose work is open', domainItem()],
    ['an unknown domain', undefined],
  ])('does nothing to %s', (_, item) => {
    expect(redriven(item, 1, at)).toEqual({ result: false });
  });
});

describe('a certificate’s dead letter moved back', () => {
  const told = certificateItem({
    state: 'failed',
    reason: 'order-failed',
    fix: 'Mend it',
    revision: 3,
    attempts: 9,
    readySince: NOW - MINUTE,
    dueAt: NOW + MINUTE,
  });

  test('reopens the failure it names, though that is checked daily anyway', () => {
    const { write, result } = redrivenCertificate(told, 3, NOW);
    expect(result).toBe(true);
    expect(write).toMatchObject({
      state: 'pending',
      reason: null,
      fix: null,
      readySince: null,
      attempts: 0,
      revision: 4,
      dueAt: NOW,
      sendAt: NOW,
    });
    expect(write?.history.at(-1)).toMatchObject({ what: 'redriven', detail: 'dead letter redriven' });
  });

  test.each([
    ['another try', { ...told, revision: 4 }],
    ['what is valid now', { ...told, state: 'valid' as const }],
    ['nothing that is known', undefined],
  ])('of %s is an old story', (_title, item) => {
    expect(redrivenCertificate(item, 3, NOW)).toEqual({ result: false });
  });
});
