import { describe, expect, test } from '@jest/globals';
import { type ErrorCode, type FailureKind, RelayError } from '../../../../../lib/errors.ts';
import { ProtectedDomain, RepeatedCrash } from '../../../../../lib/sync/ledger/errors.ts';
import type { DomainItem } from '../../../../../lib/sync/ledger/items/domain-item.ts';
import { toInstant } from '../../../../../lib/sync/ledger/time.ts';
import { ALL_READERS } from '../../../../../lib/sync/ledger/work/owed-outcome.ts';
import {
  NO_OBSERVATIONS,
  type Observations,
} from '../../../../../lib/sync/reconcile/converge/observations.ts';
import type { DomainPassEnd, ReconcileResult } from '../../../../../lib/sync/reconcile/outcome/next-state.ts';
import { settle } from '../../../../../lib/sync/reconcile/outcome/settle.ts';
import {
  APP,
  DAY,
  DOMAIN,
  delays,
  domainItem,
  HOUR,
  MINUTE,
  NETWORK,
  NOW,
  OTHER_APP,
  row,
  SECOND,
  settledItem,
  written,
} from '../../../../support/sync/items.ts';

class Failure extends RelayError {
  override readonly name = 'Failure';
  override readonly code: ErrorCode = 'runcloud-timeout';
  override readonly failure: FailureKind = 'passing';
}

class Refusal extends RelayError {
  override readonly name = 'Refusal';
  override readonly code: ErrorCode = 'runcloud-refused';
  override readonly failure: FailureKind = 'refused';
}

function observations(part: Partial<Observations> = {}): Observations {
  return { ...NO_OBSERVATIONS, ...part };
}

function input(result: ReconcileResult, part: Partial<DomainPassEnd> = {}): DomainPassEnd {
  return {
    owner: 'me',
    revision: 1,
    beganAt: NOW - 10 * SECOND,
    result,
    observations: observations(),
    unanswered: false,
    place: null,
    writes: { last: null },
    app: APP,
    readers: ALL_READERS,
    now: NOW,
    delays,
    random: () => 0,
    ...part,
  };
}

const present: ReconcileResult = { kind: 'settled', target: { state: 'present', reason: null, row: row() } };
const absent: ReconcileResult = { kind: 'settled', target: { state: 'absent' } };
const timeout: ReconcileResult = { kind: 'failed', error: new Failure('RunCloud did not answer in time') };
const refusal: ReconcileResult = {
  kind: 'failed',
  error: new Refusal('RunCloud refused: the name is taken'),
};
const never: ReconcileResult = { kind: 'failed', error: new ProtectedDomain('The name is protected') };

function leased(part: Partial<DomainItem> = {}): DomainItem {
  return domainItem({ owner: 'me', leaseUntil: NOW + MINUTE, sendAt: NOW + 2 * MINUTE, ...part });
}

function ended(item: DomainItem, result: ReconcileResult, part: Partial<DomainPassEnd> = {}): DomainItem {
  return written(settle(item, input(result, part)));
}

describe('a worker that lost the lease', () => {
  test('writes nothing more', () => {
    expect(settle(leased({ owner: 'other' }), input(present))).toEqual({ result: { kind: 'lost' } });
    expect(settle(leased({ owner: null }), input(present))).toEqual({ result: { kind: 'lost' } });
    expect(settle(undefined, input(present))).toEqual({ result: { kind: 'lost' } });
  });
});

describe('every end of a pass', () => {
  const ends: [string, ReconcileResult][] = [
    ['settled', present],
    ['failed', timeout],
    ['failed for good', never],
    ['paused', { kind: 'paused', until: NOW + 5, code: 'runcloud-unauthorized', message: 'No' }],
    ['held', { kind: 'held', until: NOW + 5, reason: null }],
  ];

  test.each(ends)('%s: gives the lease back and closes the attempt', (_, result) => {
    const attempt = { op: 'add', startedAt: NOW - 1 } as const;
    const item = ended(leased({ attempt }), result);
    expect(item).toMatchObject({ owner: null, leaseUntil: null, attempt: null });
  });

  test.each(ends)('%s: stores the id with the application it was read from', (_, result) => {
    const item = ended(leased(), result, {
      observations: observations({ row: row({ id: 9, www: true }) }),
      app: OTHER_APP,
    });
    expect(item).toMatchObject({ runcloudId: { id: 9, ...OTHER_APP }, wwwServed: true });
  });

  test.each(ends)('%s: takes no www. for served by a row that sends its visitors elsewhere', (_, result) => {
    const seen = observations({ row: row({ type: 'redirect', www: true }) });
    expect(ended(leased({ wwwServed: true }), result, { observations: seen })).toMatchObject({
      wwwServed: false,
    });
  });

  test.each(ends)('%s: forgets the id of a row that was seen to be missing', (_, result) => {
    const known = { runcloudId: { id: 5, ...APP }, wwwServed: true };
    expect(ended(leased(known), result, { observations: observations({ row: null }) })).toMatchObject({
      runcloudId: null,
      wwwServed: null,
    });
  });

  test.each(ends)('%s: keeps the id when nothing was seen', (_, result) => {
    const known = { runcloudId: { id: 5, ...APP }, wwwServed: true };
    expect(ended(leased(known), result)).toMatchObject(known);
  });

  test.each(ends)('%s: an answer about the domain ends the row of crashes', (_, result) => {
    expect(
      ended(leased({ crashes: 3 }), result, { observations: observations({ answered: true }) }),
    ).toMatchObject({
      crashes: 0,
      answered: true,
    });
  });

  test.each(ends)('%s: a write without an answer stays under watch', (_, result) => {
    const attempt = { op: 'add', startedAt: NOW - MINUTE } as const;
    expect(ended(leased({ attempt }), result, { unanswered: true }).ambiguousUntil).toBe(NOW + 14 * MINUTE);
  });

  test.each(ends)('%s: open work has a message, ended work has none but for what it owes', (_, result) => {
    const item = ended(leased(), result);
    expect(item.sendAt !== null).toBe(item.dueAt !== null || item.toSend.length > 0);
  });
});

describe('work made due since the pass began', () => {
  const moved = (part: Partial<DomainItem> = {}) =>
    leased({ revision: 2, state: 'removing', wanted: 'absent', ...part });

  test('is checked again', () => {
    expect(settle(moved(), input(present)).result).toEqual({ kind: 'again' });
  });

  test('is checked again once it is due, if that is later', () => {
    const dueAt = NOW + 15 * MINUTE;
    expect(settle(moved({ dueAt }), input(present)).write).toMatchObject({ dueAt, sendAt: dueAt });
  });

  test('keeps its state, its counts and its schedule', () => {
    const item = moved({ attempts: 3, dueAt: NOW - 1, lastError: null, answered: false });
    expect(
      ended(item, present, { observations: observations({ row: row(), answered: true }) }),
    ).toMatchObject({
      state: 'removing',
      attempts: 3,
      dueAt: NOW - 1,
      answered: false,
      history: [],
    });
  });

  test('stores what the pass saw, and what may still land', () => {
    const attempt = { op: 'add', startedAt: NOW } as const;
    const item = ended(moved({ attempt }), timeout, {
      observations: observations({ row: row() }),
      unanswered: true,
    });
    expect(item).toMatchObject({ runcloudId: { id: 5, ...APP }, ambiguousUntil: NOW + 15 * MINUTE });
  });

  test('gets a message from the next sweep, should this worker have no time left', () => {
    expect(ended(moved(), present)).toMatchObject({ owner: null, sendAt: NOW });
  });
});

describe('settled', () => {
  test('ends the schedule and resets all counts', () => {
    const tired = leased({ attempts: 4, waitedMs: 5, refusedMs: 6, firstFailureAt: 7 });
    expect(ended(tired, present)).toMatchObject({
      dueAt: null,
      sendAt: NOW,
      attempts: 0,
      waitedMs: 0,
      refusedMs: 0,
      firstFailureAt: null,
    });
  });

  test('says since when and why, and clears the error of before', () => {
    const lastError = { code: 'runcloud-timeout', message: '', at: '2026-11-21T05:00:00.000Z' } as const;
    const target = { state: 'present', reason: 'covered-by-wildcard', row: null } as const;
    const item = ended(leased({ lastError }), { kind: 'settled', target });
    expect(item).toMatchObject({
      state: 'present',
      reason: 'covered-by-wildcard',
      since: '2026-11-21T05:00:30.250Z',
      lastError: null,
    });
    expect(item.history.at(-1)).toMatchObject({ what: 'present', detail: 'covered-by-wildcard' });
  });

  test('present as before keeps its since', () => {
    const item = leased({ state: 'present' });
    expect(ended(item, present).since).toBe(item.since);
  });

  test('present has been asked for no longer', () => {
    expect(written(settle(leased({ askedAt: NOW - MINUTE }), input(present))).askedAt).toBeNull();
    expect(written(settle(leased({ askedAt: NOW - MINUTE }), input(timeout))).askedAt).toBe(NOW - MINUTE);
  });

  test('absent is remembered for longer than an update may be old, then forgotten', () => {
    const { expiresAt } = ended(leased({ wanted: 'absent', state: 'removing' }), absent);
    expect(expiresAt).toBeGreaterThan((NOW + 30 * DAY) / SECOND);
    expect(expiresAt).toBeLessThan((NOW + 40 * DAY) / SECOND);
  });

  test('present is never forgotten', () => {
    expect(ended(leased(), present).expiresAt).toBeNull();
  });

  test('still sends a dead letter owed by a try before', () => {
    const toSend = [
      {
        kind: 'dead-letter',
        id: 'l',
        revision: 1,
        code: 'runcloud-refused',
        reason: '',
        firstFailureAt: 1,
        lastFailureAt: 2,
      },
    ] as const;
    const told = { kind: 'outcome' };
    expect(ended(leased({ toSend }), present)).toMatchObject({
      toSend: [...toSend, told],
      dueAt: null,
      sendAt: NOW,
    });
  });
});

describe('the outcome of a pass', () => {
  const outcomesOf = (item: DomainItem) => item.toSend.filter(({ kind }) => kind === 'outcome');
  const told = { state: 'present', reason: null, inReplyTo: 'msg_1', since: toInstant(NOW), at: NOW };

  test('answers the update, in the write that settles it', () => {
    const item = ended(leased(), present);
    expect(outcomesOf(item)).toEqual([
      {
        kind: 'outcome',
        toMultisite: true,
        id: expect.stringMatching(/^msg_[!-~]+$/),
        about: 'hosting',
        type: 'domain.settled',
        state: 'present',
        reason: null,
        message: null,
        fix: null,
        inReplyTo: 'msg_1',
        at: NOW,
      },
    ]);
    expect(item.told).toEqual(told);
  });

  test('answers an update that changes nothing', () => {
    const item = leased({ state: 'present', told: { ...told, inReplyTo: 'msg_0' } });
    expect(outcomesOf(ended(item, present))).toMatchObject([{ inReplyTo: 'msg_1' }]);
  });

  test('is told once: a settled domain that is checked again owes none', () => {
    expect(outcomesOf(ended(leased({ state: 'present', since: told.since, told }), present))).toEqual([]);
  });

  test('of a state that a pass has seen before it could settle it is told when it settles', () => {
    const item = leased({ state: 'present', told: { ...told, state: 'failed' } });
    expect(outcomesOf(ended(item, present))).toHaveLength(1);
  });

  test('of a state that was left and is entered again is told again: a copy of the last one may have said the state between', () => {
    const since = toInstant(NOW + MINUTE);
    const item = leased({ state: 'present', since, told });
    expect(outcomesOf(ended(item, present))).toHaveLength(1);
    const older = leased({ state: 'present', since, told: { ...told, since: null } });
    expect(outcomesOf(ended(older, present))).toEqual([]);
  });

  test('did not happen before what was told before: the clock of that worker was fast', () => {
    const fast = { ...told, state: 'failed', at: NOW + 3_000 };
    const item = ended(leased({ state: 'present', told: fast }), present);
    expect(outcomesOf(item)).toMatchObject([{ at: NOW + 3_000 }]);
    expect(item.told?.at).toBe(NOW + 3_000);
  });

  test('of a failure after a failure is told each time', () => {
    const item = leased({ wanted: 'absent', told: { ...told, state: 'failed', reason: 'protected-domain' } });
    expect(outcomesOf(ended(item, never))).toMatchObject([{ type: 'domain.failed' }]);
  });

  test('waits as long as the work is open', () => {
    expect(outcomesOf(ended(leased(), timeout))).toEqual([]);
    expect(outcomesOf(ended(leased({ ambiguousUntil: NOW + MINUTE }), present))).toEqual([]);
  });
});

describe('settled while a write may still land', () => {
  const ambiguousUntil = NOW + 5 * MINUTE;

  test('shows what was seen, and has another pass when nothing can land any longer', () => {
    expect(ended(leased({ ambiguousUntil }), present)).toMatchObject({
      state: 'present',
      dueAt: ambiguousUntil,
      sendAt: ambiguousUntil,
      ambiguousUntil,
    });
  });

  test('is not forgotten yet', () => {
    const item = leased({ wanted: 'absent', ambiguousUntil });
    expect(ended(item, absent)).toMatchObject({ state: 'absent', expiresAt: null });
  });

  test('has another pass also when that time ended during this one', () => {
    const over = NOW - 5 * SECOND;
    expect(ended(leased({ ambiguousUntil: over }), present)).toMatchObject({ dueAt: over });
  });

  test('ends once a pass has begun after it', () => {
    const over = NOW - 10 * SECOND;
    expect(ended(leased({ ambiguousUntil: over }), present)).toMatchObject({
      dueAt: null,
      ambiguousUntil: null,
    });
  });
});

describe('failed, but it may pass', () => {
  test('waits, has the wait counted as it passes and says why', () => {
    const item = ended(leased(), timeout);
    expect(item).toMatchObject({
      state: 'pending',
      dueAt: NOW + 30 * SECOND,
      sendAt: NOW + 30 * SECOND,
      attempts: 1,
      waitedMs: 0,
      backoff: { since: NOW, until: NOW + 30 * SECOND, counter: 'waitedMs' },
      firstFailureAt: NOW,
      lastError: {
        code: 'runcloud-timeout',
        message: 'RunCloud did not answer in time',
        at: '2026-11-21T05:00:30.250Z',
      },
    });
    expect(item.history.at(-1)).toMatchObject({ what: 'waiting', detail: 'runcloud-timeout' });
  });

  test('keeps the time of the first failure', () => {
    expect(ended(leased({ firstFailureAt: 5 }), timeout).firstFailureAt).toBe(5);
  });

  test('owes no dead letter', () => {
    expect(ended(leased(), timeout).toSend).toEqual([]);
  });

  test('what was seen present stays present, unless the pass saw that it is gone', () => {
    const item = leased({ state: 'present' });
    expect(ended(item, timeout).state).toBe('present');
    expect(ended(item, timeout, { observations: observations({ row: null }) }).state).toBe('pending');
  });

  test('what was seen absent stays absent, unless the pass saw that it is there', () => {
    const item = leased({ wanted: 'absent', state: 'absent' });
    expect(ended(item, timeout).state).toBe('absent');
    expect(ended(item, timeout, { observations: observations({ row: row() }) }).state).toBe('removing');
  });

  test('a refusal is counted by itself', () => {
    expect(ended(leased(), refusal)).toMatchObject({ refusedMs: 0, backoff: { counter: 'refusedMs' } });
  });
});

describe('given up', () => {
  const tired = (part: Partial<DomainItem> = {}) =>
    leased({ waitedMs: 15 * HOUR, firstFailureAt: NOW - 16 * HOUR, revision: 1, ...part });

  test('ends the schedule and leaves one dead letter that says everything, in the same write', () => {
    expect(ended(tired(), timeout)).toMatchObject({
      state: 'failed',
      reason: 'runcloud-timeout',
      dueAt: null,
      sendAt: NOW,
      toSend: [
        {
          kind: 'dead-letter',
          id: `${NETWORK}/${DOMAIN}/1/dead-letter`,
          revision: 1,
          code: 'runcloud-timeout',
          reason: 'RunCloud did not answer in time',
          firstFailureAt: NOW - 16 * HOUR,
          lastFailureAt: NOW,
        },
        { kind: 'outcome', type: 'domain.failed' },
      ],
    });
  });

  test('names the dead letter by the revision: two tries never share one', () => {
    const [first] = ended(tired(), timeout).toSend;
    const [second] = ended(tired({ revision: 2 }), timeout, { revision: 2 }).toSend;
    expect(first?.id).not.toBe(second?.id);
  });

  test('after an hour of refusals too', () => {
    expect(ended(leased({ refusedMs: HOUR }), refusal).state).toBe('failed');
  });

  test('at once where no later pass could succeed', () => {
    expect(ended(leased({ wanted: 'absent' }), never)).toMatchObject({
      state: 'failed',
      reason: 'protected-domain',
      firstFailureAt: null,
      toSend: [{ firstFailureAt: NOW, lastFailureAt: NOW }, { kind: 'outcome' }],
    });
  });

  test('after five crashes at once', () => {
    const crash: ReconcileResult = { kind: 'failed', error: new RepeatedCrash() };
    expect(ended(leased({ crashes: 5 }), crash)).toMatchObject({ state: 'failed', reason: 'internal-error' });
  });

  test('adds its dead letter to one still owed', () => {
    const [owed] = ended(tired(), timeout).toSend;
    if (owed === undefined) throw new Error('no dead letter');
    const item = ended(tired({ revision: 2, toSend: [owed] }), timeout, { revision: 2 });
    expect(item.toSend.filter(({ kind }) => kind === 'dead-letter')).toHaveLength(2);
  });

  test('is never forgotten', () => {
    expect(ended(tired({ wanted: 'absent' }), timeout).expiresAt).toBeNull();
  });

  test('not while a write may still land, for no later pass would see it', () => {
    const ambiguousUntil = NOW + 4 * MINUTE;
    expect(ended(tired({ ambiguousUntil }), timeout)).toMatchObject({
      state: 'pending',
      dueAt: ambiguousUntil,
      sendAt: ambiguousUntil,
      toSend: [],
      lastError: { code: 'runcloud-timeout' },
    });
  });

  test('comes as soon as a pass has begun after that', () => {
    const ambiguousUntil = NOW - 10 * SECOND;
    expect(ended(tired({ ambiguousUntil }), timeout).state).toBe('failed');
  });
});

describe('paused with its network', () => {
  const until = NOW + 12 * MINUTE;
  const paused: ReconcileResult = {
    kind: 'paused',
    until,
    code: 'runcloud-unauthorized',
    message: 'The token is wrong',
  };

  test('waits for the probe and says why', () => {
    expect(ended(leased(), paused)).toMatchObject({
      state: 'paused',
      reason: 'runcloud-unauthorized',
      dueAt: until,
      sendAt: until,
      lastError: { code: 'runcloud-unauthorized', message: 'The token is wrong' },
    });
  });

  test('counts nothing, however often', () => {
    const item = ended(leased({ attempts: 3, waitedMs: 9 }), paused);
    expect(item).toMatchObject({ attempts: 3, waitedMs: 9, firstFailureAt: null, toSend: [] });
  });
});

describe('held', () => {
  const until = NOW + 40 * MINUTE;

  test('by the removal limit waits for its turn, visibly', () => {
    const item = ended(leased({ wanted: 'absent', state: 'removing' }), {
      kind: 'held',
      until,
      reason: 'removals-limited',
    });
    expect(item).toMatchObject({
      state: 'removing',
      reason: 'removals-limited',
      dueAt: until,
      sendAt: until,
    });
    expect(item.history.at(-1)).toMatchObject({ what: 'held', detail: 'removals-limited' });
  });

  test('by pacing waits without an entry in the history, which has room for little', () => {
    const item = ended(leased(), { kind: 'held', until, reason: null });
    expect(item).toMatchObject({ state: 'pending', reason: null, dueAt: until, history: [] });
  });

  test('counts nothing', () => {
    const item = ended(leased({ attempts: 3, waitedMs: 9, refusedMs: 8 }), {
      kind: 'held',
      until,
      reason: null,
    });
    expect(item).toMatchObject({ attempts: 3, waitedMs: 9, refusedMs: 8, lastError: null });
  });

  test('ends the hold’s reason once it is settled', () => {
    const held = leased({ wanted: 'absent', state: 'removing', reason: 'removals-limited' });
    expect(ended(held, absent).reason).toBeNull();
  });
});

test('a settled domain without a lease is left alone', () => {
  expect(settle(settledItem(), input(absent))).toEqual({ result: { kind: 'lost' } });
});
