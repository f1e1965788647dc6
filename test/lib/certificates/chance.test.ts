import { expect, test } from '@jest/globals';
import { Unavailable } from '../../../lib/errors.ts';
import {
  RuncloudForbidden,
  RuncloudRateLimited,
  RuncloudRefused,
  RuncloudTimeout,
  RuncloudUnauthorized,
  RuncloudUnavailable,
} from '../../../lib/runcloud/errors.ts';
import type { Ledger } from '../../../lib/sync/ledger/ports.ts';
import type { SslMode } from '../../../lib/sync/ledger/runcloud-ports.ts';
import { certificateWorld, elsewhere } from '../../support/certificates/certificate-world.ts';
import { fc } from '../../support/property.ts';
import { SEED } from '../../support/seed.ts';
import { DAY, HOUR, MINUTE, SECOND } from '../../support/sync/items.ts';

const WEEK = 7 * DAY;
const names = ['a.example', 'b.example', 'c.example', 'd.example'] as const;
const post = { method: 'POST', path: '/ssl' };
const troubles = {
  none: undefined,
  refused: () => new RuncloudRefused('-', { ...post, status: 422 }),
  forbidden: () => new RuncloudForbidden('-', { ...post, status: 403 }),
  limited: () => new RuncloudRateLimited('-', { ...post, status: 429 }),
  away: () => new RuncloudUnavailable('-', post),
  lost: () => new RuncloudTimeout('-', { ...post, unanswered: true }),
  unauthorized: () => new RuncloudUnauthorized('-', { ...post, status: 401 }),
} as const;

const step = fc.oneof(
  {
    weight: 3,
    arbitrary: fc.record({ do: fc.constant('arrive' as const), name: fc.constantFrom(...names) }),
  },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('leave' as const), name: fc.constantFrom(...names) }) },
  { weight: 2, arbitrary: fc.record({ do: fc.constant('retry' as const), name: fc.constantFrom(...names) }) },
  {
    weight: 2,
    arbitrary: fc.record({
      do: fc.constant('point' as const),
      name: fc.constantFrom(...names),
      here: fc.boolean(),
    }),
  },
  {
    weight: 3,
    arbitrary: fc.record({
      do: fc.constant('runcloud' as const),
      interruption: fc.constantFrom(...(Object.keys(troubles) as (keyof typeof troubles)[])),
    }),
  },
  {
    weight: 1,
    arbitrary: fc.record({ do: fc.constant('land' as const), afterMs: fc.constantFrom(0, 4 * MINUTE, null) }),
  },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('silence' as const), silent: fc.boolean() }) },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('uninstall' as const) }) },
  {
    weight: 2,
    arbitrary: fc.record({
      do: fc.constant('fault' as const),
      calls: fc.array(fc.nat(40), { maxLength: 4 }),
      after: fc.boolean(),
    }),
  },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('side by side' as const) }) },
  {
    weight: 5,
    arbitrary: fc.record({
      do: fc.constant('live' as const),
      ms: fc.constantFrom(5 * SECOND, MINUTE, 10 * MINUTE, HOUR, 8 * HOUR),
    }),
  },
);

/** A ledger that is away at these calls: before it has done what was asked, or with its answer lost. */
function faulty(ledger: Ledger, faults: { calls: Set<number>; after: boolean; count: number }): Ledger {
  const through = async <T>(call: () => Promise<T>): Promise<T> => {
    const hit = faults.calls.has(faults.count++);
    if (hit && !faults.after) throw new Unavailable('ledger');
    const result = await call();
    if (hit) throw new Unavailable('ledger');
    return result;
  };
  return {
    read: (key) => through(() => ledger.read(key)),
    readAll: (keys) => through(() => ledger.readAll(keys)),
    write: (key, item, writes) => through(() => ledger.write(key, item, writes)),
    create: (key, item) => through(() => ledger.create(key, item)),
    due: (kind, until, limit) => ledger.due(kind, until, limit),
    dueCertificates: (network, asked) => through(() => ledger.dueCertificates(network, asked)),
    dueOldCertificates: (until, limit) => ledger.dueOldCertificates(until, limit),
    networks: () => ledger.networks(),
    page: (kind, network, cursor, limit) => through(() => ledger.page(kind, network, cursor, limit)),
  };
}

function crowded(times: readonly number[], most: number, windowMs: number): boolean {
  // A pass waits for a slot between an order's record and its call.
  return times.some(
    (start) => times.filter((at) => at >= start && at < start + windowMs - MINUTE).length > most,
  );
}

const modes = fc.constantFrom<SslMode>('basic', 'advanced');

test('whatever happens, no limit is exceeded; and once all is well again, so are all certificates', async () => {
  await fc.assert(
    fc.asyncProperty(modes, fc.array(step, { minLength: 10, maxLength: 60 }), async (mode, steps) => {
      let interruption: keyof typeof troubles = 'none';
      const faults = { calls: new Set<number>(), after: false, count: 0 };
      const failedAt: number[] = [];
      const sets = new Map<string, number[]>();
      const world = certificateWorld({
        mode,
        onCall: async ({ op }) => {
          const error = troubles[interruption]?.();
          if (error === undefined || interruption === 'lost') return;
          if (op === 'install' || op === 'redeploy') {
            if (interruption === 'refused' || interruption === 'forbidden') failedAt.push(world.clock.now());
            throw error;
          }
          if (interruption === 'unauthorized') throw error;
        },
        onDone: async ({ op }) => {
          if (op !== 'install' && op !== 'redeploy') return;
          const made = world.orders.at(-1);
          const set = `${made?.domainId} ${made?.names.join()}`;
          sets.set(set, [...(sets.get(set) ?? []), made?.at ?? 0]);
          if (interruption === 'lost') throw troubles.lost();
        },
      });
      const services = { ...world.services, ledger: faulty(world.ledger, faults) };
      const live = async (ms: number): Promise<void> => {
        const result = world.clock.now() + ms;
        for (let passes = 0; passes < 5_000; passes += 1) {
          const [next] = world.ledger.scheduled('certificate', result);
          if (next === undefined) break;
          // The sweep comes once a minute, and sends ahead of time.
          await world.time.advance(Math.max(0, next.sendAt - world.clock.now()));
          await world.pass({}, { others: { ledger: services.ledger } });
          const [still] = world.ledger.scheduled('certificate', world.clock.now());
          if (still?.sendAt === next.sendAt) await world.time.advance(MINUTE);
        }
        await world.time.advance(Math.max(0, result - world.clock.now()));
      };

      for (const one of steps) {
        switch (one.do) {
          case 'arrive': {
            const there = (await world.domain(one.name))?.wanted === 'present';
            if (!there) await world.arrive(one.name);
            break;
          }
          case 'leave': {
            const domain = await world.domain(one.name);
            if (domain?.wanted !== 'present') break;
            world.hosting.rows.delete(domain.runcloudId?.id ?? 0);
            world.putDomain({ ...domain, wanted: 'absent', state: 'absent' });
            break;
          }
          case 'retry':
            await world.retry('manual', one.name);
            await world.pass({}, { others: { ledger: services.ledger } }).catch(() => undefined);
            break;
          case 'point':
            if (one.here) world.dns.delete(one.name);
            else world.dns.set(one.name, elsewhere(one.name));
            break;
          case 'runcloud':
            interruption = one.interruption;
            break;
          case 'land':
            world.state.landsAfterMs = one.afterMs;
            break;
          case 'silence':
            world.state.silent = one.silent;
            break;
          case 'uninstall':
            world.served.clear();
            world.runcloud.installed.clear();
            break;
          case 'fault':
            faults.calls = new Set(one.calls.map((call) => call + faults.count));
            faults.after = one.after;
            break;
          case 'side by side':
            await Promise.allSettled(
              [1, 2, 3].map(() => world.pass({}, { others: { ledger: services.ledger } })),
            );
            break;
          case 'live':
            await live(one.ms);
        }
      }

      expect(
        crowded(
          world.orders.map(({ at }) => at),
          mode === 'basic' ? 40 : 160,
          WEEK,
        ),
      ).toBe(false);
      if (mode === 'basic') expect(crowded(failedAt, 4, HOUR)).toBe(false);
      for (const times of sets.values()) expect(crowded(times, 4, WEEK)).toBe(false);

      interruption = 'none';
      faults.calls.clear();
      world.state.landsAfterMs = 0;
      world.state.silent = false;
      world.dns.clear();
      await live(10 * DAY);
      for (const item of world.ledger.all('certificate')) {
        const domain = await world.domain(item.domain);
        if (domain === undefined) continue;
        const wanted = domain.wanted === 'present';
        // A domain that only an ssl_retry has named waits for its hosting.
        if (wanted && domain.state !== 'present') continue;
        expect(item).toMatchObject(
          wanted
            ? { state: 'valid', reason: null, owner: null, toSend: [], orderedAt: null }
            : { state: 'none', dueAt: null, sendAt: null, owner: null, toSend: [] },
        );
      }
      expect((await world.network()).certificates ?? { owner: null }).toMatchObject({ owner: null });
      const ids = world.queue.deadLetters.map(({ id }) => id);
      // A crash between the sending of a dead letter and the note of it sends a copy, with the same id.
      const revisions = new Set(
        world.queue.deadLetters.map(({ message }) => `${message.domain} ${message.deadLetter}`),
      );
      expect(new Set(ids).size).toBe(revisions.size);
      expect((await world.network()).pause).toBeNull();
    }),
    { numRuns: 15, seed: SEED },
  );
});
