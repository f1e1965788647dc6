import { execFile } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { describe, expect, test } from '@jest/globals';
import { compileCache } from '../support/compile-cache.ts';
import { plants } from './plants/all.ts';
import { focuses } from './plants/focuses.ts';

function file(name: string) {
  return fileURLToPath(new URL(name, import.meta.url));
}

describe('the simulator finds', () => {
  const run = promisify(execFile);
  test.each(plants.map((plant) => [plant.name, plant] as const))('%s', async (name, { focus, breaks }) => {
    // Its own process: the fault is planted while the code is loaded, and nothing else may see it.
    const hook = [
      '--import',
      file('plants/load-hook.ts'),
      file('main.ts'),
      '--any',
      '--processes',
      '1',
      '--runs',
      '3000',
      '--seed',
      '1',
    ];
    const search = ['--focus', JSON.stringify(focuses[focus]), '--breaks', breaks.source];
    const ended = run(process.execPath, [...hook, ...search], {
      env: { PLANT: name, NODE_COMPILE_CACHE: compileCache },
      maxBuffer: 64 * 1024 * 1024,
      // Before jest gives up on the test: it would leave the search running.
      timeout: 570_000,
      killSignal: 'SIGKILL',
    });
    const broken = new RegExp(`^BROKEN .*(?:${breaks.source.replace('^', '')})`, 'm');
    await expect(ended).rejects.toMatchObject({ code: 1, stdout: expect.stringMatching(broken) });
  });
});
