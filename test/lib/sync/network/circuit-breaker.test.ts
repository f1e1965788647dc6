import { describe, expect, test } from '@jest/globals';
import { type ErrorCode, type FailureKind, RelayError } from '../../../../lib/errors.ts';
import {
  RuncloudBlocked,
  RuncloudForbidden,
  RuncloudNotFound,
  RuncloudRateLimited,
  RuncloudRefused,
  RuncloudTimeout,
  RuncloudUnauthorized,
  RuncloudUnavailable,
} from '../../../../lib/runcloud/errors.ts';
import { AppClaimed, PausedByOwner, SecretMissing } from '../../../../lib/sync/ledger/errors.ts';
import type { NetworkItem } from '../../../../lib/sync/ledger/items/network-item.ts';
import { tryProbe } from '../../../../lib/sync/network/circuit-breaker.ts';
import { noCalls } from '../../../../lib/sync/network/limits/rate-limit.ts';
import {
  type CallOutcome,
  type PassRecord,
  recordOutcome,
} from '../../../../lib/sync/network/pass-record.ts';
import { requeueDue } from '../../../../lib/sync/network/requeue-due.ts';
import {
  APP,
  DOMAIN,
  delays,
  MINUTE,
  NETWORK,
  NOW,
  networkItem,
  OTHER_APP,
} from '../../../support/sync/items.ts';

const facts = { method: 'GET', path: '/domains' };
const { probeMs } = delays;

function record(callOutcome: CallOutcome, part: Partial<PassRecord> = {}): PassRecord {
  return {
    network: NETWORK,
    domain: DOMAIN,
    app: APP,
    callOutcome,
    calls: { made: 1, answered: 0 },
    announcedAgain: false,
    added: false,
    duplicated: false,
    now: NOW,
    probeMs,
    ...part,
  };
}
function met(error: RelayError): CallOutcome {
  return { kind: 'failure', error };
}
const answered: CallOutcome = { kind: 'answered' };
const none: CallOutcome = { kind: 'none' };

function left(item: NetworkItem | undefined, ...steps: PassRecord[]): NetworkItem {
  return steps.reduce<NetworkItem>(
    (stored, step) => recordOutcome(step)(stored).write ?? stored,
    item ?? networkItem(),
  );
}

function limited(at: number) {
  return record(met(new RuncloudRateLimited('Fewer calls', { ...facts, status: 429 })), { now: at });
}
const forbidden = met(new RuncloudForbidden('Not allowed', { ...facts, status: 403 }));
const page = met(new RuncloudBlocked('A page came', facts));
const unavailable = met(new RuncloudUnavailable('Failed', { ...facts, status: 503 }));
const timeout = met(new RuncloudTimeout('No answer', facts));
function resting(part: Partial<NetworkItem> = {}) {
  return networkItem({
    pause: { code: 'runcloud-unauthorized', message: 'No', since: '2026-11-21T04:00:00.000Z', probeAt: NOW },
    ...part,
  });
}

describe('a network is paused', () => {
  const atOnce: [string, RelayError][] = [
    ['401', new RuncloudUnauthorized('Not accepted', { ...facts, status: 401 })],
    ['404 of the server or application', new RuncloudNotFound('Unknown', { ...facts, status: 404 })],
    ['no secret', new SecretMissing('No secret')],
    ['PAUSED', new PausedByOwner('Paused')],
    ['an application of another network', new AppClaimed('Claimed')],
  ];

  test.each(atOnce)('at once: %s', (_, error) => {
    const { write, result } = recordOutcome(record(met(error)))(undefined);
    expect(write?.pause).toEqual({
      code: error.code,
      message: error.message,
      since: '2026-11-21T05:00:30.250Z',
      probeAt: NOW + probeMs,
    });
    expect(result).toEqual({ pause: write?.pause, transition: 'paused' });
  });

  test.each([
    ['403', forbidden],
    ['a page in place of JSON', page],
  ])('only when a second domain meets it: %s', (_, callOutcome) => {
    const first = left(undefined, record(callOutcome));
    expect(first.pause).toBeNull();
    expect(left(first, record(callOutcome)).pause).toBeNull();
    expect(left(first, record(callOutcome, { domain: 'second.example' })).pause).not.toBeNull();
  });

  test('not when a success lies between the two', () => {
    const item = left(undefined, record(forbidden), record(answered));
    expect(left(item, record(forbidden, { domain: 'second.example' })).pause).toBeNull();
  });

  test('although something that says nothing lies between the two', () => {
    const item = left(undefined, record(forbidden), record(none), record(timeout));
    expect(left(item, record(forbidden, { domain: 'second.example' })).pause).not.toBeNull();
  });

  test('not for one domain’s own trouble', () => {
    const refused = met(new RuncloudRefused('No', { ...facts, status: 422 }));
    expect(left(undefined, record(refused), record(timeout), record(none)).pause).toBeNull();
  });
});

describe('a month’s quota', () => {
  test('counts as spent after 15 minutes of nothing but 429', () => {
    const first = left(undefined, limited(NOW));
    expect(left(first, limited(NOW + probeMs - 1)).pause).toBeNull();
    expect(left(first, limited(NOW + probeMs)).pause?.code).toBe('runcloud-quota-spent');
  });

  const calls = { made: 2, answered: 1 };
  test.each([
    ['an answer about a domain', record(answered)],
    ['a read that learnt nothing', record(none, { calls })],
    ['another failure that RunCloud reported', record(unavailable, { calls })],
    ['an answer before the next 429', { ...limited(NOW + 1), calls }],
  ])('does not count as spent when there was %s between', (_, between) => {
    const item = left(undefined, limited(NOW), between);
    expect(left(item, limited(NOW + probeMs)).pause).toBeNull();
  });

  test('does not count as spent when the pass with the 429 was answered before it', () => {
    const item = left(undefined, limited(NOW));
    expect(left(item, { ...limited(NOW + probeMs), calls }).pause).toBeNull();
  });

  test.each([
    ['passes that made no call', record(none, { calls: noCalls() })],
    ['calls without an answer', record(timeout)],
    ['a pass held back before its answer', record(none)],
  ])('is none the less told after %s', (_, between) => {
    const item = left(undefined, limited(NOW), between);
    expect(left(item, limited(NOW + probeMs)).pause?.code).toBe('runcloud-quota-spent');
  });

  test('stays spent for every probe that meets 429 again', () => {
    const spent = left(undefined, limited(NOW), limited(NOW + probeMs));
    const later = left(spent, limited(NOW + 2 * probeMs));
    expect(later.pause).toMatchObject({ code: 'runcloud-quota-spent', probeAt: NOW + 3 * probeMs });
  });
});

describe('a pause', () => {
  test('ends with an answer about a domain, and all its domains are requeued', () => {
    const { write, result } = recordOutcome(record(answered))(resting({ revision: 4 }));
    expect(write).toMatchObject({
      pause: null,
      requeue: { reason: 'resumed', cursor: null },
      revision: 5,
      dueAt: NOW,
      sendAt: NOW,
    });
    expect(result).toEqual({ pause: null, transition: 'resumed' });
  });

  test.each([
    ['a passing failure', timeout],
    ['a pass that learnt nothing', none],
    ['another 403', forbidden],
  ])('does not end with %s', (_, callOutcome) => {
    expect(left(resting(), record(callOutcome)).pause).not.toBeNull();
  });

  test('keeps its since, takes the latest reason, and is no second alarm', () => {
    const { write, result } = recordOutcome(record(met(new SecretMissing('No secret'))))(resting());
    expect(write?.pause).toMatchObject({ code: 'secret-invalid', since: '2026-11-21T04:00:00.000Z' });
    expect(result.transition).toBeNull();
  });

  test('that has ended forgets whom it suspected', () => {
    const item = resting({
      suspicion: { code: 'runcloud-forbidden', domain: 'x.example' },
      limitedSince: NOW,
    });
    expect(left(item, record(answered))).toMatchObject({ suspicion: null, limitedSince: null });
  });
});

describe('the probe', () => {
  const at = { now: NOW, probeMs };

  test('is won by the first pass when it is time, and the next one is an interval away', () => {
    const { write, result } = tryProbe(NETWORK, at)(resting());
    expect(result.won).toBe(true);
    expect(write?.pause?.probeAt).toBe(NOW + probeMs);
    expect(tryProbe(NETWORK, at)(write).result.won).toBe(false);
  });

  test('is lost before its time, and nothing is written', () => {
    const item = networkItem({ pause: { code: 'paused', message: '', since: '', probeAt: NOW + 1 } });
    expect(tryProbe(NETWORK, at)(item)).toEqual({ result: { won: false, pause: item.pause } });
  });

  test('is not needed when the network is not paused', () => {
    expect(tryProbe(NETWORK, at)(networkItem())).toEqual({ result: { won: true, pause: null } });
    expect(tryProbe(NETWORK, at)(undefined)).toEqual({ result: { won: true, pause: null } });
  });
});

describe('a pass records', () => {
  test('that the network is being announced again, until an addition succeeds', () => {
    const again = left(undefined, record(answered, { announcedAgain: true }));
    expect(again.readsFirst).toBe(true);
    expect(left(again, record(answered)).readsFirst).toBe(true);
    expect(left(again, record(answered, { added: true })).readsFirst).toBe(false);
  });

  test('that RunCloud refuses a name that is there already, until a listing shows one twice', () => {
    const refused = left(undefined, record(answered, { announcedAgain: true }));
    expect(refused.refusesDuplicates).toBe(true);
    expect(left(refused, record(answered, { added: true })).refusesDuplicates).toBe(true);
    expect(left(refused, record(answered, { duplicated: true })).refusesDuplicates).toBe(false);
  });

  test('no such thing where the name was taken without its www. in the end', () => {
    const added = left(undefined, record(answered, { announcedAgain: true, added: true }));
    expect(added.refusesDuplicates).toBe(false);
  });

  test('nothing if it made no call and learnt nothing', () => {
    const quiet = record(none, { calls: noCalls() });
    expect(recordOutcome(quiet)(undefined).write).toBeUndefined();
    expect(recordOutcome(quiet)(resting()).write).toBeUndefined();
  });

  test('no change of the removal limit, the claim and the requeue', () => {
    const item = networkItem({
      removals: [{ minute: 1, count: 1 }],
      claim: { serverId: '42', appId: '7', renewedAt: 1, readAt: 1 },
      requeue: { reason: 'moved', cursor: 'a.example' },
    });
    const { removals, claim, requeue } = left(item, record(answered));
    expect({ removals, claim, requeue }).toEqual({
      removals: item.removals,
      claim: item.claim,
      requeue: item.requeue,
    });
  });
});

describe('a requeue of a network', () => {
  test('starts again from the first name', () => {
    const item = networkItem({
      requeue: { reason: 'resumed', cursor: 'm.example' },
      requeueSkipped: ['hot.example'],
      revision: 2,
    });
    expect(requeueDue(item, 'resumed', NOW)).toEqual({
      requeue: { reason: 'resumed', cursor: null },
      requeueSkipped: [],
      revision: 3,
      dueAt: NOW,
      sendAt: NOW,
    });
  });

  test('for a move is not cut down to one for a resumption', () => {
    const item = networkItem({ requeue: { reason: 'moved', cursor: null } });
    expect(requeueDue(item, 'resumed', NOW).requeue?.reason).toBe('moved');
    expect(requeueDue(networkItem(), 'moved', NOW + MINUTE).requeue?.reason).toBe('moved');
  });
});

test('a failure of kind network pauses the network without a code of RunCloud', () => {
  class Odd extends RelayError {
    override readonly name = 'Odd';
    override readonly code: ErrorCode = 'secret-invalid';
    override readonly failure: FailureKind = 'network';
  }
  expect(left(undefined, record(met(new Odd('odd')))).pause?.code).toBe('secret-invalid');
});

describe('what was met at an application that the network has left', () => {
  const claim = { ...APP, renewedAt: NOW, readAt: NOW };
  const unauthorized = met(new RuncloudUnauthorized('No', { ...facts, status: 401 }));

  test('begins no pause, and reports no duplicate', () => {
    const there = record(unauthorized, { app: OTHER_APP, announcedAgain: true });
    const { write, result } = recordOutcome(there)(networkItem({ claim }));
    expect({ write, result }).toEqual({ write: undefined, result: { pause: null, transition: null } });
  });

  test('ends no pause', () => {
    const item = resting({ claim });
    expect(recordOutcome(record(answered, { app: OTHER_APP }))(item).result).toEqual({
      pause: item.pause,
      transition: null,
    });
  });

  test('differs from an outcome at the one it has, and from an outcome without an application', () => {
    for (const app of [APP, undefined]) {
      const { result } = recordOutcome(record(unauthorized, { app }))(networkItem({ claim }));
      expect(result.transition).toBe('paused');
    }
  });
});
