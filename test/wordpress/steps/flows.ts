import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { z } from 'zod';
import { projectDir } from '../../../local/service.ts';
import type { StepResult } from './result.ts';

const reportSchema = z.object({
  numPassedTests: z.number(),
  numFailedTests: z.number(),
  numPendingTests: z.number(),
  numTodoTests: z.number(),
  numRuntimeErrorTestSuites: z.number(),
});

/** The flows of these names, or all; jest shows them as they end. */
export async function flows(names: readonly string[]): Promise<StepResult> {
  const dir = await mkdtemp(join(tmpdir(), 'flows-'));
  const file = join(dir, 'report.json');
  const jest = join(projectDir, 'node_modules/jest/bin/jest.js');
  const config = join(import.meta.dirname, '..', 'jest.config.js');
  const args = [
    '--experimental-vm-modules',
    '--no-warnings',
    jest,
    '--config',
    config,
    '--json',
    `--outputFile=${file}`,
  ];
  // jest prints its report as well as writing it.
  const child = spawn(process.execPath, [...args, ...names], {
    cwd: projectDir,
    stdio: ['ignore', 'ignore', 'inherit'],
  });
  const [code]: unknown[] = await once(child, 'close');
  const text = await readFile(file, 'utf8').catch(() => '{}');
  await rm(dir, { recursive: true });
  const read = reportSchema.safeParse(JSON.parse(text));
  if (!read.success) return { name: 'flows', passed: 0, failed: 1 };
  const { numPassedTests: passed, numPendingTests, numTodoTests, ...report } = read.data;
  const failed = report.numFailedTests + report.numRuntimeErrorTestSuites;
  const skipped = numPendingTests + numTodoTests;
  return { name: 'flows', passed, failed: code === 0 ? failed : Math.max(1, failed), skipped };
}
