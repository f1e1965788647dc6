import { describe, expect, test } from '@jest/globals';
import { keptHistories } from './kept.ts';
import { simulate } from './simulate.ts';

describe('a history that has broken a promise once', () => {
  test.each(keptHistories().map(({ broken, scenario }) => [broken, scenario] as const))(
    'does not break it again: %s',
    async (_broken, scenario) => {
      expect((await simulate(scenario)).faults).toEqual([]);
    },
  );
});
