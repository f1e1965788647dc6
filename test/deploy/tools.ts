import { createHash } from 'node:crypto';
import { chmod, mkdtemp, readdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { arch } from 'node:process';
import { projectDir } from '../../local/service.ts';
import { run } from './run.ts';

/** Programs that npm does not bring, in a virtual environment beside node_modules. */
export interface Tools {
  readonly python: string;
  readonly cfnLint: string;
  /** AWS's own command line. */
  readonly aws: string;
  /** AWS's runtime interface emulator: the Runtime API of Lambda as one binary. */
  readonly rie: string;
}

const venv = join(projectDir, '.venv');
const requirements = ['requirements.txt', 'emulator.txt'].map((file) => join(import.meta.dirname, file));
const stamp = join(venv, 'made-from');

const tools: Tools = {
  python: join(venv, 'bin', 'python'),
  cfnLint: join(venv, 'bin', 'cfn-lint'),
  aws: join(venv, 'bin', 'aws'),
  rie: join(venv, 'bin', 'aws-lambda-rie'),
};

async function wanted(): Promise<string> {
  const hash = createHash('sha256');
  for (const file of requirements) hash.update(await readFile(file));
  return hash.digest('hex');
}

function unzip(zip: string, into: string, ...files: string[]): Promise<string> {
  return run(tools.python, [
    '-c',
    'import sys, zipfile; zipfile.ZipFile(sys.argv[1]).extractall(sys.argv[2], sys.argv[3:] or None)',
    zip,
    into,
    ...files,
  ]);
}

/** The wheel is eight megabytes with hundreds of dependencies; the emulator in it needs none of them. */
async function fetchEmulator(list: string): Promise<void> {
  const dir = await mkdtemp(join(venv, 'wheel-'));
  await run(tools.python, ['-m', 'pip', 'download', '--quiet', '--no-deps', '--dest', dir, '-r', list]);
  const [wheel = ''] = await readdir(dir);
  const file = `samcli/local/rapid/aws-lambda-rie-${arch === 'arm64' ? 'arm64' : 'x86_64'}`;
  await unzip(join(dir, wheel), dir, file);
  await rename(join(dir, file), tools.rie);
  await chmod(tools.rie, 0o755);
  await rm(dir, { recursive: true });
}

/** Makes the virtual environment, unless it was made from the very same lists. */
export async function ensureTools(): Promise<Tools> {
  const [packages = '', emulator = ''] = requirements;
  const made = await readFile(stamp, 'utf8').catch(() => undefined);
  if (made === (await wanted())) return tools;
  await rm(venv, { recursive: true, force: true });
  await run('python3', ['-m', 'venv', venv]);
  await run(tools.python, ['-m', 'pip', 'install', '--quiet', '--require-virtualenv', '-r', packages]);
  await fetchEmulator(emulator);
  await writeFile(stamp, await wanted());
  return tools;
}

/** Unpacks a zip file into a directory. */
export async function unpack(zip: string, into: string): Promise<void> {
  await unzip(zip, into);
}
