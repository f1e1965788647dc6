import { createHash } from 'node:crypto';
import { readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { run } from '../../deploy/run.ts';

export interface VirtualEnvironment {
  readonly dir: string;
  /** Pinned lists of packages: the environment is made anew when one of them changes. */
  readonly lists: readonly string[];
  /** Installs what the lists name. */
  readonly install: (python: string) => Promise<void>;
}

async function hashOf(lists: readonly string[]): Promise<string> {
  const hash = createHash('sha256');
  for (const list of lists) hash.update(await readFile(list));
  return hash.digest('hex');
}

/** Makes a virtual environment of Python, unless it was made from the very same lists. */
export async function ensureVenv({ dir, lists, install }: VirtualEnvironment): Promise<void> {
  const stamp = join(dir, 'made-from');
  const wanted = await hashOf(lists);
  const made = await readFile(stamp, 'utf8').catch(() => undefined);
  if (made === wanted) return;
  await rm(dir, { recursive: true, force: true });
  await run('python3', ['-m', 'venv', dir]);
  await install(join(dir, 'bin', 'python'));
  await writeFile(stamp, wanted);
}

export async function pipInstall(python: string, list: string): Promise<void> {
  await run(python, ['-m', 'pip', 'install', '--quiet', '--require-virtualenv', '-r', list]);
}
