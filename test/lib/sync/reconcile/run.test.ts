import { describe, expect, test } from '@jest/globals';
import {
  RuncloudForbidden,
  RuncloudNotFound,
  RuncloudRateLimited,
  RuncloudRefused,
  RuncloudTimeout,
  RuncloudUnauthorized,
  RuncloudUnavailable,
} from '../../../../lib/runcloud/errors.ts';
import { InvalidSecret } from '../../../../lib/settings/invalid-secret.ts';
import { claimKey, noticesKey, rateLimitKey } from '../../../../lib/sync/ledger/keys.ts';
import type { Access } from '../../../../lib/sync/ledger/runcloud-ports.ts';
import { freshRateLimit } from '../../../../lib/sync/network/limits/slots.ts';
import type { HostingCall } from '../../../doubles/hosting.ts';
import {
  APP,
  DOMAIN,
  delays,
  domainItem,
  HOUR,
  MINUTE,
  NOW,
  networkItem,
  OTHER_APP,
  row,
  SECOND,
} from '../../../support/sync/items.ts';
import { reconcileWorld } from '../../../support/sync/reconcile-world.ts';

const observations = { method: 'GET', path: '/domains' };
function throwing(error: () => Error, ops: readonly string[] = ['add', 'page', 'find', 'remove', 'update']) {
  return async ({ op }: HostingCall): Promise<void> => {
    if (ops.includes(op)) throw error();
  };
}
function unauthorized() {
  return new RuncloudUnauthorized('RunCloud does not accept the credential', observations);
}
const pause = { code: 'runcloud-unauthorized', message: 'No', since: '2026-11-21T05:00:00.000Z' } as const;
function resting(probeAt: number) {
  return networkItem({ pause: { ...pause, probeAt } });
}
function removal() {
  return domainItem({ wanted: 'absent', runcloudId: { id: 5, ...APP } });
}

describe('a pass of a paused network', () => {
  test('before its probe asks nothing of RunCloud and waits until after the probe', async () => {
    const world = reconcileWorld();
    await world.putDomain(domainItem());
    await world.putNetwork(resting(NOW + MINUTE));
    await world.pass();
    expect(world.ops()).toEqual([]);
    expect(world.asked).toEqual([]);
    expect(await world.domain()).toMatchObject({
      state: 'paused',
      reason: 'runcloud-unauthorized',
      dueAt: NOW + MINUTE + 0.5 * delays.probeSpreadMs,
      attempts: 0,
    });
  });

  test('wins the probe when it is time, and moves the next one away first', async () => {
    const world = reconcileWorld({ onCall: throwing(unauthorized) });
    await world.putDomain(domainItem());
    await world.putNetwork(resting(NOW));
    await world.pass();
    expect(world.ops()).toEqual(['add']);
    expect((await world.network()).pause?.probeAt).toBe(NOW + delays.probeMs);
  });

  test('is one pass for each probe, however many are due', async () => {
    const world = reconcileWorld({ onCall: throwing(unauthorized) });
    const names = ['a.example', 'b.example', 'c.example'];
    for (const domain of names) await world.putDomain(domainItem({ domain }));
    await world.putNetwork(resting(NOW));
    await Promise.all(names.map((domain) => world.pass(domain)));
    expect(world.ops()).toHaveLength(1);
  });

  test('reads the secret afresh for the probe', async () => {
    const world = reconcileWorld();
    await world.putDomain(domainItem());
    await world.putNetwork(resting(NOW));
    await world.pass();
    expect(world.asked).toEqual([{ fresh: true }]);
  });

  test('ends the pause with an answer about its domain, and requeues the others', async () => {
    const world = reconcileWorld();
    await world.putDomain(domainItem());
    await world.putNetwork(resting(NOW));
    await world.pass();
    expect(await world.domain()).toMatchObject({ state: 'present', dueAt: null });
    expect(await world.network()).toMatchObject({
      pause: null,
      requeue: { reason: 'resumed', cursor: null },
      sendAt: NOW,
    });
    expect(world.reports[0]?.found.transition).toBe('resumed');
  });

  test('ends the pause also with a refusal of its domain: RunCloud has read it and answered', async () => {
    const refused = () => new RuncloudRefused('No', { method: 'POST', path: '/domains', status: 422 });
    const world = reconcileWorld({ onCall: throwing(refused, ['add']) });
    await world.putDomain(domainItem());
    await world.putNetwork(resting(NOW));
    await world.pass();
    expect((await world.network()).pause).toBeNull();
  });

  test('ends the pause also where its domain must never be touched', async () => {
    const world = reconcileWorld({ rows: [row({ type: 'primary' })] });
    await world.putDomain(removal());
    await world.putNetwork(resting(NOW));
    await world.pass();
    expect(await world.domain()).toMatchObject({ state: 'present', reason: 'primary-domain' });
    expect((await world.network()).pause).toBeNull();
  });

  test('does not end the pause with a failure that passes', async () => {
    const lost = () => new RuncloudTimeout('No answer', { ...observations, unanswered: true });
    const world = reconcileWorld({ onCall: throwing(lost, ['add']) });
    await world.putDomain(domainItem());
    await world.putNetwork(resting(NOW));
    await world.pass();
    expect((await world.network()).pause).not.toBeNull();
  });

  test('comes back among all others at the next probe if its own did not help', async () => {
    const world = reconcileWorld({ onCall: throwing(unauthorized) });
    await world.putDomain(domainItem());
    await world.putNetwork(resting(NOW));
    await world.pass();
    expect(await world.domain()).toMatchObject({
      state: 'paused',
      dueAt: NOW + delays.probeMs + 0.5 * delays.probeSpreadMs,
    });
  });

  test('leaves the next probe to others if its failure concerns its domain alone', async () => {
    const world = reconcileWorld({
      onCall: throwing(() => new RuncloudUnavailable('RunCloud failed', { ...observations, status: 500 })),
    });
    await world.putDomain(domainItem());
    await world.putNetwork(resting(NOW));
    await world.pass();
    const item = await world.domain();
    expect(item).toMatchObject({
      state: 'pending',
      attempts: 1,
      lastError: { code: 'runcloud-unavailable' },
    });
    expect(item?.dueAt).toBeLessThan(NOW + delays.probeMs);
    expect((await world.network()).pause).not.toBeNull();
  });

  test('is not ended by a listing that was read before it began', async () => {
    const world = reconcileWorld({ rows: [row()] });
    const seen = domainItem({ answered: true });
    await world.putDomain({ ...seen, domain: 'first.example' });
    await world.pass('first.example');
    await world.putDomain(seen);
    // The pause begins while the pass that needs no call is under way.
    const { networks } = world.services;
    const racing = {
      ...world.services,
      networks: {
        access: async (...asked: Parameters<typeof networks.access>) => {
          await world.putNetwork({ ...(await world.network()), pause: { ...pause, probeAt: NOW + HOUR } });
          return networks.access(...asked);
        },
      },
    };
    await world.passWith(racing);
    expect((await world.network()).pause).not.toBeNull();
  });
});

describe('a network is paused', () => {
  test('when there is no secret', async () => {
    const world = reconcileWorld({ access: () => undefined });
    await world.putDomain(domainItem());
    await world.pass();
    expect((await world.network()).pause?.code).toBe('secret-invalid');
    expect(await world.domain()).toMatchObject({ state: 'paused', reason: 'secret-invalid', toSend: [] });
  });

  test('when the secret is faulty', async () => {
    const access = () => {
      throw new InvalidSecret([{ key: 'WU_RUNCLOUD_APP_ID', message: 'is missing' }]);
    };
    const world = reconcileWorld({ access });
    await world.putDomain(domainItem());
    await world.pass();
    expect((await world.network()).pause).toMatchObject({
      code: 'secret-invalid',
      message: 'The secret is faulty: WU_RUNCLOUD_APP_ID is missing',
    });
  });

  test('when its owner pauses it, and nothing is asked of RunCloud', async () => {
    const world = reconcileWorld({ access: { paused: true } });
    await world.putDomain(domainItem());
    await world.pass();
    expect((await world.network()).pause?.code).toBe('paused');
    expect(world.ops()).toEqual([]);
    expect(await world.domain()).toMatchObject({
      state: 'paused',
      dueAt: NOW + delays.probeMs + 0.5 * delays.probeSpreadMs,
    });
  });

  test('when its application is another network’s', async () => {
    const world = reconcileWorld();
    await world.put(claimKey(APP.serverId, APP.appId), { network: 'other', renewedAt: NOW });
    await world.putDomain(domainItem());
    await world.pass();
    expect((await world.network()).pause?.code).toBe('app-claimed');
    expect(world.ops()).toEqual([]);
  });

  test('when RunCloud does not know the application', async () => {
    const world = reconcileWorld({
      onCall: throwing(() => new RuncloudNotFound('Unknown', { ...observations, status: 404 })),
    });
    await world.putDomain(domainItem());
    await world.pass();
    expect((await world.network()).pause?.code).toBe('runcloud-not-found');
    expect(world.reports[0]?.found.transition).toBe('paused');
  });

  test('at the second domain that is forbidden, not at the first', async () => {
    const world = reconcileWorld({
      onCall: throwing(() => new RuncloudForbidden('Not allowed', { ...observations, status: 403 })),
    });
    await world.putDomain(domainItem());
    await world.putDomain(domainItem({ domain: 'second.example' }));
    await world.pass();
    expect(await world.network()).toMatchObject({ pause: null, suspicion: { domain: DOMAIN } });
    expect(await world.domain()).toMatchObject({ state: 'pending', attempts: 1 });
    await world.pass('second.example');
    expect((await world.network()).pause?.code).toBe('runcloud-forbidden');
    expect(await world.domain('second.example')).toMatchObject({ state: 'paused', attempts: 0 });
  });
});

describe('a credential that RunCloud does not accept', () => {
  const rotating =
    (fresh: Partial<Access>) =>
    ({ fresh: wanted }: { fresh: boolean }) =>
      wanted ? fresh : { credentialFingerprint: 'aaaaaaaaaaaaaaaa' };

  test('is read afresh at once, so that a rotation pauses nothing', async () => {
    let refusals = 1;
    const world = reconcileWorld({
      access: rotating({ credentialFingerprint: 'bbbbbbbbbbbbbbbb' }),
      onCall: async () => {
        if (refusals-- > 0) throw unauthorized();
      },
    });
    await world.putDomain(domainItem());
    await world.pass();
    expect(world.asked).toEqual([{ fresh: false }, { fresh: true }]);
    expect(await world.domain()).toMatchObject({ state: 'present', dueAt: null });
    expect(await world.network()).toMatchObject({ pause: null });
    expect(world.ops()).toHaveLength(2);
  });

  test('is not tried again if it is the same one', async () => {
    const world = reconcileWorld({ onCall: throwing(unauthorized) });
    await world.putDomain(domainItem());
    await world.pass();
    expect(world.ops()).toEqual(['add']);
    expect(await world.domain()).toMatchObject({ state: 'paused', reason: 'runcloud-unauthorized' });
  });

  test('is read once more also where it was fresh: it may have been rotated since', async () => {
    const world = reconcileWorld({ onCall: throwing(unauthorized) });
    await world.putDomain(removal());
    await world.pass();
    expect(world.asked).toEqual([{ fresh: true }, { fresh: true }]);
    expect(world.ops()).toHaveLength(1);
    expect(await world.domain()).toMatchObject({ state: 'paused' });
  });

  test('that was refused after an answer is not used further: the pass comes back with the new one', async () => {
    let calls = 0;
    const world = reconcileWorld({
      access: rotating({ credentialFingerprint: 'bbbbbbbbbbbbbbbb' }),
      onCall: async () => {
        calls += 1;
        if (calls === 2) throw unauthorized();
      },
    });
    await world.putDomain(domainItem({ native: true }));
    await world.pass();
    expect(world.ops()).toEqual(['page', 'add']);
    expect(await world.domain()).toMatchObject({ state: 'pending', attempts: 0, waitedMs: 0 });
    expect(await world.network()).toMatchObject({ pause: null });
  });

  test('is not waited for where the function ends first: the pass comes back, and counts nothing', async () => {
    const world = reconcileWorld({ onCall: throwing(unauthorized), access: { readAt: NOW } });
    await world.putDomain(domainItem());
    await world.pass(DOMAIN, { withinMs: 2 * MINUTE });
    expect(await world.domain()).toMatchObject({ state: 'pending', attempts: 0 });
    expect(await world.network()).toMatchObject({ pause: null });
  });
});

describe('the application', () => {
  test('is claimed before anything is done to it', async () => {
    const world = reconcileWorld();
    await world.putDomain(domainItem());
    await world.pass();
    expect(await world.get(claimKey(APP.serverId, APP.appId))).toMatchObject({ renewedAt: NOW });
    expect((await world.network()).claim).toEqual({ ...APP, renewedAt: NOW, readAt: NOW });
  });

  test('decides what an id means: one of another application is not asked for', async () => {
    const world = reconcileWorld({ rows: [row()] });
    await world.putDomain(domainItem({ runcloudId: { id: 77, ...OTHER_APP }, answered: true }));
    await world.pass();
    expect(world.ops()).toEqual(['add', 'page']);
    expect((await world.domain()).runcloudId).toEqual({ id: 5, ...APP });
  });

  const left = { claim: { ...APP, renewedAt: NOW, readAt: NOW } };

  test('that a kept secret names, but that was left, is not gone back to', async () => {
    const world = reconcileWorld({ access: ({ fresh }) => (fresh ? {} : { app: OTHER_APP }) });
    await world.putDomain(domainItem());
    await world.putNetwork(networkItem(left));
    await world.pass();
    expect((await world.network()).claim).toMatchObject(APP);
    expect((await world.domain()).runcloudId).toMatchObject(APP);
  });

  test.each([
    ['before', -9 * SECOND, SECOND],
    ['at the same time as', 0, 10 * SECOND],
    ['so little later than that clocks may disagree about', 5 * SECOND, 15 * SECOND],
  ])(
    'is not moved by a secret read %s the one that claimed: it is read again first',
    async (_, readMs, waitMs) => {
      const world = reconcileWorld({ access: { app: OTHER_APP, readAt: NOW + readMs } });
      await world.putDomain(domainItem());
      await world.putNetwork(networkItem(left));
      await world.pass();
      expect(world.ops()).toEqual([]);
      expect((await world.network()).claim).toMatchObject(APP);
      expect(await world.domain()).toMatchObject({ attempts: 0, dueAt: NOW + waitMs, sendAt: NOW + waitMs });
    },
  );

  test('is moved by a secret read later than the one that claimed', async () => {
    const world = reconcileWorld({ access: { app: OTHER_APP, readAt: NOW + 5 * SECOND + 1 } });
    await world.putDomain(domainItem());
    await world.putNetwork(networkItem(left));
    await world.pass();
    expect((await world.network()).claim).toMatchObject({ ...OTHER_APP, readAt: NOW + 5 * SECOND + 1 });
    expect((await world.domain()).runcloudId).toMatchObject(OTHER_APP);
  });
});

describe('a first pass', () => {
  test('costs one call, counted by the month', async () => {
    const world = reconcileWorld();
    await world.putDomain(domainItem());
    await world.pass();
    expect(world.ops()).toEqual(['add']);
    const { calls } = await world.get(rateLimitKey('f00dfeedf00dfeed'));
    expect(calls).toEqual({ month: '2026-11', count: 1 });
  });

  test('reads while the network is being announced again', async () => {
    const world = reconcileWorld({ rows: [row()] });
    await world.putDomain(domainItem());
    await world.putNetwork(networkItem({ readsFirst: true }));
    await world.pass();
    expect(world.ops()).toEqual(['page']);
  });

  test('that a listing explained makes the next ones read', async () => {
    const world = reconcileWorld({ rows: [row()] });
    await world.putDomain(domainItem());
    await world.pass();
    expect(world.ops()).toEqual(['add', 'page']);
    expect((await world.network()).readsFirst).toBe(true);
  });

  test('is not blind after a write whose answer was lost, also when nothing can land any longer', async () => {
    const world = reconcileWorld({ rows: [row()] });
    await world.putDomain(domainItem({ ambiguousUntil: NOW - HOUR }));
    await world.pass();
    expect(world.ops()).toEqual(['page']);
  });
});

describe('a kept listing', () => {
  const announced = (domain: string) => domainItem({ domain });
  const rows = [row(), row({ id: 6, name: 'second.example' }), row({ id: 7, name: 'www.third.example' })];

  test('answers many passes of a network that is announced again', async () => {
    const world = reconcileWorld({ rows });
    await world.putNetwork(networkItem({ readsFirst: true }));
    await world.putDomain(announced(DOMAIN));
    await world.putDomain(announced('second.example'));
    await world.pass();
    await world.pass('second.example');
    expect(world.ops()).toEqual(['page']);
    expect(await world.domain('second.example')).toMatchObject({ state: 'present', runcloudId: { id: 6 } });
  });

  test('serves a name that has a www beside it, unless one of them was written since', async () => {
    for (const wroteAt of [null, NOW - 10]) {
      const world = reconcileWorld({ rows: [...rows, row({ id: 8, name: 'third.example' })] });
      await world.putNetwork(networkItem({ readsFirst: true }));
      for (const name of [DOMAIN, 'third.example', 'www.third.example']) {
        await world.putDomain(domainItem({ domain: name, ...(name === 'third.example' && { wroteAt }) }));
      }
      for (const name of [DOMAIN, 'third.example', 'www.third.example']) await world.pass(name);
      expect(world.ops()).toEqual(wroteAt === null ? ['page'] : ['page', 'page', 'page']);
    }
  });

  test('does not serve a probe: that needs an answer from RunCloud', async () => {
    const world = reconcileWorld({ rows });
    await world.putNetwork(networkItem({ readsFirst: true }));
    await world.putDomain(announced(DOMAIN));
    await world.putDomain(announced('second.example'));
    await world.pass();
    await world.putNetwork({ ...(await world.network()), pause: { ...pause, probeAt: NOW } });
    await world.pass('second.example');
    expect(world.ops()).toEqual(['page', 'page']);
  });
});

describe('a removal by its id', () => {
  test('lists once more while RunCloud may hold a name twice, and not once it has refused one', async () => {
    const second = 'second.example';
    const world = reconcileWorld({ rows: [row(), row({ id: 6, name: second })] });
    await world.putDomain(removal());
    await world.pass();
    expect(world.ops().splice(0)).toEqual(['page', 'remove']);
    // Announced again, it is there already.
    await world.putDomain(domainItem({ domain: second }));
    await world.pass(second);
    expect((await world.network()).refusesDuplicates).toBe(true);
    const known = await world.domain(second);
    const made = world.calls.length;
    const due = world.time.now();
    await world.putDomain({ ...known, wanted: 'absent', state: 'removing', dueAt: due, sendAt: due });
    await world.pass(second);
    expect(world.ops().slice(made)).toEqual(['find', 'remove']);
    expect(await world.domain(second)).toMatchObject({ state: 'absent', dueAt: null });
  });
});

describe('before a write', () => {
  test('protected names are read afresh for a removal', async () => {
    const world = reconcileWorld({
      rows: [row()],
      access: ({ fresh }) => ({ protectedDomains: fresh ? [DOMAIN] : [] }),
    });
    await world.putDomain(removal());
    await world.pass();
    expect(world.hosting.rows.size).toBe(1);
    expect(await world.domain()).toMatchObject({ state: 'present', reason: 'protected-domain' });
  });

  describe('whose slot is some way off', () => {
    const WAIT = 15 * SECOND;
    /** The find is answered at once, and the write waits for its slot; `meanwhile` is what the secret says then. */
    const slowly = { ...freshRateLimit, limitPerMinute: MINUTE / WAIT };
    const waiting = (
      meanwhile: Partial<Access> | undefined,
      part: Parameters<typeof reconcileWorld>[0] = {},
    ) => {
      const world = reconcileWorld({
        rows: [row()],
        ...part,
        access: () => (world.time.now() >= NOW + WAIT ? meanwhile : {}),
      });
      world.ledger.put(rateLimitKey('f00dfeedf00dfeed'), slowly);
      return world;
    };

    test('a name that is protected in the wait is not deleted', async () => {
      for (const protectedDomains of [[DOMAIN], [`www.${DOMAIN}`]]) {
        const world = waiting({ protectedDomains });
        await world.putDomain(removal());
        await world.pass();
        expect(world.ops()).toEqual(['page']);
        expect(await world.domain()).toMatchObject({
          state: 'present',
          reason: 'protected-domain',
          attempt: null,
          ambiguousUntil: null,
        });
        expect((await world.network()).removals).toEqual([]);
      }
    });

    test('a network that is paused, or moves, in the wait loses nothing', async () => {
      const changes: (Partial<Access> | undefined)[] = [
        { paused: true },
        { app: OTHER_APP },
        { credentialFingerprint: 'aaaaaaaaaaaaaaaa' },
        undefined,
      ];
      for (const meanwhile of changes) {
        const world = waiting(meanwhile);
        await world.putDomain(removal());
        await world.pass(DOMAIN, { withinMs: 80 * SECOND });
        expect(world.ops()).toEqual(['page']);
        expect((await world.domain()).dueAt).not.toBeNull();
      }
    });

    test('a write is on record as of the call, which a worker that is killed in it has begun', async () => {
      const seen: unknown[] = [];
      const world = waiting(
        {},
        {
          onCall: async ({ op }) => {
            if (op !== 'remove') return;
            const { attempt, wroteAt } = await world.domain();
            seen.push({ attempt, wroteAt });
          },
        },
      );
      await world.putDomain(removal());
      await world.pass();
      const startedAt = NOW + WAIT;
      expect(seen).toEqual([{ attempt: { op: 'remove', startedAt }, wroteAt: startedAt }]);
      expect(await world.domain()).toMatchObject({ state: 'absent', wroteAt: startedAt });
    });

    test('a worker that is killed in the wait has sent nothing, and asks for its lease before it would', async () => {
      const world = waiting({});
      await world.putDomain(removal());
      const { clock } = world.services;
      const taken = {
        ...clock,
        sleep: async (ms: number) => {
          await clock.sleep(ms);
          await world.putDomain({ ...(await world.domain()), owner: 'another' });
        },
      };
      await world.passWith({ ...world.services, clock: taken });
      expect(world.ops()).toEqual(['page']);
      expect(await world.domain()).toMatchObject({ owner: 'another', attempt: null });
    });
  });

  test('a removal within its grace is held, whatever made it due, and asks RunCloud nothing', async () => {
    const world = reconcileWorld({ rows: [row()] });
    const until = NOW + 10 * MINUTE;
    await world.putDomain({ ...removal(), grace: { until, before: null } });
    await world.pass();
    expect([world.ops(), world.asked]).toEqual([[], []]);
    const held = { state: 'removing', reason: 'grace-period', dueAt: until, sendAt: until, attempts: 0 };
    expect(await world.domain()).toMatchObject({ ...held, grace: { until } });

    await world.time.advance(10 * MINUTE);
    await world.pass();
    expect(await world.domain()).toMatchObject({ state: 'absent', grace: null });
  });

  test('the removal limit holds a removal beyond the hour’s number, visibly and without counting it as a failure', async () => {
    const world = reconcileWorld({ rows: [row()], access: { removalsPerHour: 1 } });
    const minute = Math.floor(NOW / MINUTE) - 10;
    await world.putNetwork(networkItem({ removals: [{ minute, count: 1 }] }));
    await world.putDomain(removal());
    await world.pass();
    expect(world.ops()).toEqual(['page']);
    const item = await world.domain();
    expect(item).toMatchObject({ state: 'removing', reason: 'removals-limited', attempts: 0 });
    expect(item.dueAt).toBeGreaterThanOrEqual(NOW + 50 * MINUTE - MINUTE);
  });

  test('the limit of additions holds an addition beyond the hour’s number, visibly and without counting it as a failure', async () => {
    const world = reconcileWorld({ access: { additionsPerHour: 1 } });
    const minute = Math.floor(NOW / MINUTE) - 10;
    await world.putNetwork(networkItem({ additions: [{ minute, count: 1 }] }));
    await world.putDomain(domainItem());
    for (const _pass of ['first', 'early']) {
      await world.pass();
      expect(world.ops()).toEqual([]);
      const item = await world.domain();
      expect(item).toMatchObject({ state: 'pending', reason: 'additions-limited', attempts: 0 });
      expect(item.dueAt).toBeGreaterThanOrEqual(NOW + 50 * MINUTE - MINUTE);
      await world.putDomain({ ...item, dueAt: NOW });
    }

    await world.time.advance(HOUR);
    await world.pass();
    expect(world.ops()).toEqual(['add']);
    expect(await world.domain()).toMatchObject({ state: 'present', reason: null });
    expect((await world.network()).additions).toHaveLength(1);
    expect((await world.get(noticesKey('demo'))).waiting).toMatchObject([
      { code: 'additions-limited', domain: null },
      { code: 'domain-settled' },
    ]);
  });

  test('a removal that the removal limit holds reads nothing until there is room', async () => {
    const world = reconcileWorld({ rows: [row()], access: { removalsPerHour: 1 } });
    const minute = Math.floor(NOW / MINUTE) - 10;
    await world.putNetwork(networkItem({ removals: [{ minute, count: 1 }] }));
    await world.putDomain({ ...removal(), state: 'removing', reason: 'removals-limited' });
    await world.pass();
    expect(world.ops()).toEqual([]);
    expect(await world.domain()).toMatchObject({
      state: 'removing',
      reason: 'removals-limited',
      attempts: 0,
    });
  });

  test('the removal limit counts no removal that pacing, or the function’s time, kept from being sent', async () => {
    const world = reconcileWorld({ rows: [row()] });
    world.ledger.put(rateLimitKey('f00dfeedf00dfeed'), { ...freshRateLimit, limitPerMinute: 1 / 5 });
    await world.putDomain(removal());
    await world.pass();
    expect(world.ops()).toEqual(['page']);
    expect((await world.network()).removals).toEqual([]);
    expect(await world.domain()).toMatchObject({
      owner: null,
      attempt: null,
      ambiguousUntil: null,
      reason: null,
    });
  });

  test('the removal limit lets one of two removals pass that ask for the last one at once', async () => {
    const world = reconcileWorld({ rows: [row()], access: { removalsPerHour: 1 } });
    const minute = Math.floor(NOW / MINUTE);
    await world.putDomain(removal());
    const { ledger } = world.services;
    let slots = 0;
    const services = {
      ...world.services,
      // Another removal takes the last one allowed once this pass has asked, while it waits for the slot of its DELETE.
      ledger: {
        ...ledger,
        write: async (...[key, item, writes]: Parameters<typeof ledger.write>) => {
          if (key.kind === 'rateLimit') slots += 1;
          if (key.kind === 'rateLimit' && slots === 1)
            await world.putNetwork(networkItem({ removals: [{ minute, count: 1 }] }));
          return ledger.write(key, item, writes);
        },
      },
    };
    await world.passWith(services);
    expect(world.ops()).toEqual(['page']);
    expect((await world.network()).removals).toEqual([{ minute, count: 1 }]);
    expect(await world.domain()).toMatchObject({ reason: 'removals-limited', attempt: null, attempts: 0 });
  });

  test('the removal limit counts a removal although its answer is lost', async () => {
    const lost = () => new RuncloudTimeout('No answer', { ...observations, unanswered: true });
    const world = reconcileWorld({ rows: [row()], onDone: throwing(lost, ['remove']) });
    await world.putDomain(removal());
    await world.pass();
    expect((await world.network()).removals).toMatchObject([{ count: 1 }]);
    expect(await world.domain()).toMatchObject({
      ambiguousUntil: expect.any(Number),
      lastError: { code: 'runcloud-timeout' },
    });
  });

  test('too little time left puts it off, and nothing is written', async () => {
    const world = reconcileWorld();
    await world.putDomain(domainItem());
    await world.pass(DOMAIN, { withinMs: 54 * SECOND });
    expect(world.ops()).toEqual([]);
    expect(await world.domain()).toMatchObject({ attempts: 0, owner: null, dueAt: NOW, sendAt: NOW });
  });

  test('nothing is written by a worker that lost the lease', async () => {
    const world = reconcileWorld({
      rows: [row()],
      onCall: async ({ op }) => {
        if (op === 'page')
          await world.putDomain({ ...(await world.domain()), owner: 'other', leaseUntil: NOW + HOUR });
      },
    });
    await world.putDomain(removal());
    await world.pass();
    expect(world.ops()).toEqual(['page']);
    expect(await world.domain()).toMatchObject({ owner: 'other' });
    expect(world.reports).toEqual([]);
  });
});

describe('pacing', () => {
  const pace = (nextFreeAt: number) => ({ ...freshRateLimit, nextFreeAt });

  test('that is far away holds the pass until there is a slot', async () => {
    const world = reconcileWorld();
    await world.put(rateLimitKey('f00dfeedf00dfeed'), pace(NOW + 5 * MINUTE));
    await world.putDomain(domainItem());
    await world.pass();
    expect(world.ops()).toEqual([]);
    const item = await world.domain();
    expect(item).toMatchObject({ state: 'pending', attempts: 0, lastError: null });
    expect(item.dueAt).toBeGreaterThanOrEqual(NOW + 5 * MINUTE);
    expect((await world.get(rateLimitKey('f00dfeedf00dfeed'))).calls).toBeNull();
  });

  test('that is near is waited for by the same worker', async () => {
    const world = reconcileWorld();
    await world.put(rateLimitKey('f00dfeedf00dfeed'), pace(NOW + 2 * SECOND));
    await world.putDomain(domainItem());
    await world.pass();
    expect(world.time.now()).toBe(NOW + 2 * SECOND);
    expect(await world.domain()).toMatchObject({ state: 'present' });
  });

  test('that outlasts the function ends the pass in time, and counts neither failure nor crash', async () => {
    const world = reconcileWorld({ rows: [row()], onCall: () => world.time.advance(29 * SECOND) });
    await world.putDomain(domainItem({ wanted: 'absent', runcloudId: { id: 99, ...APP } }));
    await world.pass(DOMAIN, { withinMs: 80 * SECOND });
    expect(world.ops()).toEqual(['page']);
    expect(await world.domain()).toMatchObject({ owner: null, attempts: 0, crashes: 0 });
  });

  test('of nothing but 429 for 15 minutes is a quota that is spent', async () => {
    const world = reconcileWorld({
      onCall: throwing(() => new RuncloudRateLimited('Fewer calls', { ...observations, status: 429 })),
    });
    await world.putDomain(domainItem());
    await world.pass();
    expect((await world.network()).pause).toBeNull();
    await world.time.advance(16 * MINUTE);
    await world.pass();
    expect((await world.network()).pause?.code).toBe('runcloud-quota-spent');
    expect(await world.domain()).toMatchObject({ state: 'paused', reason: 'runcloud-quota-spent' });
  });
});
