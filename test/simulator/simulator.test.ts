import { execFile } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { SEED } from '../support/seed.ts';
import { plants } from './plants.ts';
import { scenarios } from './scenario.ts';
import { simulate } from './simulate.ts';

const file = (name: string) => fileURLToPath(new URL(name, import.meta.url));

describe('whatever fails, in whatever order', () => {
  test('the last word about every domain comes true, and nothing else does', async () => {
    const property = fc.asyncProperty(scenarios, async (scenario) => {
      expect((await simulate(scenario)).faults).toEqual([]);
    });
    await fc.assert(property, { numRuns: 200, seed: SEED });
  });

  test('one seed always gives one history', async () => {
    const [scenario] = fc.sample(scenarios, { numRuns: 1, seed: 11 });
    if (scenario === undefined) throw new Error('no sample');
    const rough = { ...scenario, roughness: 1 };
    expect((await simulate(rough)).log).toEqual((await simulate(rough)).log);
  });
});

describe('the simulator finds', () => {
  const run = promisify(execFile);
  test.each(plants.map(({ name, focus = {} }) => [name, focus] as const))('%s', async (name, focus) => {
    // Its own process: the fault is planted while the code is loaded, and nothing else may see it.
    const search = run(
      process.execPath,
      [
        '--import',
        file('plant-hook.ts'),
        file('main.ts'),
        '--any',
        '--runs',
        '3000',
        '--seed',
        '1',
        '--focus',
        JSON.stringify(focus),
      ],
      { env: { PLANT: name }, maxBuffer: 64 * 1024 * 1024 },
    );
    await expect(search).rejects.toMatchObject({ code: 1, stdout: expect.stringContaining('BROKEN') });
  });
});
