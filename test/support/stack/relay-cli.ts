import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { announcementDir } from '../../../cli/target/announcement.ts';
import { announce } from '../../../local/announce.ts';
import { compileCache } from '../compile-cache.ts';
import { startTestStack, type TestStack, type TestStackOptions } from './stack.ts';
import { startInTerminal, type Terminal } from './terminal.ts';

export const cliEntry = join(import.meta.dirname, '..', '..', '..', 'cli', 'main.js');

export interface CliResult {
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
  readonly stdout: string;
  readonly stderr: string;
}

export interface CliOptions {
  /** Besides what every process needs; nothing of the test's own environment reaches the command. */
  readonly env?: Readonly<Record<string, string>>;
  /** What it reads from standard input. */
  readonly input?: string;
  /** What takes longer hangs: it is killed with all that it has started, and what it printed is the result. */
  readonly limitMs?: number;
}

/**
 * The environment of a command that finds the relays announced below `temporary` and no AWS credentials. It has compiled
 * itself before.
 */
export function cliEnvironment(temporary: string, more: CliOptions['env'] = {}): Record<string, string> {
  return {
    PATH: process.env.PATH ?? '',
    HOME: temporary,
    TMPDIR: temporary,
    XDG_CACHE_HOME: compileCache,
    ...more,
  };
}

/** A program as a child process, without a terminal. */
export function startProgram(
  file: string,
  args: readonly string[],
  temporary: string,
  { env, input, limitMs }: CliOptions = {},
) {
  const child = spawn(file, [...args], {
    env: cliEnvironment(temporary, env),
    detached: limitMs !== undefined,
  });
  child.stdin.end(input ?? '');
  const { pid } = child;
  if (limitMs !== undefined && pid !== undefined) {
    // The leader of its own process group.
    const hung = setTimeout(() => process.kill(-pid, 'SIGKILL'), limitMs);
    child.once('close', () => clearTimeout(hung));
  }
  const ended = Promise.all([once(child, 'close'), text(child.stdout), text(child.stderr)]);
  const result = ended.then(
    ([, stdout, stderr]): CliResult => ({
      code: child.exitCode,
      signal: child.signalCode,
      stdout,
      stderr,
    }),
  );
  return { child, result };
}

/** The command line from its source. */
export function startRelayCli(args: readonly string[], temporary: string, options: CliOptions = {}) {
  return startProgram(process.execPath, [cliEntry, ...args], temporary, options);
}

export interface CliWorld {
  readonly stack: TestStack;
  readonly temporary: string;
  relay(args: readonly string[], options?: CliOptions): Promise<CliResult>;
  /** The same command in a terminal. */
  terminal(args: readonly string[], size?: { readonly columns?: number; readonly rows?: number }): Terminal;
  close(): Promise<void>;
}

/** A stack on this machine that the binary finds by itself. */
export async function startCliWorld(options: TestStackOptions = {}): Promise<CliWorld> {
  const temporary = await mkdtemp(join(tmpdir(), 'relay-cli-'));
  const stack = await startTestStack(options);
  await announce(stack, announcementDir(temporary));
  return {
    stack,
    temporary,
    relay: (args, more) => startRelayCli(args, temporary, more).result,
    terminal: (args, size) =>
      startInTerminal(process.execPath, [cliEntry, ...args], { env: cliEnvironment(temporary), ...size }),
    close: async () => {
      await stack.close();
      await rm(temporary, { recursive: true });
    },
  };
}
