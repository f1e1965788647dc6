import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from '@jest/globals';
import { z } from 'zod';

const root = join(import.meta.dirname, '..');

function filesIn(folder: string) {
  return readdirSync(join(root, folder), { recursive: true, encoding: 'utf8' })
    .filter((file) => /\.(ts|js)$/.test(file))
    .map((file) => join(folder, file));
}

function textOf(file: string) {
  return readFileSync(join(root, file), 'utf8');
}

const packageSchema = z.object({ dependencies: z.record(z.string(), z.string()) });

/** What a file imports: packages by name, files by their path in the checkout. */
function importsOf(file: string): string[] {
  return [...textOf(file).matchAll(/(?:\bfrom|\bimport)\s*\(?\s*'([^']+)'/g)].map(([, specifier = '']) =>
    specifier.startsWith('.') ? join(file, '..', specifier) : specifier,
  );
}

const code = [...filesIn('functions'), ...filesIn('lib')];

/** Files that import something they must not, each with what it is. */
function offenders(files: readonly string[], forbidden: (imported: string, file: string) => boolean) {
  return files.flatMap((file) =>
    importsOf(file)
      .filter((imported) => forbidden(imported, file))
      .map((imported) => `${file} imports ${imported}`),
  );
}

/** What each file of the product imports. */
type Graph = ReadonlyMap<string, readonly string[]>;

function graphOf(files: readonly string[]): Graph {
  return new Map(files.map((file) => [file, importsOf(file)]));
}

/** All that is loaded with a file: neither types nor what it imports while it runs. */
function loadedBy(entry: string): string[] {
  const loaded = new Set([entry]);
  for (const file of loaded) {
    if (!file.endsWith('.ts')) continue;
    for (const [, specifier = ''] of textOf(file).matchAll(/^import (?!type )(?:[^;]* from )?'([^']+)'/gm)) {
      loaded.add(specifier.startsWith('.') ? join(file, '..', specifier) : specifier);
    }
  }
  return [...loaded].toSorted();
}

/** The folder of lib/sync that a file stands in, or the folder of lib; undefined: neither. */
function roomOf(file: string): string | undefined {
  return /^lib\/(sync\/[^/]+|[^/]+)\//.exec(file)?.[1];
}

/** For each room, the rooms of lib/sync that its files import. */
function roomsUsed(graph: Graph): Record<string, string[]> {
  const used = new Map<string, Set<string>>();
  for (const [file, imports] of graph) {
    const room = roomOf(file);
    if (room === undefined) continue;
    const rooms = used.get(room) ?? new Set();
    for (const other of imports.map(roomOf)) {
      if (other?.startsWith('sync/') && other !== room) rooms.add(other);
    }
    if (room.startsWith('sync/') || rooms.size > 0) used.set(room, rooms);
  }
  return Object.fromEntries([...used].map(([room, rooms]) => [room, [...rooms].toSorted()]));
}

/** For each folder of a room, the other folders of that room that its files import. */
function foldersUsed(files: readonly string[]): Record<string, string[]> {
  const folderOf = (file: string) => /^lib\/[^/]+\/[^/]+\/([^/]+)\//.exec(file)?.[1];
  const used: Record<string, string[]> = {};
  for (const file of files) {
    const folder = folderOf(file);
    if (folder === undefined) continue;
    const others = importsOf(file)
      .filter((it) => files.includes(it))
      .map(folderOf);
    const seen = new Set([...(used[folder] ?? []), ...others.filter((it) => it !== undefined)]);
    used[folder] = [...seen].filter((it) => it !== folder).toSorted();
  }
  return used;
}

/** The files that import each other in a circle. */
function circlesIn(graph: Graph): string[] {
  const left = new Map(graph);
  for (let before = -1; before !== left.size; ) {
    before = left.size;
    const imported = new Set([...left.values()].flat());
    for (const [file, imports] of left) {
      if (!imported.has(file) || !imports.some((it) => left.has(it))) left.delete(file);
    }
  }
  return [...left.keys()];
}

describe('imports go one way', () => {
  test('the searches see the code', () => {
    expect(code.length).toBeGreaterThan(50);
    expect(importsOf('functions/http/signed-event.ts')).toEqual(
      expect.arrayContaining(['aws-lambda', 'lib/webhook/event.ts']),
    );
  });

  test('lib never imports functions, local or test', () =>
    expect(offenders(filesIn('lib'), (it) => /^(functions|infra|local|test|bench|cli)\//.test(it))).toEqual(
      [],
    ));

  test('functions never import local or test', () =>
    expect(offenders(filesIn('functions'), (it) => /^(infra|local|test|bench|cli)\//.test(it))).toEqual([]));

  test('lib/sync imports itself and errors.ts, nothing else', () =>
    expect(
      offenders(filesIn('lib/sync'), (it) => !it.startsWith('lib/sync/') && it !== 'lib/errors.ts'),
    ).toEqual([]));

  test('the rooms of lib/sync stand on each other in one direction', () =>
    expect(roomsUsed(graphOf(code))).toEqual({
      'sync/ledger': [],
      'sync/network': ['sync/ledger'],
      'sync/reconcile': ['sync/ledger', 'sync/network', 'sync/notices', 'sync/outcomes'],
      'sync/drift': ['sync/ledger', 'sync/network', 'sync/notices'],
      'sync/network-work': ['sync/drift', 'sync/ledger', 'sync/network', 'sync/notices', 'sync/outcomes'],
      'sync/events': ['sync/ledger'],
      'sync/status': ['sync/ledger'],
      'sync/sweep': ['sync/ledger', 'sync/notices'],
      'sync/notices': ['sync/ledger'],
      'sync/outcomes': ['sync/ledger', 'sync/notices', 'sync/status'],
      aws: ['sync/ledger', 'sync/notices'],
      callback: ['sync/outcomes'],
      certificates: ['sync/ledger', 'sync/network', 'sync/notices', 'sync/outcomes'],
      connection: ['sync/ledger', 'sync/network'],
      runcloud: ['sync/ledger'],
      webhook: ['sync/ledger'],
    }));

  test('lib/sync/ledger imports itself and errors.ts, nothing else', () =>
    expect(
      offenders(
        filesIn('lib/sync/ledger'),
        (it) => !it.startsWith('lib/sync/ledger/') && it !== 'lib/errors.ts',
      ),
    ).toEqual([]));

  test('the folders of lib/sync/ledger stand on each other in one direction', () =>
    expect(foldersUsed(filesIn('lib/sync/ledger'))).toEqual({
      items: [],
      updates: [],
      domains: ['items', 'updates'],
      work: ['domains', 'items', 'updates'],
    }));

  test('the folders of lib/sync/network stand on each other in one direction', () =>
    expect(foldersUsed(filesIn('lib/sync/network'))).toEqual({ limits: [], listing: [], restored: [] }));

  test('the folders of lib/sync/reconcile stand on each other in one direction', () =>
    expect(foldersUsed(filesIn('lib/sync/reconcile'))).toEqual({
      plan: [],
      converge: ['plan'],
      outcome: ['converge', 'plan'],
    }));

  test('no file leads back to itself, not even by a type', () =>
    expect(circlesIn(graphOf(code))).toEqual([]));

  test('an arrow the other way and a circle are seen', () => {
    const graph = new Map([
      ['lib/sync/ledger/items.ts', ['lib/sync/network/claim.ts', 'lib/errors.ts']],
      ['lib/sync/network/claim.ts', ['lib/sync/network/access.ts', 'lib/sync/ledger/items.ts']],
      ['lib/sync/network/access.ts', []],
      ['lib/dns/gate.ts', ['lib/dns/caa.ts', 'lib/sync/ledger/items.ts']],
    ]);
    expect(roomsUsed(graph)).toEqual({
      'sync/ledger': ['sync/network'],
      'sync/network': ['sync/ledger'],
      dns: ['sync/ledger'],
    });
    expect(circlesIn(graph)).toEqual(['lib/sync/ledger/items.ts', 'lib/sync/network/claim.ts']);
  });

  test('the command line imports itself, lib and packages', () => {
    const files = filesIn('cli');
    expect(files.length).toBeGreaterThan(20);
    expect(offenders(files, (it) => /^(functions|infra|local|test|bench)\//.test(it))).toEqual([]);
    expect(circlesIn(graphOf(files))).toEqual([]);
  });

  test('the command line starts with commander alone; a command loads the rest', () => {
    const loaded = loadedBy('cli/start.ts');
    expect(loaded).toContain('cli/program.ts');
    expect(loaded.filter((it) => !it.startsWith('cli/') && !it.startsWith('node:'))).toEqual([
      'commander',
      'package.json',
    ]);
  });

  test('infra imports nothing but itself, and what runs while packaging its three packages', () => {
    expect(filesIn('infra').length).toBeGreaterThan(0);
    const isOwn = (it: string) => it.startsWith('infra/') || it.startsWith('node:');
    expect(offenders(filesIn('infra'), (it) => !isOwn(it)).toSorted()).toEqual([
      'infra/deploy-checks.js imports @aws-sdk/client-cloudformation',
      'infra/settings.js imports zod',
      'infra/zip-smaller.js imports fflate',
    ]);
  });

  test('lib/runcloud and lib/aws do not know each other', () => {
    expect(offenders(filesIn('lib/runcloud'), (it) => it.startsWith('lib/aws/'))).toEqual([]);
    expect(offenders(filesIn('lib/aws'), (it) => it.startsWith('lib/runcloud/'))).toEqual([]);
  });

  test('only functions know Lambda', () =>
    expect(offenders(filesIn('lib'), (it) => it === 'aws-lambda' || it.startsWith('@middy/'))).toEqual([]));

  test('only lib/aws knows the AWS SDK', () =>
    expect(
      offenders(code, (it, file) => /^@(aws-sdk|smithy)\//.test(it) && !file.startsWith('lib/aws/')),
    ).toEqual([]));

  test('only lib/runcloud fetches', () =>
    expect(
      code.filter((file) => !file.startsWith('lib/runcloud/') && /\bfetch\(/.test(textOf(file))),
    ).toEqual([]));

  test('work that runs at the same time ends together, so that none outlives its call', () =>
    expect(
      code.filter(
        (file) =>
          !/(all-ended|in-batches)\.ts$/.test(file) &&
          /\bPromise\.(all|allSettled|any|race)\(/.test(textOf(file)),
      ),
    ).toEqual([]));

  test('what is deployed imports dependencies, not development tools', () => {
    const { dependencies } = packageSchema.parse(JSON.parse(textOf('package.json')));
    const types = ['aws-lambda'];
    const allowed = new Set([...Object.keys(dependencies), ...types]);
    const packageOf = (it: string) => /^(?:@[^/]+\/)?[^/]+/.exec(it)?.[0] ?? it;
    expect(
      offenders(
        code,
        (it) => !/^(lib|functions)\//.test(it) && !it.startsWith('node:') && !allowed.has(packageOf(it)),
      ),
    ).toEqual([]);
  });

  test('what is deployed brings the small build of zod alone', () => {
    expect(code.filter((file) => importsOf(file).includes('zod/mini')).length).toBeGreaterThan(20);
    expect(offenders(code, (it) => it === 'zod')).toEqual([]);
  });
});
