import { mkdtemp, readFile, rm, symlink } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { projectDir } from '../../local/service.ts';
import type { Account } from './account.ts';
import { run } from './run.ts';
import type { Tools } from './tools.ts';

/** The commands in a section of a page of docs/, block by block. */
export async function commandsOf(page: string, section: string): Promise<string[]> {
  const text = await readDocs(page);
  const own = text.split(/^##+ /m).find((part) => part.startsWith(`${section}\n`));
  return [...(own ?? '').matchAll(/^```sh\n(.*?)^```$/gms)].map(([, block = '']) => block);
}

function readDocs(page: string) {
  return readFile(join(projectDir, 'docs', page), 'utf8');
}

/** The shell function that the handbook has an operator define once. */
async function outputFunction(): Promise<string> {
  const [line] = /^output\(\) .*$/m.exec(await readDocs('operations.md')) ?? [];
  if (line === undefined) throw new Error('docs/operations.md does not define the function `output`');
  return line;
}

/** Types commands into a shell with these variables; the first that fails ends it. What they printed. */
export async function typeIn(
  commands: string,
  { tools, account }: { readonly tools: Tools; readonly account: Pick<Account, 'environment'> },
  variables: Readonly<Record<string, string>>,
): Promise<string> {
  const home = await mkdtemp(join(tmpdir(), 'operator-'));
  try {
    await symlink(tools.aws, join(home, 'aws'));
    const PATH = `${home}:${process.env.PATH ?? ''}`;
    const env = { CI: 'true', ...account.environment, ...variables, PATH, HOME: home };
    const script = `set -o pipefail\n${await outputFunction()}\n${commands}`;
    return await run('bash', ['-euc', script], { cwd: projectDir, env });
  } finally {
    await rm(home, { recursive: true, force: true });
  }
}
