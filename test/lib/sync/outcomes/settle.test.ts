import { describe, expect, test } from '@jest/globals';
import { type DeliveryEnd, redrivenOutcome, settle } from '../../../../lib/sync/outcomes/settle.ts';
import { outcome } from '../../../contracts/ledger-items.ts';
import { DAY, delays, HOUR, MINUTE, NETWORK, NOW, SECOND, written } from '../../../support/sync/items.ts';

const failure = { code: 'callback-unavailable' as const, message: 'CALLBACK_URL answered 503' };
const leased = outcome({
  network: NETWORK,
  id: 'msg_1',
  owner: 'me',
  leaseUntil: NOW + MINUTE,
  dueAt: NOW,
  sendAt: NOW,
  backoff: null,
  crashes: 2,
});

function settled(part: Partial<typeof leased>, result: DeliveryEnd['result']) {
  return written(
    settle({ ...leased, ...part }, { owner: 'me', revision: 3, now: NOW, result, delays, random: () => 0.5 }),
  );
}

describe('a try to deliver an outcome', () => {
  test('that succeeds ends it: it is known for 32 days', () => {
    const done = settled({ firstFailureAt: NOW - HOUR }, { kind: 'done' });
    expect(done).toMatchObject({ state: 'done', dueAt: null, sendAt: null, attempts: 0, crashes: 0 });
    expect(done.expiresAt).toBe(Math.ceil((NOW + 32 * DAY) / SECOND));
  });

  test('that fails keeps when that began', () => {
    const retry = { kind: 'retry', failure, retryAfterMs: undefined } as const;
    expect(settled({ firstFailureAt: null }, retry).firstFailureAt).toBe(NOW);
    expect(settled({ firstFailureAt: NOW - HOUR }, retry).firstFailureAt).toBe(NOW - HOUR);
  });

  test('that is refused owes a dead letter of its own, due at once', () => {
    const failed = settled({ firstFailureAt: NOW - HOUR }, { kind: 'refused', failure });
    expect(failed).toMatchObject({ state: 'failed', dueAt: null, sendAt: NOW });
    expect(failed.toSend).toEqual([
      {
        kind: 'dead-letter',
        id: `${NETWORK}/outcome/msg_1/3/dead-letter`,
        revision: 3,
        code: failure.code,
        reason: failure.message,
        firstFailureAt: NOW - HOUR,
        lastFailureAt: NOW,
      },
    ]);
    const [atOnce] = settled({ firstFailureAt: null }, { kind: 'refused', failure }).toSend;
    expect(atOnce).toMatchObject({ firstFailureAt: NOW });
  });
});

describe('a dead letter that was moved back', () => {
  const failed = outcome({ state: 'failed', revision: 3, expiresAt: 5, firstFailureAt: NOW - HOUR });

  test('opens its outcome for one more try', () => {
    expect(written(redrivenOutcome(failed, 3, NOW))).toMatchObject({
      state: 'open',
      dueAt: NOW,
      sendAt: NOW,
      attempts: 0,
      waitedMs: 0,
      firstFailureAt: null,
      expiresAt: null,
    });
  });

  test.each([
    ['is forgotten', undefined],
    ['was delivered since', outcome({ state: 'done', revision: 3 })],
    ['is tried already', outcome({ state: 'open', revision: 3 })],
    ['failed again since', outcome({ state: 'failed', revision: 4 })],
  ])('changes nothing where its outcome %s', (_title, item) => {
    expect(redrivenOutcome(item, 3, NOW)).toEqual({ result: undefined });
  });
});
