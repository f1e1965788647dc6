import { execFile } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { expect, test } from '@jest/globals';
import { compileCache } from '../support/compile-cache.ts';
import { focuses } from './plants/focuses.ts';

function file(name: string) {
  return fileURLToPath(new URL(name, import.meta.url));
}

/** What the search says of a fault that is planted, with so many processes. */
function searched(processes: number): Promise<{ readonly history: unknown; readonly broken: string[] }> {
  const main = [file('main.ts'), '--any', '--runs', '100', '--seed', '1', '--processes', String(processes)];
  const focus = ['--focus', JSON.stringify(focuses.secretMissing), '--breaks', 'secret-invalid'];
  const env = { PLANT: 'given up for want of a secret', NODE_COMPILE_CACHE: compileCache };
  return new Promise((resolve) => {
    execFile(
      process.execPath,
      ['--import', file('plants/load-hook.ts'), ...main, ...focus],
      { env },
      (_, out) => {
        const lines = out.split('\n');
        const history: unknown = JSON.parse(lines.find((line) => line.startsWith('{')) ?? 'null');
        resolve({ history, broken: lines.filter((line) => line.startsWith('BROKEN')) });
      },
    );
  });
}

test('any number of processes finds the same first history that fails', async () => {
  const alone = await searched(1);
  expect(alone.broken).toContainEqual(expect.stringContaining('secret-invalid'));
  expect(await searched(3)).toEqual(alone);
});
