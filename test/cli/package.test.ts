import { spawnSync } from 'node:child_process';
import { mkdir, mkdtemp, readdir, rm, symlink } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { type ApiRelay, startApiRelay } from '../support/api/api-relay.ts';
import { relaySecret } from '../support/api/api-world.ts';
import { readToken } from '../support/api/read-world.ts';
import { startProgram } from '../support/stack/relay-cli.ts';

const root = join(import.meta.dirname, '..', '..');

let folder: string;
let binary: string;
let relay: ApiRelay;

/** Puts the packed package where npm does, into a folder that holds no other package. */
async function install(): Promise<string> {
  const packed = spawnSync('npm', ['pack', '--silent', '--pack-destination', folder], {
    cwd: root,
    encoding: 'utf8',
  });
  expect(packed).toMatchObject({ status: 0 });
  const tarball = packed.stdout.trim().split('\n').at(-1) ?? '';
  const modules = join(folder, 'node_modules');
  await mkdir(join(modules, '.bin'), { recursive: true });
  expect(spawnSync('tar', ['-xzf', join(folder, tarball), '-C', modules])).toMatchObject({ status: 0 });
  const bin = join(modules, '.bin', 'runcloud-relay');
  await symlink('../package/dist/cli/relay.js', bin);
  return bin;
}

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'relay-package-'));
  binary = await install();
  relay = await startApiRelay();
});
afterAll(async () => {
  await relay.stop();
  await rm(folder, { recursive: true });
});

function elapsedMs(command: string, args: readonly string[]): number {
  const began = performance.now();
  const { status } = spawnSync(command, args, { cwd: root });
  expect(status).toBe(0);
  return performance.now() - began;
}

describe('the installed command', () => {
  test('is one bundle, without a file of the deployed code', async () => {
    expect((await readdir(join(folder, 'node_modules', 'package'))).toSorted()).toEqual([
      'LICENSE',
      'README.md',
      'dist',
      'package.json',
    ]);
  });

  test('announces, reads and lists with no other package around', async () => {
    const env = { RELAY_SECRET: relaySecret, RELAY_READ_TOKEN: readToken, XDG_CACHE_HOME: folder };
    const run = (args: readonly string[], input?: string) =>
      startProgram(binary, [...args, '--url', `${relay.url}/demo`], folder, {
        env,
        ...(input === undefined ? {} : { input }),
      }).result;
    expect(await run(['add', 'one.example.com'])).toMatchObject({ code: 0, stdout: '' });
    const synced = await run(['sync', '-', '--yes'], 'one.example.com\ntwo.example.com\n');
    expect(synced).toMatchObject({ code: 0 });
    const { code, stdout } = await run(['list']);
    expect(code).toBe(0);
    expect(stdout).toMatch(/^one\.example\.com .*\ntwo\.example\.com /m);
  });

  test('loads the AWS SDK where it is asked for a stage', async () => {
    const { code, stderr } = await startProgram(binary, ['list', '--stage', 'prod'], folder, {
      env: { XDG_CACHE_HOME: folder },
    }).result;
    expect(code).toBe(1);
    expect(stderr).toMatch(/^The AWS region is not known/);
  });

  test('starts in under 0.3 of the time of npx serverless --version', () => {
    const times = Array.from({ length: 5 }, () => ({
      serverless: elapsedMs('npx', ['serverless', '--version']),
      relay: elapsedMs(process.execPath, [binary, '--version']),
      source: elapsedMs(process.execPath, [join(root, 'cli', 'main.js'), '--version']),
    }));
    const fastest = (name: 'serverless' | 'relay' | 'source') => Math.min(...times.map((it) => it[name]));
    expect(fastest('relay') / fastest('serverless')).toBeLessThan(0.3);
    expect(fastest('source') / fastest('serverless')).toBeLessThan(0.3);
  });
});
