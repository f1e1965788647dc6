import { spawn } from 'node:child_process';
import { once } from 'node:events';

export interface Command {
  readonly file: string;
  readonly args: readonly string[];
  readonly env?: Readonly<Record<string, string>>;
  readonly input?: string;
  readonly cwd?: string;
}

export interface Ended {
  /** Null where a signal ended it. */
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

export interface Started {
  readonly ended: Promise<Ended>;
  /** SIGKILL: no handler, no shutdown function, nothing is flushed. */
  kill(): void;
}

/** Starts a program with nothing of our environment but what finds programs. */
export function start({ file, args, env = {}, input = '', cwd }: Command): Started {
  const { PATH = '', HOME = '' } = process.env;
  const child = spawn(file, args, { env: { PATH, HOME, ...env }, cwd, stdio: ['pipe', 'pipe', 'pipe'] });
  const output = { stdout: '', stderr: '' };
  child.stdout.setEncoding('utf8').on('data', (text: string) => {
    output.stdout += text;
  });
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    output.stderr += text;
  });
  // A program that ends without reading closes the pipe.
  child.stdin.on('error', () => {});
  child.stdin.end(input);
  return {
    ended: once(child, 'close').then(([code]: unknown[]) => ({
      code: typeof code === 'number' ? code : null,
      ...output,
    })),
    kill: () => {
      child.kill('SIGKILL');
    },
  };
}

export class ProgramFailed extends Error {
  override readonly name = 'ProgramFailed';
}

/** Runs a program to its end; what it printed. */
export async function run(command: Command): Promise<string> {
  const { code, stdout, stderr } = await start(command).ended;
  if (code !== 0) {
    throw new ProgramFailed(`${command.file} ${command.args.join(' ')}: exit ${code}\n${stdout}${stderr}`);
  }
  return stdout;
}
