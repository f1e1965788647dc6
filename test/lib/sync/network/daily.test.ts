import { expect, test } from '@jest/globals';
import { nextDaily, scheduleAtRest } from '../../../../lib/sync/network/daily.ts';
import { fc } from '../../../support/property.ts';
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
  const rest = { toSend: [], certificates: null, certificatesAt: null };
  expect(scheduleAtRest({ ...rest, comparison: { dueAt, begunAt: null } })).toEqual({ dueAt, sendAt: dueAt });
  expect(scheduleAtRest({ ...rest, comparison: null })).toEqual({
    dueAt: null,
    sendAt: null,
  });
});

const leaseOf010 = { owner: 'worker-1', leaseUntil: NOW, orders: [], ordered: [], suspects: [] };

test.each([
  [
    'a lease has refused a worker of the certificates',
    { certificates: null, certificatesAt: NOW + 5 * SECOND },
  ],
  [
    'a worker of 0.1.0 holds the lease on its certificates',
    { certificates: leaseOf010, certificatesAt: null },
  ],
])('a network where %s is due when that has ended on every clock', (_title, asked) => {
  const leaseEnd = { dueAt: NOW + 5 * SECOND, sendAt: NOW + 5 * SECOND };
  const sooner = NOW + SECOND;
  const rest = { toSend: [], ...asked };
  const comparedAt = (dueAt: number) => ({ comparison: { dueAt, begunAt: null } });
  expect(scheduleAtRest({ ...rest, ...comparedAt(NOW + HOUR) })).toEqual(leaseEnd);
  expect(scheduleAtRest({ ...rest, comparison: null })).toEqual(leaseEnd);
  expect(scheduleAtRest({ ...rest, ...comparedAt(sooner) })).toEqual({ dueAt: sooner, sendAt: sooner });
});
