import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, test } from '@jest/globals';
import { z } from 'zod';
import { wrongVersions } from '../../wordpress/build/plugin-files.ts';

const root = join(import.meta.dirname, '..', '..');

function textOf(path: string): Promise<string> {
  return readFile(join(root, path), 'utf8');
}

const manifestSchema = z.object({ version: z.string() });
const versionOf = async (path: string) => manifestSchema.parse(JSON.parse(await textOf(path))).version;
const documentSchema = z.object({ info: manifestSchema });

/** `## [0.1.0] - 2026-11-28`, or `## [Unreleased]`. */
const HEADING = /^## \[([\w.-]+)\](?: - (\d{4}-\d\d-\d\d))?$/;
const KINDS = ['Added', 'Changed', 'Deprecated', 'Removed', 'Fixed', 'Security', 'Upgrade'];

function byNumber(a: string, b: string): number {
  return a.localeCompare(b, 'en', { numeric: true });
}

describe('the version', () => {
  test('is the same in the package, its lock, the API and the plugin', async () => {
    const version = await versionOf('package.json');
    expect(await versionOf('package-lock.json')).toBe(version);
    expect(documentSchema.parse(JSON.parse(await textOf('docs/openapi.json'))).info.version).toBe(version);
    expect(wrongVersions(join(root, 'wordpress/runcloud-relay'), version)).toEqual([]);
  });

  test('is the newest of the changelog that is released', async () => {
    const headings = (await textOf('CHANGELOG.md')).split('\n').filter((line) => line.startsWith('## '));
    const [unreleased, ...released] = headings.map((line) => HEADING.exec(line) ?? [line]);
    expect(unreleased?.[1]).toBe('Unreleased');
    const versions = released.map(([, version = '']) => version);
    expect(versions[0]).toBe(await versionOf('package.json'));
    expect(versions).toEqual(versions.toSorted(byNumber).reverse());
    const dates = released.map(([, , date = '']) => date);
    expect(dates.every((date) => !Number.isNaN(Date.parse(date)))).toBe(true);
    expect(dates).toEqual(dates.toSorted().reverse());
  });

  test('has changes of known kinds, each kind once a version, and none without an entry', async () => {
    const [, ...versions] = (await textOf('CHANGELOG.md')).split(/^## /m);
    for (const text of versions) {
      const [, ...sections] = text.split(/^### /m);
      const kinds = sections.map((section) => section.split('\n')[0] ?? '');
      expect(kinds.filter((kind) => !KINDS.includes(kind))).toEqual([]);
      expect(new Set(kinds).size).toBe(kinds.length);
      for (const section of sections) expect(section).toMatch(/^- \S/m);
    }
  });

  test('has kept the items that its last release wrote', async () => {
    const [, last = ''] = /^## \[(\d[\w.-]+)\]/m.exec(await textOf('CHANGELOG.md')) ?? [];
    expect(await versionOf(`test/releases/${last}.json`)).toBe(last);
  });
});
