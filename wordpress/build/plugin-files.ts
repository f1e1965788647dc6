import { readdirSync, readFileSync } from 'node:fs';
import { join, sep } from 'node:path';
import type { ZipEntry } from './zip-file.ts';

/** The files of the plugin, each below its own folder, in an order that does not depend on the machine. */
export function pluginFiles(plugin: string): ZipEntry[] {
  return readdirSync(plugin, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile() && !entry.name.startsWith('.'))
    .map((entry) => join(entry.parentPath, entry.name))
    .sort()
    .map((file) => ({
      path: `runcloud-relay${file.slice(plugin.length).split(sep).join('/')}`,
      content: readFileSync(file),
    }));
}

/** Where the plugin names its version: all have to be the project's. */
const places = [
  ['runcloud-relay.php', / \* Version: +(\S+)/],
  ['runcloud-relay.php', /define\( 'RUNCLOUD_RELAY_VERSION', '(\S+)' \)/],
  ['readme.txt', /^Stable tag: (\S+)$/m],
  ['readme.txt', /^== Changelog ==\n+= (\S+) =$/m],
] as const;

/** What names another version, or none. */
export function wrongVersions(plugin: string, version: string): string[] {
  return places.flatMap(([file, pattern]) => {
    const found = pattern.exec(readFileSync(join(plugin, file), 'utf8'))?.[1];
    return found === version
      ? []
      : [`${file} says ${found ?? 'nothing'} where ${pattern.source} is looked for`];
  });
}
