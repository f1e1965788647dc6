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

describe('imports go one way', () => {
  test('the searches see the code', () => {
    expect(code.length).toBeGreaterThan(50);
    expect(importsOf('functions/domain-added.ts')).toEqual(
      expect.arrayContaining(['aws-lambda', 'lib/sync/events/record-update.ts']),
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

  test('infra imports nothing but itself', () => {
    expect(filesIn('infra').length).toBeGreaterThan(0);
    expect(offenders(filesIn('infra'), (it) => !it.startsWith('infra/'))).toEqual([]);
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
    expect(
      offenders(code, (it) => !/^(lib|functions)\//.test(it) && !it.startsWith('node:') && !allowed.has(it)),
    ).toEqual([]);
  });
});
