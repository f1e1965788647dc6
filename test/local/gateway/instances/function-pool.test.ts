import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { bundleThreads } from '../../../../local/gateway/instances/bundle.ts';
import { startFunctionPool } from '../../../../local/gateway/instances/function-pool.ts';
import { eventually } from '../../../support/eventually.ts';

// Says in which thread it ran, once as many calls run at once as were asked for.
const code = `
const { threadId } = require('node:worker_threads');
exports.handler = async ({ together }) => {
  const running = new Int32Array(together);
  Atomics.add(running, 0, 1);
  while (Atomics.load(running, 0) < running[1]) await new Promise((resolve) => setTimeout(resolve, 5));
  return threadId;
};
`;

function together(calls: number) {
  const shared = new SharedArrayBuffer(8);
  new Int32Array(shared)[1] = calls;
  return { together: shared };
}

describe('the instances of one function', () => {
  let codeDir: string;
  let instanceCode: string;

  beforeAll(async () => {
    codeDir = await mkdtemp(join(tmpdir(), 'function-pool-'));
    await mkdir(join(codeDir, 'functions'));
    await writeFile(join(codeDir, 'functions', 'one.cjs'), code);
    ({ instanceCode } = await bundleThreads());
  });

  afterAll(() => rm(codeDir, { recursive: true }));

  const start = (idleMs?: number) =>
    startFunctionPool(
      {
        name: 'test-dev-one',
        handler: 'functions/one.handler',
        timeout: 60,
        environment: {},
        maxInstances: 2,
        events: [],
      },
      {
        codeDir,
        instanceCode,
        onError: (text) => {
          throw new Error(text);
        },
        ...(idleMs === undefined ? {} : { idleMs }),
      },
    );

  test('are no more than allowed; further calls wait', async () => {
    const pool = await start();
    const two = together(2);
    const threads = await Promise.all([pool.call(two), pool.call(two), pool.call(two), pool.call(two)]);
    expect(new Set(threads).size).toBe(2);
    expect(pool.size()).toBe(2);
  });

  test('end without a call, and the next call is answered', async () => {
    const pool = await start(20);
    const two = together(2);
    await Promise.all([pool.call(two), pool.call(two)]);
    await eventually(() => expect(pool.size()).toBe(0));
    expect(await pool.call(together(1))).toEqual(expect.any(Number));
    expect(pool.size()).toBe(1);
  });
});
