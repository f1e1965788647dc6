import { describe, expect, test } from '@jest/globals';
import {
  recordAttempt,
  releaseLease,
  takeLease,
  takeLeaseToAdd,
} from '../../../../../lib/sync/ledger/work/work-lease.ts';
import {
  domainItem,
  HOUR,
  MINUTE,
  NOW,
  owedDeadLetter,
  SECOND,
  settledItem,
  written,
} from '../../../../support/sync/items.ts';

const leaseMs = 330 * SECOND;
const ambiguityMs = 15 * MINUTE;
const terms = { owner: 'me', now: NOW, leaseMs, ambiguityMs };
const othersLease = { owner: 'other', leaseUntil: NOW + 1 };
const deadLease = { owner: 'other', leaseUntil: NOW };

describe('taking the lease', () => {
  test('of work that is due gives it to one owner, for as long as his call may last', () => {
    const { write, result } = takeLease(domainItem(), terms);
    expect(result).toEqual({ kind: 'taken', item: write });
    expect(write).toMatchObject({ owner: 'me', leaseUntil: NOW + leaseMs });
  });

  test('brings the message of the sweep forward to its end, where it would come later or never', () => {
    for (const sendAt of [NOW + HOUR, null])
      expect(written(takeLease(domainItem({ sendAt }), terms)).sendAt).toBe(NOW + leaseMs + MINUTE);
  });

  test('leaves an earlier message where it is, so that the index is not written', () => {
    const sendAt = NOW + MINUTE;
    expect(written(takeLease(domainItem({ sendAt }), terms)).sendAt).toBe(sendAt);
  });

  test('changes nothing of what is wanted, nor when it was due', () => {
    const item = domainItem({ revision: 4, attempts: 2 });
    const { owner, leaseUntil, sendAt, ...rest } = written(takeLease(item, terms));
    expect(item).toMatchObject(rest);
    expect(rest).toMatchObject({ revision: 4, attempts: 2, dueAt: NOW });
  });

  test('of an unknown domain is refused', () => {
    expect(takeLease(undefined, terms)).toEqual({ result: { kind: 'none' } });
  });

  test('is refused while another worker holds it', () => {
    expect(takeLease(domainItem(othersLease), terms)).toEqual({ result: { kind: 'none' } });
  });

  test('is refused before the work is due', () => {
    const item = domainItem({ dueAt: NOW + 5 * SECOND + 1 });
    expect(takeLease(item, terms)).toEqual({ result: { kind: 'none' } });
  });

  test('is granted to a message that comes up to five seconds early', () => {
    const item = domainItem({ dueAt: NOW + 5 * SECOND });
    expect(takeLease(item, terms).result.kind).toBe('taken');
  });

  test('repeated after a lost answer finds the lease already taken, and is no crash', () => {
    const mine = written(takeLease(domainItem(), terms));
    expect(takeLease(mine, terms)).toEqual({ result: { kind: 'taken', item: mine } });
  });
});

describe('taking over a lease that ended unanswered', () => {
  test('counts a crash', () => {
    expect(written(takeLease(domainItem({ ...deadLease, crashes: 1 }), terms)).crashes).toBe(2);
  });

  test('keeps what the other one may have written under watch', () => {
    const attempt = { op: 'add', startedAt: NOW - 5 * MINUTE } as const;
    expect(written(takeLease(domainItem({ ...deadLease, attempt }), terms))).toMatchObject({
      attempt: null,
      ambiguousUntil: NOW + 10 * MINUTE,
    });
  });

  test('never shortens the watch that was there', () => {
    const attempt = { op: 'add', startedAt: NOW - 5 * MINUTE } as const;
    const item = domainItem({ ...deadLease, attempt, ambiguousUntil: NOW + 12 * MINUTE });
    expect(written(takeLease(item, terms)).ambiguousUntil).toBe(NOW + 12 * MINUTE);
  });

  test('watches nothing if no write had begun', () => {
    expect(written(takeLease(domainItem(deadLease), terms)).ambiguousUntil).toBeNull();
  });
});

describe('a pass of work that is settled', () => {
  test('finds nothing', () => {
    expect(takeLease(settledItem(), terms)).toEqual({ result: { kind: 'none' } });
  });

  test('clears a stray message', () => {
    const { write, result } = takeLease(settledItem({ sendAt: NOW }), terms);
    expect(write).toEqual(settledItem());
    expect(result).toEqual({ kind: 'none' });
  });

  test('learns what is still to be sent, and takes no lease for it', () => {
    const item = settledItem({ sendAt: NOW, toSend: [owedDeadLetter] });
    expect(takeLease(item, terms)).toEqual({ result: { kind: 'owed', item } });
  });
});

describe('a write on record', () => {
  const attempt = { op: 'remove', startedAt: NOW } as const;

  test('says what began when, and that listings from before it say nothing', () => {
    const { write, result } = recordAttempt(domainItem({ owner: 'me' }), 'me', attempt);
    expect(result).toBe(true);
    expect(write).toMatchObject({ attempt, wroteAt: NOW });
  });

  test('is refused to a worker that has lost the lease', () => {
    expect(recordAttempt(domainItem({ owner: 'other' }), 'me', attempt)).toEqual({ result: false });
    expect(recordAttempt(domainItem(), 'me', attempt)).toEqual({ result: false });
    expect(recordAttempt(undefined, 'me', attempt)).toEqual({ result: false });
  });
});

describe('a lease given back', () => {
  const mine = { owner: 'me', leaseUntil: NOW + MINUTE };
  const back = { crashed: true, sendAt: NOW + 9, ambiguityMs };

  test('is free at once, with a message of the sweep', () => {
    expect(written(releaseLease(domainItem(mine), 'me', back))).toMatchObject({
      owner: null,
      leaseUntil: null,
      sendAt: NOW + 9,
      dueAt: NOW,
    });
  });

  test('counts a crash only where one was', () => {
    const item = domainItem({ ...mine, crashes: 2 });
    expect(written(releaseLease(item, 'me', back)).crashes).toBe(3);
    expect(written(releaseLease(item, 'me', { ...back, crashed: false })).crashes).toBe(2);
  });

  test('leaves a write that had begun under watch', () => {
    const attempt = { op: 'update', startedAt: NOW - MINUTE } as const;
    expect(written(releaseLease(domainItem({ ...mine, attempt }), 'me', back))).toMatchObject({
      attempt: null,
      ambiguousUntil: NOW + 14 * MINUTE,
    });
  });

  test('counts one crash only: the next pass takes over nothing', () => {
    const given = written(releaseLease(domainItem(mine), 'me', back));
    expect(written(takeLease(given, terms)).crashes).toBe(1);
  });

  test('is not taken from another worker', () => {
    expect(releaseLease(domainItem(othersLease), 'me', back)).toEqual({ result: undefined });
    expect(releaseLease(undefined, 'me', back)).toEqual({ result: undefined });
  });
});

describe('taking the lease to add', () => {
  test('records the attempt with it, so that a killed worker is known to have begun', () => {
    const { write, result } = takeLeaseToAdd(domainItem(), terms);
    expect(write).toMatchObject({ owner: 'me', attempt: { op: 'add', startedAt: NOW }, wroteAt: null });
    expect(result).toMatchObject({ kind: 'taken', item: { attempt: null } });
    const later = takeLease(write, { ...terms, owner: 'next', now: NOW + leaseMs });
    expect(written(later)).toMatchObject({ crashes: 1, ambiguousUntil: NOW + ambiguityMs, attempt: null });
  });

  test.each([
    ['a removal', { wanted: 'absent' }],
    ['a domain that RunCloud has answered about', { answered: true }],
    ['a native name', { native: true }],
    ['a name that is parked', { parking: { reason: 'dns-none', at: NOW } }],
    ['a write that may still land', { ambiguousUntil: NOW + 1 }],
    ['a domain that kills its workers', { crashes: 5 }],
  ] as const)('records nothing for %s: its pass reads first, or asks nothing', (_title, part) => {
    expect(written(takeLeaseToAdd(domainItem(part), terms)).attempt).toBeNull();
  });

  test('leaves nothing open where the pass has sent nothing', () => {
    const leased = written(takeLeaseToAdd(domainItem(), terms));
    const at = { crashed: false, sendAt: NOW, ambiguityMs };
    expect(written(releaseLease(leased, 'me', { ...at, begun: false })).ambiguousUntil).toBeNull();
    expect(written(releaseLease(leased, 'me', { ...at, begun: true })).ambiguousUntil).toBe(
      NOW + ambiguityMs,
    );
  });
});
