import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { projectDir } from '../../../local/service.ts';
import { paths } from '../support/paths.ts';
import { type Command, start } from '../support/process.ts';
import type { StepResult } from './result.ts';

/** Every PHP that the plugin says it supports. */
export const phpVersions = ['7.4', '8.0', '8.1', '8.2', '8.3', '8.4', '8.5'] as const;
export type PhpVersion = (typeof phpVersions)[number];

const wordpressDir = join(projectDir, 'wordpress');

/** PHP compiled to WebAssembly. */
function php(version: PhpVersion, args: readonly string[], cwd?: string): Command {
  return {
    file: process.execPath,
    args: ['--no-warnings', paths.phpWasm, ...args],
    env: { PHP: version },
    ...(cwd === undefined ? {} : { cwd }),
  };
}

async function sources(): Promise<string[]> {
  const found: string[] = [];
  for (const dir of [wordpressDir, paths.site, paths.standIns]) {
    for (const file of await readdir(dir, { recursive: true })) {
      if (file.endsWith('.php')) found.push(join(dir, file));
    }
  }
  return found.sort();
}

/** Compiles every file, as `php -l` does, in one process. A deprecated construct counts as a failure too. */
export async function lint(version: PhpVersion): Promise<StepResult> {
  const files = await sources();
  const cache = await mkdtemp(join(tmpdir(), 'lint-'));
  const settings = ['enable_cli=1', 'file_cache_only=1', `file_cache=${cache}`];
  const options = settings.flatMap((setting) => ['-d', `opcache.${setting}`]);
  const script = join(import.meta.dirname, 'lint.php');
  const { code, stdout, stderr } = await start(php(version, [...options, script, ...files])).ended;
  await rm(cache, { recursive: true });
  const good = code === 0 && stdout.trim() === String(files.length);
  return {
    name: `lint on PHP ${version}`,
    passed: Number(good),
    failed: Number(!good),
    output: stdout + stderr,
  };
}

function countIn(report: string, key: string): number {
  return Number(new RegExp(`<testsuite [^>]*\\b${key}="(\\d+)"`).exec(report)?.[1] ?? 0);
}

/** The plugin's unit tests. Debian's PHPUnit runs on every PHP. */
export async function phpUnit(version: PhpVersion): Promise<StepResult> {
  const dir = await mkdtemp(join(tmpdir(), 'phpunit-'));
  const report = join(dir, 'report.xml');
  const args = [
    '-d',
    'include_path=.:/usr/share/php',
    '/usr/bin/phpunit',
    '-c',
    'phpunit.xml',
    '--log-junit',
    report,
  ];
  const { code, stdout, stderr } = await start(php(version, args, wordpressDir)).ended;
  const xml = await readFile(report, 'utf8').catch(() => '');
  await rm(dir, { recursive: true });
  const failed = countIn(xml, 'errors') + countIn(xml, 'failures');
  const skipped = countIn(xml, 'skipped');
  const passed = countIn(xml, 'tests') - failed - skipped;
  // PHPUnit also fails for tests that ask nothing, and a fatal error leaves no report.
  const good = code === 0 && xml !== '';
  const output = stdout + stderr;
  return {
    name: `PHPUnit on PHP ${version}`,
    passed,
    failed: good ? 0 : Math.max(1, failed),
    skipped,
    output,
  };
}

/** PHP-CS-Fixer changes nothing here: what it would change is the failure. */
export async function checkStyle(): Promise<StepResult> {
  const args = [await paths.phpCsFixer(), 'fix', '--dry-run', '--diff', '--show-progress=none'];
  const { code, stdout, stderr } = await start({
    file: 'php',
    args: [...args, '--config', join(wordpressDir, '.php-cs-fixer.php')],
    cwd: wordpressDir,
  }).ended;
  return { name: 'style', passed: Number(code === 0), failed: Number(code !== 0), output: stdout + stderr };
}
