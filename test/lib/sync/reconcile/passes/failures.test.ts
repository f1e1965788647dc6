import { describe, expect, test } from '@jest/globals';
import { Unavailable } from '../../../../../lib/errors.ts';
import { RuncloudRefused, RuncloudTimeout } from '../../../../../lib/runcloud/errors.ts';
import { recordUpdate } from '../../../../../lib/sync/events/record-update.ts';
import type { OwedDeadLetter } from '../../../../../lib/sync/ledger/items/work-item.ts';
import {
  BASE_MS,
  DOMAIN,
  delays,
  domainItem,
  HOUR,
  MINUTE,
  NETWORK,
  NOW,
  row,
  SECOND,
  update,
} from '../../../../support/sync/items.ts';
import { reconcileWorld } from '../../../../support/sync/reconcile-world.ts';
import { throwing } from './failing-calls.ts';

const observations = { method: 'POST', path: '/domains' };

function refusal() {
  return new RuncloudRefused('RunCloud refused', { ...observations, status: 422 });
}

function lost() {
  return new RuncloudTimeout('No answer', { ...observations, unanswered: true });
}

const owed: OwedDeadLetter = {
  kind: 'dead-letter',
  id: `${NETWORK}/${DOMAIN}/1/dead-letter`,
  revision: 1,
  code: 'runcloud-refused',
  reason: 'RunCloud refused',
  firstFailureAt: NOW,
  lastFailureAt: NOW,
};

describe('a lost answer', () => {
  test('keeps the domain under watch, and the next pass reads before it writes', async () => {
    let lose = true;
    const world = reconcileWorld({
      onDone: async ({ op }) => {
        if (op === 'add' && lose) throw lost();
      },
    });
    await world.putDomain(domainItem());
    await world.pass();
    expect(await world.domain()).toMatchObject({
      state: 'pending',
      ambiguousUntil: NOW + delays.ambiguityMs,
    });
    lose = false;
    await world.time.advance(MINUTE);
    await world.pass();
    expect(world.ops()).toEqual(['add', 'page']);
    expect(await world.domain()).toMatchObject({ state: 'present', dueAt: NOW + delays.ambiguityMs });
    await world.time.advance(delays.ambiguityMs);
    await world.pass();
    expect(world.ops()).toEqual(['add', 'page', 'page']);
    expect(await world.domain()).toMatchObject({ state: 'present', dueAt: null, ambiguousUntil: null });
  });

  test('of an addition does not revive what was removed since', async () => {
    const late: (() => void)[] = [];
    const world = reconcileWorld({
      onCall: async ({ op }) => {
        if (op !== 'add') return;
        late.push(() => world.hosting.rows.set(9, row({ id: 9 })));
        throw lost();
      },
    });
    await world.putDomain(domainItem());
    await world.pass();
    await recordUpdate(world.ledger, update({ wanted: 'absent' }), { now: NOW, baseMs: BASE_MS });
    await world.pass();
    expect(await world.domain()).toMatchObject({ state: 'absent', dueAt: NOW + delays.ambiguityMs });
    for (const land of late) land();
    await world.time.advance(delays.ambiguityMs);
    await world.pass();
    expect(world.hosting.rows.size).toBe(0);
    expect(await world.domain()).toMatchObject({ state: 'absent', dueAt: null });
  });

  test('of a write that RunCloud accepted without showing it is watched just so', async () => {
    const world = reconcileWorld({
      rows: [],
      access: {
        hosting: (guard) => ({
          ...world.hosting,
          add: async () => {
            await guard.before();
            return undefined;
          },
        }),
      },
    });
    await world.putDomain(domainItem());
    await world.pass();
    expect(await world.domain()).toMatchObject({
      state: 'pending',
      attempts: 1,
      answered: true,
      ambiguousUntil: NOW + delays.ambiguityMs,
    });
  });
});

describe('a domain that fails', () => {
  test('sends its dead letter after the ledger says so, and clears it', async () => {
    const world = reconcileWorld({ onCall: throwing(refusal, 'add') });
    await world.putDomain(domainItem({ refusedMs: HOUR }));
    await world.pass();
    expect(world.queue.deadLetters).toMatchObject([
      { id: owed.id, code: 'runcloud-refused', message: { network: NETWORK, domain: DOMAIN, deadLetter: 1 } },
    ]);
    expect(await world.domain()).toMatchObject({ state: 'failed', toSend: [], sendAt: null });
  });

  test('is not given to the queue again for a dead letter that cannot be sent', async () => {
    const world = reconcileWorld();
    const sendDeadLetter = () => Promise.reject(new TypeError('cannot be sent'));
    const item = domainItem({ state: 'failed', dueAt: null, sendAt: NOW, toSend: [owed] });
    await world.putDomain(item);
    await world.passWith({ ...world.services, queue: { ...world.queue, sendDeadLetter } });
    expect(world.unsent).toEqual([{ network: NETWORK, domain: DOMAIN, id: owed.id }]);
    expect(await world.domain()).toEqual(item);
  });

  test('keeps its dead letter for the sweep when the queue is out of reach', async () => {
    const world = reconcileWorld({ onCall: throwing(refusal, 'add') });
    const queue = { ...world.queue, sendDeadLetter: () => Promise.reject(new Unavailable('queue')) };
    await world.putDomain(domainItem({ refusedMs: HOUR }));
    await world.passWith({ ...world.services, queue });
    expect(await world.domain()).toMatchObject({
      state: 'failed',
      toSend: [{ id: owed.id }],
      sendAt: NOW + SECOND,
    });
    await world.pass();
    expect(world.queue.deadLetters).toMatchObject([{ id: owed.id }]);
    expect(await world.domain()).toMatchObject({ toSend: [], sendAt: null });
  });
});

describe('a dead letter moved back', () => {
  const failed = () =>
    domainItem({ state: 'failed', reason: 'runcloud-refused', dueAt: null, sendAt: null, attempts: 9 });

  test('is one more try', async () => {
    const world = reconcileWorld();
    await world.putDomain(failed());
    await world.pass(DOMAIN, { deadLetter: 1 });
    expect(await world.domain()).toMatchObject({ state: 'present', revision: 2, dueAt: null });
  });

  test('twice is one try only', async () => {
    const world = reconcileWorld({ onCall: throwing(refusal, 'add') });
    await world.putDomain(failed());
    await world.pass(DOMAIN, { deadLetter: 1 });
    const after = await world.domain();
    await world.pass(DOMAIN, { deadLetter: 1 });
    expect(await world.domain()).toEqual(after);
    expect(after).toMatchObject({ revision: 2, attempts: 1 });
  });

  test('that failed again owes a dead letter of its own', async () => {
    const world = reconcileWorld({ rows: [row()] });
    await world.putDomain({ ...failed(), wanted: 'absent', announced: false });
    await world.pass(DOMAIN, { deadLetter: 1 });
    expect(world.queue.deadLetters).toMatchObject([
      { id: `${NETWORK}/${DOMAIN}/2/dead-letter`, message: { deadLetter: 2 } },
    ]);
  });

  test('of an old failure is a bare message', async () => {
    const world = reconcileWorld();
    await world.putDomain({ ...failed(), revision: 3 });
    await world.pass(DOMAIN, { deadLetter: 1 });
    expect(world.calls).toEqual([]);
    expect(await world.domain()).toMatchObject({ state: 'failed', revision: 3 });
  });
});
