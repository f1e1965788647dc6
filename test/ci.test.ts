import { execFile } from 'node:child_process';
import { once } from 'node:events';
import { chmod, cp, mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { eventually } from './support/eventually.ts';

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

  const count = async (changes: Partial<typeof good> = {}, least = '10') => {
    const file = join(dir, 'result.json');
    await writeFile(file, JSON.stringify({ ...good, ...changes }));
    const { stdout } = await run(process.execPath, [join(root, '.ci', 'count.js'), 'test', file, least]);
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

  test.each(['', '--', '0'])('a floor that is none ("%s") fails it', async (least) => {
    expect((await count({}, least)).counted).toBe('10 1');
  });

  test('a run that has left no numbers fails it', async () => {
    const none = run(process.execPath, [join(root, '.ci', 'count.js'), 'test', join(dir, 'none.json'), '10']);
    await expect(none).rejects.toMatchObject({ code: 1 });
  });

  test('each run of jest has a floor', async () => {
    const script = await readFile(join(root, '.ci', 'run'), 'utf8');
    const floors = [...script.matchAll(/^ *tests (\w+) (\d+) /gm)].map(([, name, least]) => [
      name,
      Number(least),
    ]);
    expect(floors.map(([name]) => name)).toEqual(['test', 'deploy', 'wordpress']);
    for (const [, least] of floors) expect(least).toBeGreaterThan(0);
  });
});

/**
 * Stands for npm and npx. Each part ends well, with as many tests as the floors ask for, unless $FAILS names it. Of the
 * parts that run side by side each waits until the others have begun.
 */
const standIn = `#!/usr/bin/env bash
case "$*" in
  *soak*) part=soak others="openapi wordpress" ;;
  *openapi*) part=openapi others="soak wordpress" ;;
  *wordpress*) part=wordpress others="soak openapi" ;;
  *deploy*) part=deploy ;;
  *start*) part=demo ;;
  *package*) part=package ;;
  ci) part=install ;;
  "run check") part=check ;;
  *) part=test ;;
esac
touch "$BEGUN/$part"
for other in $others; do
  for ((tries = 0; tries < 1200; tries++)); do [ -e "$BEGUN/$other" ] && break; sleep 0.05; done
  [ -e "$BEGUN/$other" ] || { echo "$other has not begun beside $part"; exit 1; }
done
if [ "$part" = "\${HANGS:-}" ]; then
  echo "$$" >"$BEGUN/hangs"
  mv "$BEGUN/hangs" "$BEGUN/pid"
  exec sleep 600
fi
echo "first line of $part"
echo "last line of $part"
[ "$part" != "\${LEAKS:-}" ] || echo "A worker process has failed to exit gracefully and has been force exited."
for argument; do
  case "$argument" in
    --outputFile=*)
      [ "$part" = "\${SILENT:-}" ] || printf '{"numPassedTests":9000,"numFailedTests":0,"numPendingTests":0,"numTodoTests":0,"numTotalTestSuites":9,"numRuntimeErrorTestSuites":0,"testResults":[]}' >"\${argument#*=}" ;;
  esac
done
[ "$part" != "\${FAILS:-}" ]
`;

describe('a whole run of .ci/run', () => {
  let dir: string;

  beforeAll(async () => {
    dir = await mkdtemp(join(tmpdir(), 'ci-run-'));
    await cp(join(root, '.ci'), join(dir, '.ci'), { recursive: true });
    await mkdir(join(dir, 'bin'));
    for (const name of ['npm', 'npx']) {
      await writeFile(join(dir, 'bin', name), standIn);
      await chmod(join(dir, 'bin', name), 0o755);
    }
  });

  afterAll(() => rm(dir, { recursive: true }));

  const started = async (env: Readonly<Record<string, string>>) => {
    const begun = await mkdtemp(join(dir, 'begun-'));
    const PATH = `${join(dir, 'bin')}:${process.env.PATH}`;
    const ended = run('bash', [join(dir, '.ci', 'run')], { env: { PATH, BEGUN: begun, ...env } });
    return { begun, ended };
  };

  const played = async (env: Readonly<Record<string, string>> = {}) => {
    const { ended } = await started(env);
    const { stdout, code } = await ended.then(
      (said) => ({ ...said, code: 0 }),
      (failure: { readonly stdout: string; readonly code: number }) => failure,
    );
    return { code, shown: stdout, said: stdout.slice(stdout.lastIndexOf('\ninstall: ') + 1) };
  };

  test('parts that wait run side by side; each shows its output in one piece', async () => {
    const { code, shown, said } = await played();
    expect(said).toMatch(/\n27006 passed, 0 failed\n$/);
    expect(code).toBe(0);
    for (const part of ['check', 'test', 'demo', 'soak', 'package', 'openapi', 'deploy', 'wordpress']) {
      expect(shown).toMatch(new RegExp(`== ${part}: .*\nfirst line of ${part}\nlast line of ${part}\n`));
    }
  });

  test('the parts are told in one order, whichever ends first', async () => {
    const { said } = await played();
    const parts = [...said.matchAll(/^(\w+): .*\(\d+ s\)$/gm)].map(([, part]) => part);
    expect(parts).toEqual([
      'install',
      'check',
      'test',
      'demo',
      'soak',
      'package',
      'openapi',
      'deploy',
      'wordpress',
    ]);
  });

  test.each(['check', 'test', 'demo', 'soak', 'deploy', 'wordpress'])(
    '%s fails it, and the others still run',
    async (FAILS) => {
      const { code, said } = await played({ FAILS });
      expect(code).toBe(1);
      expect(said).toMatch(/ passed, 1 failed\n$/);
      expect(said).not.toContain('did not run');
    },
  );

  test('the end of a failed step is told again at the end of the run', async () => {
    const { said } = await played({ FAILS: 'soak' });
    expect(said).toMatch(/^soak: failed \(\d+ s\)\nfirst line of soak\nlast line of soak$/m);
  });

  test.each(['test', 'deploy'])('%s fails it when it leaves no numbers', async (SILENT) => {
    const { code, said } = await played({ SILENT });
    expect(said).toContain(`${SILENT}: did not run\n`);
    expect(said).toMatch(/ passed, 1 failed\n$/);
    expect(code).toBe(1);
  });

  test.each(['test', 'deploy'])('%s fails it when one of its tests leaves something open', async (LEAKS) => {
    const { code, said } = await played({ LEAKS });
    expect(said).toMatch(
      new RegExp(`^${LEAKS}: .* failed, .*\n${LEAKS}: a test has left something open$`, 'm'),
    );
    expect(said).toMatch(/ passed, 1 failed\n$/);
    expect(code).toBe(1);
  });

  test('ended from outside, it leaves no part running', async () => {
    const { begun, ended } = await started({ HANGS: 'soak' });
    const over = once(ended.child, 'close');
    const failed = expect(ended).rejects.toMatchObject({ code: 130 });
    let pid = 0;
    await eventually(async () => {
      pid = Number(await readFile(join(begun, 'pid'), 'utf8'));
    });
    ended.child.kill('SIGTERM');
    await Promise.all([over, failed]);
    await eventually(() => expect(() => process.kill(pid, 0)).toThrow('ESRCH'));
  });

  test('nothing runs without packages', async () => {
    const { code, shown } = await played({ FAILS: 'install' });
    expect(shown).not.toContain('== check');
    expect(shown).toMatch(/\n0 passed, 1 failed\n$/);
    expect(code).toBe(1);
  });
});
