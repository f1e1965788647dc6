import { describe, expect, test } from '@jest/globals';
import { countingGuard, watchedLedger } from '../../../functions/services/runcloud-metrics.ts';
import type { RuncloudMetrics } from '../../../lib/observability/metrics.ts';
import { networkKey, rateLimitKey } from '../../../lib/sync/ledger/keys.ts';
import { freshNetwork } from '../../../lib/sync/network/circuit-breaker.ts';
import { freshRateLimit } from '../../../lib/sync/network/rate-limit.ts';
import { memoryLedger } from '../../doubles/ledger.ts';

function heard() {
  const told: unknown[] = [];
  const metrics: RuncloudMetrics = {
    called: (answer) => void told.push(answer),
    callsThisMonth: (count) => void told.push(count),
  };
  return { told, metrics };
}

const silence = { limit: undefined, remaining: undefined, retryAfterMs: undefined };

describe("RunCloud's answers", () => {
  test.each([
    [200, '2xx'],
    [204, '2xx'],
    [302, '3xx'],
    [404, '404'],
    [429, '429'],
    [503, '5xx'],
    [undefined, 'no-answer'],
  ])('%s is counted as %s, and told to the gate as it came', async (status, word) => {
    const { told, metrics } = heard();
    const passed: unknown[] = [];
    const guard = {
      before: async () => undefined,
      after: async (answer: unknown) => void passed.push(answer),
    };
    const watched = countingGuard(guard, metrics);
    await watched.before();
    expect(told).toEqual([]);
    await watched.after({ status, ...silence });
    expect(told).toEqual([word]);
    expect(passed).toEqual([{ status, ...silence }]);
  });

  test('a call that the gate keeps from being made is none', async () => {
    const { told, metrics } = heard();
    const guard = { before: () => Promise.reject(new Error('not now')), after: async () => undefined };
    await expect(countingGuard(guard, metrics).before()).rejects.toThrow('not now');
    expect(told).toEqual([]);
  });
});

describe("a credential's calls of the month", () => {
  const key = rateLimitKey('f00dfeedf00dfeed');
  const calls = { month: '2026-11', count: 17 };
  const counted = { ...freshRateLimit, calls };

  test('are told when they are written, and only then', async () => {
    const { told, metrics } = heard();
    const ledger = watchedLedger(memoryLedger(), metrics);
    expect(await ledger.write(key, counted, 0)).toBe(true);
    expect(told).toEqual([17]);
    expect((await ledger.read(key))?.item).toEqual(counted);
    expect(await ledger.write(key, counted, 0)).toBe(false);
    expect(told).toHaveLength(1);
  });

  test('are nothing to tell before the first call, and those of a network are not all of them', async () => {
    const { told, metrics } = heard();
    const ledger = watchedLedger(memoryLedger(), metrics);
    await ledger.write(key, freshRateLimit, 0);
    await ledger.write(networkKey('acme'), { ...freshNetwork('acme'), calls }, 0);
    expect(told).toEqual([]);
  });
});
