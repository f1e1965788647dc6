import { chmod, mkdtemp, readdir, rename, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { arch } from 'node:process';
import { projectDir } from '../../../local/service.ts';
import { ensureVenv, pipInstall } from '../../support/docs/python.ts';
import { run } from '../run.ts';

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
const packages = join(import.meta.dirname, 'requirements.txt');
const emulator = join(import.meta.dirname, 'emulator.txt');

const tools: Tools = {
  python: join(venv, 'bin', 'python'),
  cfnLint: join(venv, 'bin', 'cfn-lint'),
  aws: join(venv, 'bin', 'aws'),
  rie: join(venv, 'bin', 'aws-lambda-rie'),
};

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
  await ensureVenv({
    dir: venv,
    lists: [packages, emulator],
    install: async (python) => {
      await pipInstall(python, packages);
      await fetchEmulator(emulator);
    },
  });
  return tools;
}

/** Unpacks a zip file into a directory. */
export async function unpack(zip: string, into: string): Promise<void> {
  await unzip(zip, into);
}
