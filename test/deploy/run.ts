import { execFile } from 'node:child_process';

export interface RunOptions {
  readonly cwd?: string;
  readonly env?: Readonly<Record<string, string | undefined>>;
}

/** Runs a program to its end and returns its output. An error contains stdout and stderr. */
export function run(program: string, args: readonly string[], options: RunOptions = {}): Promise<string> {
  return new Promise((resolve, reject) => {
    const settings = { ...options, maxBuffer: 64 * 1024 * 1024 };
    execFile(program, [...args], settings, (error, stdout, stderr) => {
      if (error === null) return resolve(stdout);
      reject(new Error(`${[program, ...args].join(' ')} failed (${error.code}):\n${stdout}\n${stderr}`));
    });
  });
}
