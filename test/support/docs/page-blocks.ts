import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { type Page, pages, root } from './pages.ts';
import { commandsIn } from './shell-commands.ts';

/** What runs a block of shell that a page shows. */
type Runner =
  /** test/cli/docs.test.ts, on the one-machine stack. */
  | 'command-line'
  /** test/docs-commands.test.ts, on the one-machine stack that stands for a stage. */
  | 'stage'
  /** test/deploy/relay.deploy.ts, against an emulated AWS. */
  | 'deploy'
  /** test/deploy/deployer/bootstrap.ts, against an emulated AWS. */
  | 'deployer'
  /** test/cli/restore.test.ts and test/deploy, which rehearse a restore. */
  | 'restore'
  /** test/signing-example.test.ts and test/wordpress. */
  | 'signing'
  /** test/wordpress/flows. */
  | 'wordpress'
  /** Nothing: a command whose work is a step of the gate, or takes an hour. */
  | 'none';

export interface PageBlock {
  readonly page: Page;
  readonly shell: string;
  readonly runner: Runner;
}

function programsOf(shell: string): Set<string> {
  return new Set(commandsIn(shell).map((command) => command.split(/\s+/)[0] ?? ''));
}

/** The gate runs these itself (.ci/run), or takes too long for them. */
const STEPS_OF_THE_GATE = /^(?:npm ci|npm start|npm run (?:mutate|plugin:zip|test:wordpress)\b.*)$/;

function runnerOf({ path }: Page, shell: string): Runner {
  if (path === 'docs/cli.md') return 'command-line';
  if (path === 'docs/operations/restore.md') return 'restore';
  if (path === 'docs/pipeline.md') return 'deployer';
  if (shell.includes('openssl dgst')) return 'signing';
  const commands = commandsIn(shell);
  if (commands.every((command) => STEPS_OF_THE_GATE.test(command))) return 'none';
  const programs = programsOf(shell);
  if (programs.has('wp')) return 'wordpress';
  // The definition of a function calls nothing.
  const called = programsOf(shell.replaceAll(/^\w+\(\) \{.*\}$/gm, ''));
  return called.has('aws') || called.has('npx') || called.has('output') ? 'deploy' : 'stage';
}

/** Every block of shell of every page, in the order of the pages. */
export const pageBlocks: readonly PageBlock[] = pages.flatMap((page) =>
  page.shell.map((shell) => ({ page, shell: withoutIndent(shell), runner: runnerOf(page, shell) })),
);

/** A block in a list stands as far to the right as the list's text. */
function withoutIndent(shell: string): string {
  const [indent = ''] = /^ */.exec(shell) ?? [];
  return shell.replaceAll(new RegExp(`^${indent}`, 'gm'), '');
}

/** What the handbook has an operator type first: variables and functions. */
export const preamble: string =
  /^## Before you type\n[\s\S]*?```sh\n([\s\S]*?)```/m.exec(
    readFileSync(join(root, 'docs/operations.md'), 'utf8'),
  )?.[1] ?? '';
