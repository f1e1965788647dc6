import { execFile } from 'node:child_process';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';

const run = promisify(execFile);
const root = join(import.meta.dirname, '..');

const passed = { status: 'passed', fullName: 'adds' };

/** What jest writes about ten tests in two files that passed. */
const good = {
  numPassedTests: 10,
  numFailedTests: 0,
  numPendingTests: 0,
  numTodoTests: 0,
  numTotalTestSuites: 2,
  numRuntimeErrorTestSuites: 0,
  testResults: [
    { name: 'one.test.ts', status: 'passed', assertionResults: [passed, passed] },
    { name: 'other.test.ts', status: 'passed', assertionResults: [passed] },
  ],
};

describe('what .ci/run counts of a run of jest', () => {
  let dir: string;

  beforeAll(async () => {
    dir = await mkdtemp(join(tmpdir(), 'ci-test-'));
  });

  afterAll(() => rm(dir, { recursive: true }));

  const count = async (changes: Partial<typeof good> = {}) => {
    const file = join(dir, 'result.json');
    await writeFile(file, JSON.stringify({ ...good, ...changes }));
    const { stdout } = await run(process.execPath, [join(root, '.ci', 'count.js'), 'test', file, '10']);
    const lines = stdout.trimEnd().split('\n');
    return { said: lines.slice(0, -1), counted: lines.at(-1) };
  };

  test('a whole run is counted, with its numbers', async () => {
    const { said, counted } = await count();
    expect(counted).toBe('10 0');
    expect(said).toEqual([
      'test: 10 tests passed, 0 failed, 0 skipped, 0 to do, in 2 files of which 0 did not load',
    ]);
  });

  test.each([
    ['a failed test', { numFailedTests: 1 }, ' 1 failed'],
    ['a file that does not load', { numRuntimeErrorTestSuites: 1 }, '1 did not load'],
    ['a skipped test, or one beside a focused one', { numPendingTests: 3 }, '3 tests were skipped'],
    ['a test that is still to be written', { numTodoTests: 1 }, '1 tests are still to be written'],
    [
      'a file without a test',
      { testResults: [{ name: 'empty.test.ts', status: 'passed', assertionResults: [] }] },
      'empty.test.ts has no test',
    ],
  ])('%s fails it', async (_what, changes, updates) => {
    const { said, counted } = await count(changes);
    expect(counted).toBe('10 1');
    expect(said).toEqual(expect.arrayContaining([expect.stringContaining(updates)]));
  });

  test('a failed test and a file that did not load are named', async () => {
    const assertionResults = [
      { status: 'passed', fullName: 'adds' },
      { status: 'failed', fullName: 'removes' },
    ];
    const { said } = await count({
      testResults: [
        { name: 'one.test.ts', status: 'failed', assertionResults },
        { name: 'other.test.ts', status: 'failed', assertionResults: [] },
      ],
    });
    expect(said).toContain('test: failed: one.test.ts: removes');
    expect(said).toContain('test: did not load: other.test.ts');
    expect(said).not.toContain('adds');
  });

  test('fewer tests than the floor fail it', async () => {
    const { said, counted } = await count({ numPassedTests: 9 });
    expect(counted).toBe('9 1');
    expect(said[0]).toBe('test: 9 tests ran; .ci/run expects at least 10');
  });

  test('a run that has left no numbers fails it', async () => {
    const none = run(process.execPath, [join(root, '.ci', 'count.js'), 'test', join(dir, 'none.json'), '10']);
    await expect(none).rejects.toMatchObject({ code: 1 });
  });

  test('each run of jest has a floor', async () => {
    const script = await readFile(join(root, '.ci', 'run'), 'utf8');
    const floors = [...script.matchAll(/^tests (\w+) (\d+) /gm)].map(([, name, least]) => [
      name,
      Number(least),
    ]);
    expect(floors.map(([name]) => name)).toEqual(['test', 'deploy', 'wordpress']);
    for (const [, least] of floors) expect(least).toBeGreaterThan(0);
  });
});
