import type { ReadStream, WriteStream } from 'node:tty';

/** What a command has of the process it runs in. */
export interface Io {
  /** The result, and nothing else. */
  readonly stdout: WriteStream;
  /** Questions, progress and errors. */
  readonly stderr: WriteStream;
  readonly stdin: ReadStream;
  readonly env: Readonly<Record<string, string | undefined>>;
  /** Aborted by Ctrl-C and SIGTERM. */
  readonly signal: AbortSignal;
  /** As if Ctrl-C had been pressed: a question takes the key for itself. */
  interrupt(): void;
  now(): number;
  /** Ends early, without an error, when the command is to stop. */
  sleep(ms: number): Promise<void>;
}

/** A line for the person, not for the program that reads the result. */
export function say({ stderr }: Pick<Io, 'stderr'>, line: string): void {
  stderr.write(`${line}\n`);
}
