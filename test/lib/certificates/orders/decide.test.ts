import { describe, expect, test } from '@jest/globals';
import { setOf, WEEK_MS } from '../../../../lib/certificates/order-log/limits.ts';
import { batchReadyAt } from '../../../../lib/certificates/orders/batching.ts';
import { decideOrder, type OrderCase } from '../../../../lib/certificates/orders/decide.ts';
import { timing } from '../../../support/certificates/certificate-world.ts';
import { DAY, HOUR, MINUTE, NOW, SECOND } from '../../../support/sync/items.ts';

const names = ['a.example', 'b.example'];
const set = setOf(names);
const unready = [
  {
    name: 'b.example',
    reason: 'dns-mismatch' as const,
    fix: 'Point an A record for b.example at 203.0.113.10',
    leadsHere: false,
  },
];
function decide(part: Partial<OrderCase> = {}) {
  return decideOrder({
    now: NOW,
    delays: timing,
    mode: 'basic',
    names,
    unready: [],
    oldestReadyAt: NOW,
    orders: [],
    ofNames: [],
    ofRegistered: new Map(),
    ofAccount: [],
    ...part,
  });
}
function order(at: number, includedUnready: readonly string[] = [], ofSet = 'other') {
  return {
    at,
    set: ofSet,
    how: 'install' as const,
    failed: false,
    refused: false,
    error: null,
    includedUnready,
  };
}

describe('names gather', () => {
  const gather = {
    now: NOW,
    delays: timing,
    oldestReadyAt: NOW,
    hostingOpen: false,
    parkingSince: null,
    runningSince: null,
  };

  test.each([
    { title: 'not without a reason', part: {}, until: null },
    {
      title: 'while hosting is open, to be checked no more than once a minute',
      part: { hostingOpen: true },
      until: NOW + MINUTE,
    },
    {
      title: 'not beyond the third minute of the oldest',
      part: { hostingOpen: true, oldestReadyAt: NOW - 175 * SECOND },
      until: NOW + 5 * SECOND,
    },
    {
      title: 'no longer from then on',
      part: { hostingOpen: true, oldestReadyAt: NOW - 3 * MINUTE },
      until: null,
    },
    {
      title: 'three minutes from the moment at which the last name was recorded as parked',
      part: { hostingOpen: true, oldestReadyAt: NOW - HOUR, parkingSince: NOW - 10 * SECOND },
      until: NOW + 20 * SECOND,
    },
    {
      title: 'no longer for a name that could not be taken out by then',
      part: { hostingOpen: true, oldestReadyAt: NOW - HOUR, parkingSince: NOW - 3 * MINUTE },
      until: null,
    },
    {
      title: 'while an order runs, to be checked with its certificate',
      part: { runningSince: NOW - 40 * SECOND },
      until: NOW + 50 * SECOND,
    },
    {
      title: 'while an order runs, however long a name has waited',
      part: { runningSince: NOW - 29 * MINUTE, oldestReadyAt: NOW - 20 * MINUTE },
      until: NOW + 5 * MINUTE,
    },
  ])('$title', ({ part, until }) => {
    expect(batchReadyAt({ ...gather, ...part })).toBe(until);
  });
});

describe('an order', () => {
  test('is made at once where all names pass and no limit is met', () => {
    expect(decide()).toEqual({ kind: 'order', set, includedUnready: [] });
  });

  test('waits for the limits, and only in basic mode is advanced SSL the advice', () => {
    const orders = [1, 2, 3, 4].map((hours) => order(NOW - hours * HOUR, [], set));
    const until = NOW - 4 * HOUR + WEEK_MS;
    const waiting = { kind: 'wait', until, reason: 'order-budget', limit: 'same-names' };
    expect(decide({ orders })).toMatchObject({ ...waiting, fix: expect.stringContaining('advanced SSL') });
    expect(decide({ orders, mode: 'advanced' })).toMatchObject({
      ...waiting,
      fix: expect.not.stringContaining('advanced SSL'),
    });
  });

  test('waits for the limits of another order log too, and says whose it waits for', () => {
    const elsewhere = [10, 20, 30, 40].map((minutes) => ({
      ...order(NOW - minutes * MINUTE),
      failed: true,
    }));
    expect(decide({ ofNames: [[], elsewhere] })).toMatchObject({
      until: NOW + 20 * MINUTE,
      limit: 'failures',
      fix: expect.not.stringContaining('advanced SSL'),
    });
    const times = Array.from({ length: 40 }, (_, n) => NOW - (40 - n) * HOUR);
    const ofRegistered = new Map([
      ['a.example', [NOW]],
      ['b.example', times],
    ]);
    for (const mode of ['basic', 'advanced'] as const) {
      const waiting = decide({ mode, ofRegistered });
      expect(waiting).toMatchObject({ until: NOW - 40 * HOUR + WEEK_MS, limit: 'registered-domain' });
      expect(waiting).toMatchObject({
        fix: expect.stringMatching(/: b\.example has had its orders of the week/),
      });
      expect(waiting).toMatchObject({ fix: expect.not.stringContaining('advanced SSL') });
    }
  });

  test('of 250 in three hours waits: the CA counts 300 against the account that RunCloud orders with', () => {
    const times = Array.from({ length: 250 }, (_, n) => NOW - (250 - n) * 30 * SECOND);
    expect(decide({ mode: 'advanced', ofAccount: times })).toMatchObject({
      kind: 'wait',
      reason: 'order-budget',
      limit: 'account',
      until: NOW - 125 * MINUTE + 3 * HOUR,
      fix: expect.stringContaining('three hours'),
    });
    expect(decide({ mode: 'advanced', ofAccount: times.slice(1) }).kind).toBe('order');
    const yesterday = times.map((at) => at - DAY);
    expect(decide({ mode: 'advanced', ofAccount: yesterday }).kind).toBe('order');
  });

  test.each([
    { count: 40, limit: 'week', mode: 'basic' },
    { count: 30, limit: 'spacing', mode: 'basic' },
    { count: 30, limit: null, mode: 'advanced' },
  ] as const)('of $count in the week waits for $limit in $mode mode', ({ count, limit, mode }) => {
    const orders = Array.from({ length: count }, (_, n) => order(NOW - (count - n) * MINUTE));
    const decision = decide({ mode, orders });
    expect(decision).toMatchObject(limit === null ? { kind: 'order' } : { kind: 'wait', limit });
  });

  test.each([
    { title: 'from the first moment', part: {}, until: NOW + 10 * MINUTE },
    {
      title: 'until the hour is over',
      part: { oldestReadyAt: NOW - 55 * MINUTE },
      until: NOW + 5 * MINUTE,
    },
    {
      title: 'for a day after an order despite it',
      part: { oldestReadyAt: NOW - DAY, orders: [order(NOW - DAY + MINUTE, ['b.example'])] },
      until: NOW + MINUTE,
    },
    {
      title: 'for a day after an order despite it and another, which is fixed',
      part: {
        oldestReadyAt: NOW - DAY,
        orders: [order(NOW - DAY + MINUTE, ['mended.example', 'b.example'])],
      },
      until: NOW + MINUTE,
    },
    {
      title: 'and checked as often for an hour after the order despite it',
      part: { oldestReadyAt: NOW - DAY, orders: [order(NOW - HOUR, ['b.example'])] },
      until: NOW + 10 * MINUTE,
    },
    {
      title: 'and checked less often the longer it holds',
      part: { oldestReadyAt: NOW - DAY, orders: [order(NOW - 12 * HOUR, ['b.example'])] },
      until: NOW + 2 * HOUR,
    },
  ])('is held by a bad name $title, and says which and why', ({ part, until }) => {
    const decision = decide({ unready, ...part });
    expect(decision).toMatchObject({ kind: 'wait', until, reason: 'held-by-name' });
    expect(decision.kind === 'wait' && decision.fix).toMatch(
      /^b\.example .*Point an A record for b\.example/,
    );
  });

  test.each([
    { title: 'an hour', part: { oldestReadyAt: NOW - HOUR } },
    {
      title: 'a day since the last one despite it',
      part: { oldestReadyAt: NOW - 2 * DAY, orders: [order(NOW - DAY, ['b.example'])] },
    },
    {
      title: 'an hour, though another name was bad lately',
      part: { oldestReadyAt: NOW - HOUR, orders: [order(NOW - 2 * HOUR, ['mended.example'])] },
    },
  ])('is made despite a bad name after $title', ({ part }) => {
    expect(decide({ unready, ...part })).toEqual({ kind: 'order', set, includedUnready: ['b.example'] });
  });
});
