import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import { nextDaily, scheduleAtRest } from '../../../../lib/sync/network/daily.ts';
import { DAY, HOUR, NETWORK, NOW, SECOND } from '../../../support/sync/items.ts';

const networks = fc.stringMatching(/^[a-z0-9-]{1,32}$/);
const instants = fc.integer({ min: 0, max: NOW * 2 });

test('the next daily work is at least an hour and at most 25 hours away', () => {
  fc.assert(
    fc.property(networks, instants, (network, now) => {
      const waitMs = nextDaily(network, now) - now;
      expect(waitMs).toBeGreaterThanOrEqual(HOUR);
      expect(waitMs).toBeLessThan(25 * HOUR);
    }),
  );
});

test('a network keeps its time of day, however late its work runs', () => {
  fc.assert(
    fc.property(networks, instants, fc.integer({ min: 0, max: 22 * HOUR }), (network, now, late) => {
      const first = nextDaily(network, now);
      expect(nextDaily(network, first + late)).toBe(first + DAY);
    }),
  );
});

test('networks that were set up at one moment are spread over the day', () => {
  const hours = Array.from({ length: 240 }, (_, n) =>
    Math.floor((nextDaily(`network-${n}`, NOW) % DAY) / HOUR),
  );
  for (let hour = 0; hour < 24; hour++) {
    const count = hours.filter((it) => it === hour).length;
    expect(count).toBeGreaterThan(0);
    expect(count).toBeLessThan(30);
  }
});

test('a network without other work is due for its comparison; one that never claimed an application is not due', () => {
  const dueAt = nextDaily(NETWORK, NOW);
  const certificates = null;
  expect(scheduleAtRest({ toSend: [], comparison: { dueAt, begunAt: null }, certificates })).toEqual({
    dueAt,
    sendAt: dueAt,
  });
  expect(scheduleAtRest({ toSend: [], comparison: null, certificates })).toEqual({
    dueAt: null,
    sendAt: null,
  });
});

test('a network whose certificates are leased is due when that lease has ended on every clock', () => {
  const certificates = { owner: 'worker-1', leaseUntil: NOW, orders: [], ordered: [], suspects: [] };
  const leaseEnd = { dueAt: NOW + 5 * SECOND, sendAt: NOW + 5 * SECOND };
  const sooner = NOW + SECOND;
  expect(
    scheduleAtRest({ toSend: [], comparison: { dueAt: NOW + HOUR, begunAt: null }, certificates }),
  ).toEqual(leaseEnd);
  expect(scheduleAtRest({ toSend: [], comparison: null, certificates })).toEqual(leaseEnd);
  expect(scheduleAtRest({ toSend: [], comparison: { dueAt: sooner, begunAt: null }, certificates })).toEqual({
    dueAt: sooner,
    sendAt: sooner,
  });
});
