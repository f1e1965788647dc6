import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { projectDir } from '../../local/service.ts';
import { flows } from './steps/flows.ts';
import { checkStyle, lint, phpUnit, phpVersions } from './steps/php.ts';
import { type StepResult, sum } from './steps/result.ts';
import { start } from './support/process.ts';

/**
 * `npm run test:wordpress`: the companion plugin on every PHP that it supports, then in a real WordPress network.
 * `npm run test:wordpress -- story` runs the flows of that name alone. `--json --outputFile=<file>` writes the numbers as jest does.
 */
const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: { json: { type: 'boolean' }, outputFile: { type: 'string' } },
});

/** The part that `npm run types` leaves out, for it needs the packages of this directory. */
async function types(): Promise<StepResult> {
  const tsc = join(projectDir, 'node_modules/typescript/bin/tsc');
  const { code, stdout } = await start({ file: process.execPath, args: [tsc, '-p', import.meta.dirname] })
    .ended;
  return { name: 'types', passed: Number(code === 0), failed: Number(code !== 0), output: stdout };
}

async function install(): Promise<StepResult> {
  const script = join(import.meta.dirname, 'install.sh');
  const [code]: unknown[] = await once(
    spawn('bash', [script], { stdio: ['ignore', 'inherit', 'inherit'] }),
    'close',
  );
  return { name: 'install', passed: Number(code === 0), failed: Number(code !== 0) };
}

function say(line: string) {
  return process.stdout.write(`${line}\n`);
}

const results: StepResult[] = [];

async function step(work: () => Promise<StepResult>): Promise<void> {
  const startedMs = performance.now();
  const result = await work();
  results.push(result);
  if (result.failed > 0 && result.output !== undefined) say(result.output);
  const seconds = ((performance.now() - startedMs) / 1000).toFixed(1);
  say(`${result.name}: ${result.passed} passed, ${result.failed} failed (${seconds} s)`);
}

await step(install);
const [installed] = results;
// Without what is missing nothing else can be said.
if (installed?.failed === 0) {
  if (positionals.length === 0) {
    await step(types);
    for (const version of phpVersions) await step(() => lint(version));
    for (const version of ['7.4', '8.2', '8.5'] as const) await step(() => phpUnit(version));
    await step(checkStyle);
  }
  await step(() => flows(positionals));
}

const passed = sum(results, 'passed');
const failed = sum(results, 'failed');
if (values.outputFile !== undefined) {
  const numbers = {
    numPassedTests: passed,
    numFailedTests: failed,
    numPendingTests: sum(results, 'skipped'),
    numTodoTests: 0,
    numTotalTestSuites: results.length,
    numRuntimeErrorTestSuites: 0,
    testResults: [],
  };
  await writeFile(values.outputFile, JSON.stringify(numbers));
}
say(`\n${passed} passed, ${failed} failed`);
process.exitCode = failed === 0 ? 0 : 1;
