import { describe, expect, test } from '@jest/globals';
import {
  backingOff,
  type ChosenDelay,
  countedWait,
  nextDelay,
} from '../../../../../lib/sync/ledger/work/backoff.ts';
import { fc } from '../../../../support/property.ts';
import { delays, HOUR, NOW, SECOND } from '../../../../support/sync/items.ts';

const passing = { failure: 'passing', retryAfterMs: undefined } as const;
const refused = { failure: 'refused', retryAfterMs: undefined } as const;
const fresh = { attempts: 0, waitedMs: 0, refusedMs: 0 };
/** The counts if a pass comes this long after the wait was chosen. */
function countedAfter(counts: typeof fresh, chosen: ChosenDelay, ms: number): typeof fresh {
  const { attempts, backoff } = backingOff(counts, chosen, NOW);
  const { waitedMs, refusedMs } = countedWait({ ...counts, backoff }, NOW + ms);
  return { attempts, waitedMs, refusedMs };
}
function leastRandom() {
  return 0;
}
function mostRandom() {
  return 1 - Number.EPSILON;
}

function wait(...args: Parameters<typeof nextDelay>): ChosenDelay {
  const chosen = nextDelay(...args);
  if (chosen === undefined) throw new Error('It gave up');
  return chosen;
}

describe('the wait after a failure', () => {
  test('begins with the first wait and doubles with each failure', () => {
    const lengths = [0, 1, 2, 3].map(
      (attempts) => wait(passing, { ...fresh, attempts }, delays, leastRandom).waitMs,
    );
    expect(lengths).toEqual([30, 60, 120, 240].map((seconds) => seconds * SECOND));
  });

  test('is spread over a quarter more', () => {
    expect(wait(passing, fresh, delays, mostRandom).waitMs).toBeCloseTo(37.5 * SECOND);
    expect(wait(passing, fresh, delays, () => 0.5).waitMs).toBe(33.75 * SECOND);
  });

  test('grows to the last wait and no further, jitter included', () => {
    for (const attempts of [12, 40, 5_000]) {
      const chosen = wait(passing, { ...fresh, attempts }, delays, mostRandom);
      expect(chosen.waitMs).toBeLessThanOrEqual(4 * HOUR);
      expect(chosen.waitMs).toBeGreaterThan(3.9 * HOUR);
    }
  });

  test('is never shorter than RunCloud asked for', () => {
    const asked = { ...passing, retryAfterMs: 90 * SECOND };
    expect(wait(asked, fresh, delays, mostRandom).waitMs).toBe(90 * SECOND);
  });

  test('is not shortened by what RunCloud asked for', () => {
    const asked = { ...passing, retryAfterMs: SECOND };
    expect(wait(asked, fresh, delays, leastRandom).waitMs).toBe(30 * SECOND);
  });

  test('honours no more than the last wait of what RunCloud asks for', () => {
    const asked = { ...passing, retryAfterMs: 24 * HOUR };
    expect(wait(asked, fresh, delays, leastRandom).waitMs).toBe(4 * HOUR);
  });

  test('counts as an attempt and towards its own way of giving up only', () => {
    const counts = { attempts: 1, waitedMs: 30 * SECOND, refusedMs: 7 * SECOND };
    expect(countedAfter(counts, wait(passing, counts, delays, leastRandom), HOUR)).toEqual({
      attempts: 2,
      waitedMs: 90 * SECOND,
      refusedMs: 7 * SECOND,
    });
    expect(countedAfter(counts, wait(refused, counts, delays, leastRandom), HOUR)).toEqual({
      attempts: 2,
      waitedMs: 30 * SECOND,
      refusedMs: 67 * SECOND,
    });
  });

  test('is the schedule until it is over', () => {
    expect(backingOff({ attempts: 1 }, { waitMs: HOUR, counter: 'refusedMs' }, NOW)).toEqual({
      attempts: 2,
      backoff: { since: NOW, until: NOW + HOUR, counter: 'refusedMs' },
      dueAt: NOW + HOUR,
      sendAt: NOW + HOUR,
    });
  });
});

describe('a wait that others cut short', () => {
  const chosen = { waitMs: HOUR, counter: 'waitedMs' } as const;

  test.each([
    ['counts as far as it has passed', HOUR / 4, HOUR / 4],
    ['counts in full if the pass is early by what clocks may differ', HOUR - 5 * SECOND, HOUR],
    ['counts no more than it was long, however late the pass', 3 * HOUR, HOUR],
    ['counts nothing before it has begun', -SECOND, 0],
  ])('%s', (_title, afterMs, waitedMs) => {
    expect(countedAfter(fresh, chosen, afterMs)).toEqual({ attempts: 1, waitedMs, refusedMs: 0 });
  });

  test('counts as far as it has passed also if it was short', () => {
    const short = { waitMs: 4 * SECOND, counter: 'waitedMs' } as const;
    expect(countedAfter(fresh, short, SECOND).waitedMs).toBe(SECOND);
    expect(countedAfter(fresh, short, 3 * SECOND).waitedMs).toBe(4 * SECOND);
  });

  test('is counted once', () => {
    const { backoff } = backingOff(fresh, chosen, NOW);
    const once = countedWait({ ...fresh, backoff }, NOW + HOUR);
    expect(countedWait(once, NOW + 2 * HOUR)).toEqual({ waitedMs: HOUR, refusedMs: 0, backoff: null });
  });
});

describe('giving up', () => {
  test('comes after 15 hours of waits for what passes', () => {
    expect(nextDelay(passing, { ...fresh, waitedMs: 15 * HOUR - 1 }, delays, leastRandom)).toBeDefined();
    expect(nextDelay(passing, { ...fresh, waitedMs: 15 * HOUR }, delays, leastRandom)).toBeUndefined();
  });

  test('comes after one hour of waits for a refusal', () => {
    expect(nextDelay(refused, { ...fresh, refusedMs: HOUR - 1 }, delays, leastRandom)).toBeDefined();
    expect(nextDelay(refused, { ...fresh, refusedMs: HOUR }, delays, leastRandom)).toBeUndefined();
  });

  test('of the one kind says nothing about the other', () => {
    expect(nextDelay(refused, { ...fresh, waitedMs: 20 * HOUR }, delays, leastRandom)).toBeDefined();
    expect(nextDelay(passing, { ...fresh, refusedMs: 2 * HOUR }, delays, leastRandom)).toBeDefined();
  });

  test('does not come before one pass at the very end of the time', () => {
    const last = wait(passing, { ...fresh, attempts: 9, waitedMs: 15 * HOUR - SECOND }, delays, leastRandom);
    expect(last.waitMs).toBe(SECOND);
    expect(
      nextDelay(
        passing,
        countedAfter({ ...fresh, waitedMs: 15 * HOUR - SECOND }, last, SECOND),
        delays,
        leastRandom,
      ),
    ).toBeUndefined();
  });
});

const failures = fc.record({
  failure: fc.constantFrom('passing', 'refused', 'network'),
  retryAfterMs: fc.constant(undefined),
});
const askingFailures = fc.record({
  failure: fc.constantFrom('passing', 'refused', 'network'),
  retryAfterMs: fc.option(fc.nat({ max: 48 * HOUR }), { nil: undefined }),
});

function until(
  next: () => { failure: 'passing' | 'refused' | 'network'; retryAfterMs: number | undefined },
  random: () => number,
) {
  let counts = fresh;
  let last: ChosenDelay | undefined;
  let passes = 0;
  for (; passes < 5_000; passes++) {
    const chosen = nextDelay(next(), counts, delays, random);
    if (chosen === undefined) return { counts, last, passes };
    expect(chosen.waitMs).toBeGreaterThan(0);
    counts = countedAfter(counts, chosen, chosen.waitMs);
    last = chosen;
  }
  throw new Error('It never gave up');
}

describe('whatever fails', () => {
  test('the waits end, and never exceed what they are allowed', () => {
    fc.assert(
      fc.property(
        fc.array(failures, { minLength: 1, maxLength: 8 }),
        fc.infiniteStream(fc.double({ min: 0, max: 0.999, noNaN: true })),
        (met, dice) => {
          let pass = 0;
          const { counts } = until(
            () => met[pass++ % met.length] ?? passing,
            () => dice.next().value ?? 0,
          );
          expect(counts.waitedMs).toBeLessThanOrEqual(delays.givingUpMs);
          expect(counts.refusedMs).toBeLessThanOrEqual(delays.refusedMs);
        },
      ),
    );
  });

  test('what RunCloud asks for stretches the allowance by one last wait at most', () => {
    fc.assert(
      fc.property(fc.array(askingFailures, { minLength: 1, maxLength: 8 }), (met) => {
        let pass = 0;
        const { counts } = until(
          () => met[pass++ % met.length] ?? passing,
          () => 0.5,
        );
        expect(counts.waitedMs).toBeLessThan(delays.givingUpMs + delays.lastMs);
        expect(counts.refusedMs).toBeLessThan(delays.refusedMs + delays.lastMs);
      }),
    );
  });
});
