import { describe, expect, test } from '@jest/globals';
import { Unavailable } from '../../../../lib/errors.ts';
import { RuncloudRefused, RuncloudTimeout } from '../../../../lib/runcloud/errors.ts';
import { recordUpdate } from '../../../../lib/sync/events/record-update.ts';
import type { DomainItem } from '../../../../lib/sync/ledger/items/domain-item.ts';
import { freshNetwork } from '../../../../lib/sync/ledger/items/network-item.ts';
import type { OwedDeadLetter } from '../../../../lib/sync/ledger/items/work-item.ts';
import { certificateKey, domainKey } from '../../../../lib/sync/ledger/keys.ts';
import type { HostedDomain } from '../../../../lib/sync/ledger/runcloud-ports.ts';
import type { HostingCall } from '../../../doubles/hosting.ts';
import { memoryLedger } from '../../../doubles/ledger.ts';
import {
  APP,
  BASE_MS,
  certificateItem,
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
  update,
} from '../../../support/sync/items.ts';
import { reconcileWorld } from '../../../support/sync/reconcile-world.ts';

const observations = { method: 'POST', path: '/domains' };
function bug() {
  return new TypeError('a bug');
}
function refusal() {
  return new RuncloudRefused('RunCloud refused', { ...observations, status: 422 });
}
function lost() {
  return new RuncloudTimeout('No answer', { ...observations, unanswered: true });
}
function throwing(error: () => Error, op?: HostingCall['op']) {
  return async (call: HostingCall) => {
    if (op === undefined || call.op === op) throw error();
  };
}
function removal() {
  return domainItem({ wanted: 'absent', runcloudId: { id: 5, ...APP } });
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

describe('a message', () => {
  test('about a domain that is wanted brings it to RunCloud, and ends its schedule', async () => {
    const world = reconcileWorld();
    await world.putDomain(domainItem());
    await world.pass();
    expect([...world.hosting.rows.values()]).toMatchObject([{ name: DOMAIN, type: 'alias' }]);
    expect(await world.domain()).toMatchObject({ state: 'present', dueAt: null, sendAt: null, owner: null });
  });

  test('about a domain that is to go takes it from RunCloud', async () => {
    const world = reconcileWorld({ rows: [row()] });
    await world.putDomain(removal());
    await world.pass();
    expect(world.hosting.rows.size).toBe(0);
    expect(await world.domain()).toMatchObject({ state: 'absent', dueAt: null, runcloudId: null });
  });

  test('about settled work makes no call', async () => {
    const world = reconcileWorld();
    await world.putDomain(settledItem());
    await world.pass();
    expect(world.calls).toEqual([]);
    expect(await world.domain()).toEqual(settledItem());
  });

  test('about an unknown domain does nothing', async () => {
    const world = reconcileWorld();
    await world.pass('unknown.example');
    expect(world.ledger.all('domain')).toEqual([]);
  });

  test('that comes twice at once is worked on once', async () => {
    const world = reconcileWorld();
    await world.putDomain(domainItem());
    await Promise.all([world.pass(), world.pass(), world.pass()]);
    expect(world.ops()).toEqual(['add']);
  });

  test('about what finally failed does nothing', async () => {
    const world = reconcileWorld();
    await world.putDomain(domainItem({ state: 'failed', dueAt: null, sendAt: null }));
    await world.pass();
    expect(world.calls).toEqual([]);
    expect(world.queue.deadLetters).toEqual([]);
  });

  test('is reported once it is settled', async () => {
    const world = reconcileWorld();
    await world.putDomain(domainItem());
    await world.pass();
    expect(world.reports).toMatchObject([
      { settled: { kind: 'done' }, found: { result: { kind: 'settled' }, calls: 1 } },
    ]);
  });
});

describe('an update that comes during a pass', () => {
  test('is reconciled by the same worker, as soon as it is free', async () => {
    const world = reconcileWorld({
      onDone: async ({ op }) => {
        if (op === 'add')
          await recordUpdate(world.ledger, update({ wanted: 'absent' }), { now: NOW, baseMs: BASE_MS });
      },
    });
    await world.putDomain(domainItem());
    await world.pass();
    expect(world.hosting.rows.size).toBe(0);
    expect(await world.domain()).toMatchObject({ wanted: 'absent', state: 'absent', dueAt: null });
    expect(world.reports.map(({ settled }) => settled.kind)).toEqual(['again', 'done']);
  });

  test('is left to the sweep where no time is left', async () => {
    const world = reconcileWorld({
      onDone: async ({ op }) => {
        if (op !== 'add') return;
        await recordUpdate(world.ledger, update({ wanted: 'absent' }), { now: NOW, baseMs: BASE_MS });
        await world.time.advance(4 * MINUTE + 40 * SECOND);
      },
    });
    await world.putDomain(domainItem());
    await world.pass();
    expect(world.ops()).toEqual(['add']);
    const at = world.time.now();
    expect(await world.domain()).toMatchObject({ wanted: 'absent', owner: null, dueAt: NOW, sendAt: at });
  });
});

describe('what a settle sets in motion', () => {
  test('the request for a certificate is written before the domain settles', async () => {
    const order: string[] = [];
    const ledger = memoryLedger();
    const watching: typeof ledger = {
      ...ledger,
      write: (key, item, writes) => {
        order.push(key.kind);
        return ledger.write(key, item, writes);
      },
    };
    const world = reconcileWorld({ services: { ledger: watching } });
    await ledger.write(domainKey(NETWORK, DOMAIN), domainItem(), 0);
    await world.pass();
    expect(order.indexOf('certificate')).toBeGreaterThan(0);
    expect(order.indexOf('certificate')).toBeLessThan(order.lastIndexOf('domain'));
  });

  test('a message for its certificate goes out once the request is new, and only then', async () => {
    const world = reconcileWorld({ rows: [row()] });
    await world.putDomain(domainItem());
    await world.pass();
    expect(world.certificateQueue.sent).toEqual([{ message: { network: NETWORK }, delaySeconds: 20 }]);
    await world.putDomain(settledItem({ dueAt: NOW, sendAt: NOW }));
    await world.pass();
    expect(world.certificateQueue.sent).toHaveLength(1);
  });

  const seen = { state: 'valid', notAfter: '2027-01-01T00:00:00.000Z', dueAt: NOW + DAY } as const;
  const passWithRequest = async (item: DomainItem, had: Partial<HostedDomain> = {}) => {
    const world = reconcileWorld({ rows: [row(had)] });
    await world.putDomain({ ...item, dueAt: NOW, sendAt: NOW });
    await world.put(certificateKey(NETWORK, DOMAIN), certificateItem(seen));
    await world.pass();
    expect(await world.domain()).toMatchObject({ state: 'present' });
    const { state, notAfter, dueAt } = await world.certificate();
    return { state, notAfter, isDueSoon: dueAt === world.time.now() + world.services.batchMs };
  };

  test('a domain that is found at another application than before takes no certificate with it', async () => {
    const moved = domainItem({ runcloudId: { id: 9, ...OTHER_APP } });
    expect(await passWithRequest(moved)).toEqual({ state: 'pending', notAfter: null, isDueSoon: true });
  });

  test('a certificate is checked again once its domain, or its www., is served only now', async () => {
    const isDueSoon = async (item: DomainItem, had: Partial<HostedDomain> = {}) => {
      const { isDueSoon: soon, ...request } = await passWithRequest(item, had);
      expect(request).toEqual({ state: 'valid', notAfter: seen.notAfter });
      return soon;
    };
    expect(await isDueSoon(domainItem({ runcloudId: { id: 5, ...APP } }))).toBe(true);
    expect(await isDueSoon(settledItem({ www: true, wwwServed: false }), { www: false })).toBe(true);
    expect(await isDueSoon(settledItem({ www: true, wwwServed: true }), { www: true })).toBe(false);
    expect(await isDueSoon(settledItem({ wwwServed: false }))).toBe(false);
  });

  test('a domain that ends absent requests for nothing', async () => {
    const world = reconcileWorld({ rows: [row()] });
    await world.putDomain(removal());
    await world.pass();
    expect(world.ledger.all('certificate')).toEqual([]);
  });

  test('a www name that was served by its apex is due when the apex goes', async () => {
    const world = reconcileWorld({ rows: [row({ www: true })] });
    await world.putNetwork({ ...freshNetwork(NETWORK), refusesDuplicates: true });
    await world.putDomain({ ...removal(), wwwServed: true });
    await world.putDomain(
      settledItem({ domain: `www.${DOMAIN}`, reason: 'served-by-apex', runcloudId: null }),
    );
    await world.pass();
    expect(await world.domain(`www.${DOMAIN}`)).toMatchObject({ dueAt: NOW + SECOND, revision: 2 });
  });

  test('requeues no sibling when the pass was only held', async () => {
    const world = reconcileWorld({ rows: [row({ www: true })] });
    await world.putDomain({ ...removal(), wwwServed: true });
    await world.putDomain(settledItem({ domain: `www.${DOMAIN}` }));
    await world.pass(DOMAIN, { withinMs: 40 * SECOND });
    expect((await world.domain(`www.${DOMAIN}`)).dueAt).toBeNull();
  });
});

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

describe('a pass that throws', () => {
  test('gives its lease back, counts a crash, and is delivered again', async () => {
    const world = reconcileWorld({ onCall: throwing(bug) });
    await world.putDomain(domainItem());
    await expect(world.pass()).rejects.toThrow('a bug');
    expect(await world.domain()).toMatchObject({
      owner: null,
      leaseUntil: null,
      attempt: null,
      crashes: 1,
      dueAt: NOW,
      sendAt: NOW + delays.releasedMs,
      state: 'pending',
    });
  });

  test('leaves what it had begun to write under watch', async () => {
    const world = reconcileWorld({ onCall: throwing(bug, 'add') });
    await world.putDomain(domainItem());
    await expect(world.pass()).rejects.toThrow('a bug');
    expect((await world.domain()).ambiguousUntil).toBe(NOW + delays.ambiguityMs);
  });

  test('since the secrets are out of reach counts nothing, and is not delivered again', async () => {
    const world = reconcileWorld({
      access: () => {
        throw new Unavailable('secrets');
      },
    });
    await world.putDomain(domainItem());
    await world.pass();
    expect(await world.domain()).toMatchObject({ owner: null, crashes: 0, sendAt: NOW + delays.releasedMs });
    expect(world.reportDeferred).toEqual([{ network: NETWORK, domain: DOMAIN, what: 'secrets' }]);
    expect(
      (await world.ledger.read({ kind: 'network', network: NETWORK, item: 'network' }))?.item.pause ?? null,
    ).toBeNull();
  });

  test('since the ledger is out of reach is delivered again', async () => {
    const ledger = { ...memoryLedger(), read: () => Promise.reject(new Unavailable('ledger')) };
    const world = reconcileWorld({ services: { ledger } });
    await expect(world.pass()).rejects.toMatchObject({ name: 'Unavailable', what: 'ledger' });
  });

  test('says what went wrong, also when its lease cannot be given back', async () => {
    const ledger = memoryLedger();
    let away = false;
    const failing: typeof ledger = {
      ...ledger,
      read: (key) => (away ? Promise.reject(new Unavailable('ledger')) : ledger.read(key)),
    };
    const world = reconcileWorld({
      services: { ledger: failing },
      onCall: async () => {
        away = true;
        throw bug();
      },
    });
    await ledger.write(domainKey(NETWORK, DOMAIN), domainItem(), 0);
    await expect(world.pass()).rejects.toThrow('a bug');
  });

  test('five times in a row fails, asks nothing more of RunCloud, and owes one dead letter', async () => {
    const world = reconcileWorld({ onCall: throwing(bug, 'page'), rows: [row()] });
    await world.putDomain(domainItem({ answered: true }));
    for (let crash = 0; crash < 5; crash++) await expect(world.pass()).rejects.toThrow('a bug');
    const calls = world.calls.length;
    await world.pass();
    expect(world.calls).toHaveLength(calls);
    expect(await world.domain()).toMatchObject({
      state: 'failed',
      reason: 'internal-error',
      dueAt: null,
      sendAt: null,
      toSend: [],
    });
    expect(world.queue.deadLetters).toMatchObject([{ code: 'internal-error', message: { deadLetter: 1 } }]);
    await world.pass();
    expect(world.queue.deadLetters).toHaveLength(1);
  });

  test('is forgotten as a crash by the next pass that is answered', async () => {
    const world = reconcileWorld();
    await world.putDomain(domainItem({ crashes: 4 }));
    await world.pass();
    expect(await world.domain()).toMatchObject({ state: 'present', crashes: 0 });
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
