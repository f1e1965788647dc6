import { describe, expect, test } from '@jest/globals';
import { countingGuard } from '../../../functions/services/counting-guard.ts';

function recordedMetrics() {
  const counted: unknown[] = [];
  const metrics = { called: (answer: string) => void counted.push(answer) };
  return { counted, metrics };
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
  ])('%s is counted as %s, and passed to the guard as it came', async (status, group) => {
    const { counted, metrics } = recordedMetrics();
    const passed: unknown[] = [];
    const guard = {
      before: async () => undefined,
      after: async (answer: unknown) => void passed.push(answer),
    };
    const watched = countingGuard(guard, metrics);
    await watched.before();
    expect(counted).toEqual([]);
    await watched.after({ status, ...silence });
    expect(counted).toEqual([group]);
    expect(passed).toEqual([{ status, ...silence }]);
  });

  test('does not count a call that the guard refuses', async () => {
    const { counted, metrics } = recordedMetrics();
    const guard = { before: () => Promise.reject(new Error('not now')), after: async () => undefined };
    await expect(countingGuard(guard, metrics).before()).rejects.toThrow('not now');
    expect(counted).toEqual([]);
  });
});
