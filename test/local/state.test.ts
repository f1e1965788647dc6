import { mkdir, mkdtemp, readdir, rm, stat, truncate, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { z } from 'zod';
import { Fault } from '../../local/fault.ts';
import { openState } from '../../local/state.ts';

const unreadable = (dir: string) =>
  `STATE_DIR ${dir} holds no state that can be read: delete state.db there to start anew, or name another directory`;

describe('the state of a stack', () => {
  let dir: string;

  beforeEach(async () => {
    dir = await mkdtemp(join(tmpdir(), 'state-test-'));
  });
  afterEach(() => rm(dir, { recursive: true }));

  const faultOf = (open: () => unknown): string => {
    try {
      open();
    } catch (error) {
      if (error instanceof Fault) return error.message;
      throw error;
    }
    return 'no fault';
  };

  test('is there when it is opened again, in the order in which its keys came', () => {
    const before = openState(dir);
    const room = before.room('one');
    room.set('b', { n: 1 });
    room.set('a', { n: 2 });
    room.set('c', { n: 3 });
    room.set('b', { n: 4 });
    room.delete('c');
    before.room('other').set('b', 'text');
    before.close();

    const after = openState(dir);
    expect(after.room('one').entries(z.object({ n: z.number() }))).toEqual([
      ['b', { n: 4 }],
      ['a', { n: 2 }],
    ]);
    expect(after.room('other').entries(z.string())).toEqual([['b', 'text']]);
    after.close();
  });

  test('is for its owner alone', async () => {
    const state = openState(join(dir, 'new', 'er'));
    state.room('one').set('a', 1);
    const files = await readdir(join(dir, 'new', 'er'));
    expect(files).toContain('state.db');
    const modes = await Promise.all(
      files.map(async (file) => (await stat(join(dir, 'new', 'er', file))).mode),
    );
    expect(modes.map((mode) => mode & 0o077)).toEqual(files.map(() => 0));
    state.close();
  });

  test('serves one stack at a time', () => {
    const first = openState(dir);
    expect(faultOf(() => openState(dir))).toBe(
      `STATE_DIR ${dir} is in use by another npm start: stop that one, or name another directory`,
    );
    first.close();
    openState(dir).close();
  });

  test('that was killed before it had begun begins anew', async () => {
    await writeFile(join(dir, 'state.db'), '');
    const state = openState(dir);
    expect(state.room('one').entries(z.unknown())).toEqual([]);
    state.close();
  });

  test.each([
    ['half a file', (file: string) => truncate(file, 5_000)],
    ['something else', (file: string) => writeFile(file, 'x'.repeat(9_000))],
  ])('of %s is refused with what to do', async (_, spoil) => {
    const state = openState(dir);
    for (let n = 0; n < 500; n += 1) state.room('one').set(`key ${n}`, 'x'.repeat(100));
    state.close();
    await spoil(join(dir, 'state.db'));
    expect(faultOf(() => openState(dir))).toBe(unreadable(dir));
  });

  test('of another program is refused', () => {
    const other = new DatabaseSync(join(dir, 'state.db'));
    other.exec('CREATE TABLE things (thing TEXT)');
    other.close();
    expect(faultOf(() => openState(dir))).toBe(unreadable(dir));
  });

  test('whose values another version wrote is refused', () => {
    const state = openState(dir);
    state.room('one').set('a', { unknown: true });
    expect(faultOf(() => state.room('one').entries(z.object({ n: z.number() })))).toBe(unreadable(dir));
    state.close();
  });

  test('that cannot be written is refused', async () => {
    await writeFile(join(dir, 'file'), '');
    const inFile = join(dir, 'file', 'state');
    const sentence = (path: string) => `STATE_DIR ${path} cannot be written: name a directory that can`;
    expect(faultOf(() => openState(inFile))).toBe(sentence(inFile));
    await mkdir(join(dir, 'folder', 'state.db'), { recursive: true });
    expect(faultOf(() => openState(join(dir, 'folder')))).toBe(sentence(join(dir, 'folder')));
  });
});
