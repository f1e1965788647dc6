import { describe, expect, test } from '@jest/globals';
import type { RateLimitItem } from '../../../../../lib/sync/ledger/items/shared-items.ts';
import { rateLimitKey } from '../../../../../lib/sync/ledger/keys.ts';
import type { CallAnswer } from '../../../../../lib/sync/ledger/runcloud-ports.ts';
import { follow } from '../../../../../lib/sync/ledger/updates/followed.ts';
import { updateItem } from '../../../../../lib/sync/ledger/updates/update.ts';
import {
  noCalls,
  planOf,
  rateCounted,
  rateLimited,
  returnUnused,
} from '../../../../../lib/sync/network/limits/rate-limit.ts';
import { freshRateLimit, learnFrom, reserveSlot } from '../../../../../lib/sync/network/limits/slots.ts';
import { memoryLedger } from '../../../../doubles/ledger.ts';
import { manualClock } from '../../../../doubles/manual-clock.ts';
import { seededRandom } from '../../../../simulator/chance/random.ts';
import { DAY, HOUR, MINUTE, NOW, SECOND, written } from '../../../../support/sync/items.ts';

function rateLimit(part: Partial<RateLimitItem> = {}): RateLimitItem {
  return {
    ...freshRateLimit,
    nextFreeAt: NOW,
    ...part,
  };
}

function told(part: Partial<CallAnswer> = {}): CallAnswer {
  return {
    status: 200,
    limit: undefined,
    remaining: undefined,
    retryAfterMs: undefined,
    ...part,
  };
}

const FINGERPRINT = 'f00dfeedf00dfeed';

describe('slots for calls', () => {
  const take = reserveSlot(NOW);

  test('lie a minute’s share apart: 60 a minute until RunCloud says otherwise', () => {
    const first = take(undefined);
    expect(first.result).toEqual({
      kind: 'taken',
      at: NOW,
      callsThisMonth: 1,
      following: [],
      until: NOW + SECOND,
    });
    expect(take(first.write).result).toMatchObject({ at: NOW + SECOND, callsThisMonth: 2 });
  });

  test('lie as far apart as the limit that was learnt', () => {
    expect(written(take(rateLimit({ limitPerMinute: 120 }))).nextFreeAt).toBe(NOW + 500);
  });

  test('that were not used are gone: no call catches up', () => {
    expect(take(rateLimit({ nextFreeAt: NOW - HOUR })).write?.nextFreeAt).toBe(NOW + SECOND);
  });

  test('are taken up to two seconds ahead; further away they are left to others', () => {
    expect(take(rateLimit({ nextFreeAt: NOW + 2 * SECOND })).result.kind).toBe('taken');
    const far = take(rateLimit({ nextFreeAt: NOW + 2 * SECOND + 1 }));
    expect(far).toEqual({ result: { kind: 'too-far', at: NOW + 2 * SECOND + 1 } });
  });

  test('are counted by the month in UTC', () => {
    const november = written(take(written(take(undefined))));
    expect(november.calls).toEqual({ month: '2026-11', count: 2 });
    const december = reserveSlot(Date.parse('2026-12-01T00:00:00.000Z'))(november);
    expect(december.write?.calls).toEqual({ month: '2026-12', count: 1 });
  });

  test('that are too far away are not counted, and neither is what an answer teaches', () => {
    const item = rateLimit({ nextFreeAt: NOW + HOUR, calls: { month: '2026-11', count: 7 } });
    expect(take(item).write).toBeUndefined();
    expect(learnFrom(told({ status: 429 }), NOW)(item).write?.calls).toEqual(item.calls);
  });

  test('of an unused credential are forgotten, but not before the month that they count is over', () => {
    expect(written(take(undefined)).expiresAt).toBe(Math.ceil((NOW + 32 * DAY) / SECOND));
  });
});

describe('an answer teaches', () => {
  const learn = (answer: CallAnswer, item: RateLimitItem = rateLimit()) => learnFrom(answer, NOW)(item).write;

  test('nothing when it says nothing new', () => {
    expect(learn(told())).toBeUndefined();
    expect(learn(told({ limit: 60, remaining: 59 }))).toBeUndefined();
  });

  test('the limit its header names', () => {
    expect(learn(told({ limit: 30 }))?.limitPerMinute).toBe(30);
  });

  test('no limit of nothing, which would stop all calls', () => {
    expect(learn(told({ limit: 0 }))).toBeUndefined();
  });

  test('to slow down when few calls are left, before there is a 429', () => {
    expect(learn(told({ remaining: 3 }))).toBeUndefined();
    expect(learn(told({ remaining: 2 }))?.nextFreeAt).toBe(NOW + SECOND);
  });

  test('after a 429 to leave RunCloud alone for as long as it asks', () => {
    expect(learn(told({ status: 429, retryAfterMs: 40 * SECOND }))?.nextFreeAt).toBe(NOW + 40 * SECOND);
  });

  test('after a 429 without Retry-After to wait for ten slots', () => {
    expect(learn(told({ status: 429 }))?.nextFreeAt).toBe(NOW + 10 * SECOND);
  });

  test('never to come earlier than was known before', () => {
    const item = rateLimit({ nextFreeAt: NOW + MINUTE });
    expect(learn(told({ status: 429, retryAfterMs: SECOND }), item)?.nextFreeAt).toBe(NOW + MINUTE);
  });

  test('to call once in a quarter of an hour all the same, so that a spent quota is seen', () => {
    const { nextFreeAt } = learn(told({ status: 429, retryAfterMs: DAY })) ?? rateLimit();
    expect(nextFreeAt).toBe(NOW + 15 * MINUTE);
  });
});

describe('the gate of a worker', () => {
  const gateWorld = () => {
    const ledger = memoryLedger();
    const clock = manualClock(NOW);
    const count = noCalls();
    const reported: number[] = [];
    const reportCallsThisMonth = (calls: number) => void reported.push(calls);
    const guard = (fingerprint = FINGERPRINT, patientUntil?: number) =>
      rateLimited(
        { clock, random: () => 0.5, reportCallsThisMonth },
        follow(ledger, rateLimitKey(fingerprint)),
        count,
        { patientUntil },
      );
    return { ledger, clock, guard, count, reported };
  };

  test('waits for the next free slot', async () => {
    const { clock, guard } = gateWorld();
    await guard().before();
    const passed: number[] = [];
    const second = guard()
      .before()
      .then(() => passed.push(clock.now()));
    await clock.advance(0);
    await clock.advance(999);
    expect(passed).toEqual([]);
    await clock.advance(1);
    await second;
    expect(passed).toEqual([NOW + SECOND]);
  });

  test('gives workers that share a credential one slot each', async () => {
    const { clock, guard, ledger } = gateWorld();
    const passed: number[] = [];
    const workers = Array.from({ length: 3 }, () =>
      guard()
        .before()
        .then(() => passed.push(clock.now() - NOW)),
    );
    // All of them have asked for a slot before time goes on.
    await clock.advance(0);
    await clock.advance(MINUTE);
    await Promise.all(workers);
    expect(passed).toEqual([0, 1, 2].map((n) => n * SECOND));
    expect((await ledger.read(rateLimitKey(FINGERPRINT)))?.item.nextFreeAt).toBe(NOW + 3 * SECOND);
  });

  const planned = async (calls: number, nextFreeAt: number) => {
    const { clock, ledger, reported, count } = gateWorld();
    ledger.put(rateLimitKey(FINGERPRINT), rateLimit({ nextFreeAt }));
    const services = {
      clock,
      random: () => 0.5,
      reportCallsThisMonth: (calls: number) => void reported.push(calls),
    };
    const slots = follow(ledger, rateLimitKey(FINGERPRINT));
    const plan = planOf(3);
    const gate = rateLimited(services, slots, count, {
      patientUntil: NOW + MINUTE,
      plan,
    });
    const passed: number[] = [];
    const made = (async () => {
      for (let call = 1; call <= calls; call += 1) {
        await gate.before();
        passed.push(clock.now() - NOW);
      }
    })();
    await clock.advance(0);
    for (let step = 0; step < 5; step += 1) await clock.advance(SECOND);
    await made;
    const stored = async () => {
      const read = await ledger.read(rateLimitKey(FINGERPRINT));
      return { writes: read?.writes, nextFreeAt: read?.item.nextFreeAt, calls: read?.item.calls?.count };
    };
    return { clock, ledger, slots, plan, passed, reported, stored };
  };

  test('takes the slots of the calls that follow with the first, by one write, and counts them', async () => {
    const { passed, reported, stored } = await planned(4, NOW);
    expect(passed).toEqual([0, 1, 2, 3].map((n) => n * SECOND));
    // The plan is over with its last call.
    expect(reported).toEqual([3, 4]);
    expect(await stored()).toMatchObject({ writes: 3, nextFreeAt: NOW + 4 * SECOND });
  });

  test('lets calls whose slots were taken together follow at once where as many slots have passed unused', async () => {
    const { passed, stored } = await planned(4, NOW - 2 * SECOND);
    expect(passed).toEqual([0, 0, 0, 3 * SECOND]);
    expect(await stored()).toMatchObject({ nextFreeAt: NOW + 4 * SECOND });
    expect((await planned(3, NOW - 2 * SECOND + 1)).passed).toEqual([0, SECOND, 2 * SECOND]);
  });

  test('never has more calls in a minute than its limit, however the calls come', () => {
    const random = seededRandom(11);
    let item = rateLimit({ nextFreeAt: NOW - HOUR });
    const calls: number[] = [];
    for (let now = NOW, n = 0; n < 3_000; n += 1) {
      now += random.chance(0.3) ? random.between(0, 9_000) : random.between(0, 700);
      const { write, result } = reserveSlot(now, now + MINUTE, random.between(1, 5))(item);
      if (result.kind === 'too-far') continue;
      item = write ?? item;
      calls.push(result.at, ...result.following);
    }
    const sorted = calls.toSorted((a, b) => a - b);
    const most = sorted.map((at, n) => sorted.slice(n, n + 62).filter((other) => other < at + MINUTE).length);
    expect(Math.max(...most)).toBeLessThanOrEqual(60);
  });

  test('gives back the slots of a plan that were not used, and does not count them', async () => {
    const { clock, slots, plan, stored } = await planned(1, NOW - HOUR);
    expect(await stored()).toMatchObject({ nextFreeAt: NOW + 3 * SECOND, calls: 3 });
    await returnUnused(slots, plan, clock.now());
    expect(await stored()).toMatchObject({ nextFreeAt: NOW + SECOND, calls: 1, writes: 3 });
    await returnUnused(slots, plan, clock.now());
    expect(await stored()).toMatchObject({ writes: 3 });
  });

  test('leaves slots that were not used where others have taken later ones', async () => {
    const { clock, ledger, slots, plan, stored } = await planned(1, NOW - HOUR);
    await updateItem(ledger, rateLimitKey(FINGERPRINT), reserveSlot(NOW, NOW + MINUTE));
    await returnUnused(slots, plan, clock.now());
    expect(await stored()).toMatchObject({ nextFreeAt: NOW + 4 * SECOND, calls: 2 });
  });

  test('keeps credentials apart', async () => {
    const { clock, guard } = gateWorld();
    await guard('aaaaaaaaaaaaaaaa').before();
    await guard('bbbbbbbbbbbbbbbb').before();
    expect(clock.now()).toBe(NOW);
  });

  test('lets work that has made a call wait as long as it has time, and no longer', async () => {
    const { ledger, clock, guard, count } = gateWorld();
    ledger.put(rateLimitKey(FINGERPRINT), rateLimit({ limitPerMinute: 1 }));
    const patient = guard(FINGERPRINT, NOW + 2 * MINUTE);
    await patient.before();
    const waited: number[] = [];
    const later = (async () => {
      await patient.before();
      waited.push(clock.now() - NOW);
      await patient.before();
      waited.push(clock.now() - NOW);
      await patient.before();
    })();
    const sentAway = expect(later).rejects.toMatchObject({ until: NOW + 3 * MINUTE + 10 * SECOND });
    for (let step = 0; step < 13; step += 1) await clock.advance(10 * SECOND);
    await sentAway;
    expect(waited).toEqual([MINUTE, 2 * MINUTE]);
    expect(count.made).toBe(3);
  });

  test('refuses, with jitter, a worker that would wait too long, and makes no call', async () => {
    const { ledger, guard, count } = gateWorld();
    await ledger.write(rateLimitKey(FINGERPRINT), rateLimit({ nextFreeAt: NOW + MINUTE }), 0);
    await expect(guard().before()).rejects.toMatchObject({
      name: 'NotBefore',
      until: NOW + MINUTE + 10 * SECOND,
      reason: null,
    });
    expect(count.made).toBe(0);
  });

  test('counts every call, and of the answers all but 429', async () => {
    const { guard, count } = gateWorld();
    await guard().before();
    expect(count).toEqual({ made: 1, answered: 0 });
    for (const status of [429, undefined, 200, 404, 503]) await guard().after(told({ status }));
    expect(count).toEqual({ made: 1, answered: 3 });
  });

  test('reports the calls of the month once for each call, those of other workers among them', async () => {
    const { clock, guard, ledger, reported } = gateWorld();
    const calls = { month: '2026-11', count: 16 };
    await ledger.write(rateLimitKey(FINGERPRINT), rateLimit({ calls }), 0);
    // Both read the same item, so the second has to write once more.
    const both = Promise.all([guard().before(), guard().before()]);
    await clock.advance(0);
    await clock.advance(SECOND);
    await both;
    await guard().after(told({ limit: 20 }));
    expect(reported).toEqual([17, 18]);
  });

  test('reports nothing for a call that it sends away', async () => {
    const { ledger, guard, reported } = gateWorld();
    await ledger.write(rateLimitKey(FINGERPRINT), rateLimit({ nextFreeAt: NOW + MINUTE }), 0);
    await expect(guard().before()).rejects.toMatchObject({ name: 'NotBefore' });
    expect(reported).toEqual([]);
  });

  test('learns for all', async () => {
    const { guard, ledger } = gateWorld();
    await guard().after(told({ limit: 20 }));
    expect((await ledger.read(rateLimitKey(FINGERPRINT)))?.item.limitPerMinute).toBe(20);
  });
});

describe('the gate of a live read', () => {
  test('takes its slot and never waits for it', async () => {
    const ledger = memoryLedger();
    const clock = manualClock(NOW);
    const reported: number[] = [];
    const reportCallsThisMonth = (calls: number) => void reported.push(calls);
    const guard = rateCounted({ ledger, clock, reportCallsThisMonth }, FINGERPRINT);
    await ledger.write(rateLimitKey(FINGERPRINT), rateLimit({ nextFreeAt: NOW + HOUR }), 0);
    await guard.before();
    expect(clock.now()).toBe(NOW);
    const stored = (await ledger.read(rateLimitKey(FINGERPRINT)))?.item;
    expect(stored).toMatchObject({ nextFreeAt: NOW + HOUR, calls: { month: '2026-11', count: 1 } });
    expect(reported).toEqual([1]);
  });

  test('delays workers by its slot, but never beyond their longest wait, however often it is called', async () => {
    const ledger = memoryLedger();
    const clock = manualClock(NOW);
    const services = { ledger, clock, random: () => 0, reportCallsThisMonth: () => undefined };
    const live = rateCounted(services, FINGERPRINT);
    await live.before();
    expect((await ledger.read(rateLimitKey(FINGERPRINT)))?.item.nextFreeAt).toBe(NOW + SECOND);
    for (let read = 0; read < 200; read += 1) await live.before();
    const stored = (await ledger.read(rateLimitKey(FINGERPRINT)))?.item;
    expect(stored).toMatchObject({ nextFreeAt: NOW + SECOND, calls: { count: 201 } });
    const waiting = rateLimited(
      services,
      follow(services.ledger, rateLimitKey(FINGERPRINT)),
      noCalls(),
    ).before();
    await clock.advance(SECOND);
    await expect(waiting).resolves.toBeUndefined();
  });

  test('learns like any other', async () => {
    const ledger = memoryLedger();
    const services = { ledger, clock: manualClock(NOW), reportCallsThisMonth: () => undefined };
    const guard = rateCounted(services, FINGERPRINT);
    await guard.after(told({ status: 429, retryAfterMs: MINUTE }));
    expect((await ledger.read(rateLimitKey(FINGERPRINT)))?.item.nextFreeAt).toBe(NOW + MINUTE);
  });
});
