import { cpSync, mkdtempSync, readFileSync, rmSync, utimesSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { crc32 } from 'node:zlib';
import { afterAll, describe, expect, test } from '@jest/globals';
import { z } from 'zod';
import { pluginFiles, wrongVersions } from '../wordpress/build/plugin-files.ts';
import { zipFile } from '../wordpress/build/zip-file.ts';

const root = join(import.meta.dirname, '..');
const plugin = join(root, 'wordpress/runcloud-relay');
const { version } = z
  .object({ version: z.string() })
  .parse(JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')));

const work = mkdtempSync(join(tmpdir(), 'plugin-zip-'));
afterAll(() => rmSync(work, { recursive: true }));

/** Reads an archive the way unpackers do: from its directory at the end. */
function filesOf(zip: Buffer): Map<string, Buffer> {
  const end = zip.length - 22;
  expect(zip.readUInt32LE(end)).toBe(0x06054b50);
  const files = new Map<string, Buffer>();
  let at = zip.readUInt32LE(end + 16);
  for (let left = zip.readUInt16LE(end + 10); left > 0; left -= 1) {
    expect(zip.readUInt32LE(at)).toBe(0x02014b50);
    const nameLength = zip.readUInt16LE(at + 28);
    const path = zip.toString('utf8', at + 46, at + 46 + nameLength);
    const local = zip.readUInt32LE(at + 42);
    expect(zip.readUInt32LE(local)).toBe(0x04034b50);
    const start = local + 30 + zip.readUInt16LE(local + 26) + zip.readUInt16LE(local + 28);
    const content = zip.subarray(start, start + zip.readUInt32LE(at + 20));
    expect(crc32(content)).toBe(zip.readUInt32LE(at + 16));
    files.set(path, content);
    at += 46 + nameLength;
  }
  return files;
}

function copyOfThePlugin(name: string): string {
  const copy = join(work, name);
  cpSync(plugin, copy, { recursive: true });
  return copy;
}

describe('the archive of the plugin', () => {
  test('holds each file below one folder, as WordPress installs it', () => {
    const files = filesOf(zipFile(pluginFiles(plugin)));
    for (const file of [
      'runcloud-relay.php',
      'uninstall.php',
      'readme.txt',
      'languages/runcloud-relay-uk.mo',
    ])
      expect(files.get(`runcloud-relay/${file}`)).toEqual(readFileSync(join(plugin, file)));
    expect([...files.keys()].filter((path) => !path.startsWith('runcloud-relay/'))).toEqual([]);
  });

  test('comes with the license of the project', () =>
    expect(readFileSync(join(plugin, 'license.txt'), 'utf8')).toBe(
      readFileSync(join(root, 'LICENSE'), 'utf8'),
    ));

  test('is the same whenever and wherever it is made', () => {
    const copy = copyOfThePlugin('elsewhere');
    utimesSync(join(copy, 'readme.txt'), 1, 1);
    expect(zipFile(pluginFiles(copy)).equals(zipFile(pluginFiles(plugin)))).toBe(true);
  });

  test('has the version of the project in every place', () =>
    expect(wrongVersions(plugin, version)).toEqual([]));

  test('is not made while one place names another', () => {
    const copy = copyOfThePlugin('another-version');
    const readme = readFileSync(join(copy, 'readme.txt'), 'utf8');
    writeFileSync(join(copy, 'readme.txt'), readme.replace(/^Stable tag: .*$/m, 'Stable tag: 0.0.9'));
    expect(wrongVersions(copy, version)).toEqual([expect.stringMatching(/^readme\.txt says 0\.0\.9 /)]);
  });
});
