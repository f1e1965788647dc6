import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

const root = join(import.meta.dirname, '..', '..', '..');

/** The command as npm start runs it, in an environment of nothing else. */
export function npmStart(env: Record<string, string> = {}, ...args: string[]) {
  const child = spawn(process.execPath, [join(root, 'local', 'start.js'), ...args], {
    cwd: tmpdir(),
    env: { PATH: process.env.PATH, HOME: process.env.HOME, PORT: '0', ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const said = { out: '', err: '' };
  child.stdout.setEncoding('utf8').on('data', (text: string) => {
    said.out += text;
  });
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    said.err += text;
  });
  const ended = once(child, 'close').then(([code, signal]) => ({ code, signal, ...said }));
  const saysLine = (line: RegExp) =>
    new Promise<string>((resolve, reject) => {
      const look = () => {
        const found = line.exec(said.out)?.[1];
        if (found !== undefined) resolve(found);
      };
      child.stdout.on('data', look);
      child.on('close', () => reject(new Error(`It ended: ${said.err}`)));
      look();
    });
  const ready = saysLine(/^Relay ready on (http:\S+)$/m);
  // Most tests wait for its end instead.
  ready.catch(() => undefined);
  return { child, ended, ready, saysLine };
}

export type RunningStart = ReturnType<typeof npmStart>;

/** Ends it like a power cut: nothing of it runs any more, and nothing was told. */
export async function kill({ child, ended }: RunningStart): Promise<void> {
  child.kill('SIGKILL');
  await ended;
}
