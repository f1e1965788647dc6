import { stripVTControlCharacters } from 'node:util';
import { spawn } from '@lydell/node-pty';

/** A command in a terminal of its own, as a person sees and types it. */
export interface Terminal {
  /** All that was written so far, with its control characters. */
  raw(): string;
  /** The same as text. */
  text(): string;
  /** Resolves once the text holds this. */
  shows(part: string | RegExp): Promise<void>;
  type(keys: string): void;
  /** The exit code, or the number of the signal that ended it. */
  readonly ended: Promise<{ readonly code: number; readonly signal: number }>;
  kill(): void;
}

interface TerminalOptions {
  readonly env: Readonly<Record<string, string>>;
  readonly columns?: number;
  readonly rows?: number;
}

const PATIENCE_MS = 90_000;

export function startInTerminal(
  file: string,
  args: readonly string[],
  { env, columns = 120, rows = 40 }: TerminalOptions,
): Terminal {
  const pty = spawn(file, [...args], { name: 'xterm-256color', cols: columns, rows, env: { ...env } });
  let raw = '';
  const watchers = new Set<() => void>();
  pty.onData((data) => {
    raw += data;
    for (const watcher of watchers) watcher();
  });
  const text = () => stripVTControlCharacters(raw).replaceAll('\r', '');
  const ended = new Promise<{ code: number; signal: number }>((resolve) => {
    pty.onExit(({ exitCode, signal }) => resolve({ code: exitCode, signal: signal ?? 0 }));
  });
  return {
    raw: () => raw,
    text,
    ended,
    type: (keys) => pty.write(keys),
    kill: () => pty.kill('SIGKILL'),
    shows: (part) =>
      new Promise((resolve, reject) => {
        const isThere = () => (typeof part === 'string' ? text().includes(part) : part.test(text()));
        const timer = setTimeout(() => {
          watchers.delete(watcher);
          reject(new Error(`The terminal does not show ${part}:\n${text()}`));
        }, PATIENCE_MS);
        const watcher = () => {
          if (!isThere()) return;
          clearTimeout(timer);
          watchers.delete(watcher);
          resolve();
        };
        watchers.add(watcher);
        watcher();
      }),
  };
}
