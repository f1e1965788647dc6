import { execFile } from 'node:child_process';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { expect, test } from '@jest/globals';
import { plots } from '../../bench/plots/all.ts';
import { callsByDomains } from '../../bench/plots/by-domains.ts';

const run = promisify(execFile);
const root = join(import.meta.dirname, '..', '..');
const images = join(root, 'docs', 'images');

// In a process of its own, because Plot moves its lines by half a pixel where it finds a test runner.
test('the plots of docs/performance.md are what npm run bench -- --plots draws', async () => {
  const dir = await mkdtemp(join(tmpdir(), 'plots-test-'));
  await run(process.execPath, [join(root, 'bench', 'main.ts'), '--plots', dir]);
  expect(Object.keys(plots)).toHaveLength(3);
  for (const name of Object.keys(plots)) {
    expect(await readFile(join(dir, name), 'utf8')).toBe(await readFile(join(images, name), 'utf8'));
  }
  await rm(dir, { recursive: true });
});

test('an addition and a removal cost the same however many domains are hosted, unless the row is unknown', async () => {
  const points = await callsByDomains();
  const callsOf = (series: string) => points.filter((it) => it.series === series).map(({ y }) => y);
  expect(new Set(callsOf('addition'))).toEqual(new Set([1]));
  expect(new Set(callsOf('removal, its row known'))).toEqual(new Set([2]));
  expect(Math.max(...callsOf('removal, its row unknown'))).toBeGreaterThan(25);
});
