import { mkdtemp, readFile, rm, symlink } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { projectDir } from '../../local/service.ts';
import { pageBlocks, preamble } from '../support/docs/page-blocks.ts';
import type { Account } from './emulator/account.ts';
import type { Tools } from './emulator/tools.ts';
import { run } from './run.ts';

/** The commands in a section of a page of docs/, block by block. */
export async function commandsOf(page: string, section: string): Promise<string[]> {
  const text = await readFile(join(projectDir, 'docs', page), 'utf8');
  const own = text.split(/^##+ /m).find((part) => part.startsWith(`${section}\n`));
  return [...(own ?? '').matchAll(/^```sh\n(.*?)^```$/gms)].map(([, block = '']) => block);
}

/** The blocks of the handbook that need AWS itself, each once, in the order of the pages. */
export const awsBlocks: readonly string[] = [
  ...new Set(pageBlocks.filter(({ runner }) => runner === 'deploy').map(({ shell }) => shell)),
];

/** The one block that has this. */
export function blockWith(part: string): string {
  const [found, ...others] = awsBlocks.filter((block) => block.includes(part));
  if (found === undefined || others.length > 0) throw new Error(`Not one block has ${part}`);
  return found;
}

/** What every page has an operator type to deploy. */
export function deployCommand(): string {
  return blockWith('serverless deploy');
}

/** The shell function that the handbook has an operator define once. */
const outputFunction = /^output\(\) .*$/m.exec(preamble)?.[0] ?? '';

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
    // A file that a block writes is not for the checkout.
    const cwd = / > \S/.test(commands) ? home : projectDir;
    const script = `set -o pipefail\n${outputFunction}\n${commands}`;
    return await run('bash', ['-euc', script], { cwd, env });
  } finally {
    await rm(home, { recursive: true, force: true });
  }
}
