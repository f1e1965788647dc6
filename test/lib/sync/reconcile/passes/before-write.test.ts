import { describe, expect, test } from '@jest/globals';
import { rateLimitKey } from '../../../../../lib/sync/ledger/keys.ts';
import type { Access } from '../../../../../lib/sync/ledger/runcloud-ports.ts';
import { freshRateLimit } from '../../../../../lib/sync/network/limits/slots.ts';
import {
  APP,
  DOMAIN,
  domainItem,
  HOUR,
  MINUTE,
  NOW,
  OTHER_APP,
  row,
  SECOND,
} from '../../../../support/sync/items.ts';
import { reconcileWorld } from '../../../../support/sync/reconcile-world.ts';
import { removal } from './failing-calls.ts';

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

  describe('that turns a www. off', () => {
    const served = domainItem({
      runcloudId: { id: 5, ...APP },
      answered: true,
      state: 'present',
      wwwServed: true,
    });

    test('protected names are read afresh', async () => {
      let rereads = 0;
      const world = reconcileWorld({
        rows: [row({ www: true })],
        access: ({ fresh }) => {
          if (fresh) rereads += 1;
          return { protectedDomains: rereads > 0 ? [`www.${DOMAIN}`] : [] };
        },
      });
      await world.putDomain(served);
      await world.pass();
      expect(world.hosting.rows.get(5)).toMatchObject({ www: true });
      expect(world.ops()).not.toContain('update');
      expect(await world.domain()).toMatchObject({
        dueAt: world.time.now(),
        attempt: null,
        ambiguousUntil: null,
      });

      await world.pass();
      expect(world.ops()).not.toContain('update');
      expect(await world.domain()).toMatchObject({ state: 'present', wwwServed: true, dueAt: null });
    });

    test('nothing keeps one that is not protected', async () => {
      const world = reconcileWorld({ rows: [row({ www: true })] });
      await world.putDomain(served);
      await world.pass();
      expect(world.hosting.rows.get(5)).toMatchObject({ www: false });
      expect(world.asked.filter(({ fresh }) => fresh)).toHaveLength(1);
    });

    test('a redirect without it needs no such read', async () => {
      const world = reconcileWorld({
        rows: [row({ type: 'redirect', www: false })],
        access: { protectedDomains: [`www.${DOMAIN}`] },
      });
      await world.putDomain({ ...served, wwwServed: false });
      await world.pass();
      expect(world.hosting.rows.get(5)).toMatchObject({ type: 'alias', www: false });
      expect(world.asked.filter(({ fresh }) => fresh)).toEqual([]);
    });
  });

  describe('whose slot is some way off', () => {
    const WAIT = 15 * SECOND;
    /** The find is answered at once, and the write waits for its slot; `meanwhile` is what the secret says then. */
    const slowly = { ...freshRateLimit, nextFreeAt: NOW, limitPerMinute: MINUTE / WAIT };
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
