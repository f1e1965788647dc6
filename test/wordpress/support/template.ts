import { createHash } from 'node:crypto';
import { existsSync } from 'node:fs';
import { cp, mkdir, mkdtemp, readdir, readFile, rename, rm, symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Database } from './database.ts';
import { paths } from './paths.ts';
import { phpSettings, siteEnvironment } from './php.ts';
import { run } from './process.ts';

async function filesOf(dir: string): Promise<string[]> {
  const entries = await readdir(dir, { recursive: true, withFileTypes: true });
  return entries
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name))
    .sort();
}

/** Changes whenever a template would come out differently. */
async function fingerprint(): Promise<string> {
  const hash = createHash('sha256');
  const files = [
    join(paths.core, 'wp-includes/version.php'),
    import.meta.filename,
    ...(await filesOf(paths.site)),
  ];
  for (const file of files) hash.update(await readFile(file));
  return hash.digest('hex').slice(0, 16);
}

/** The directory of a network's wp-content: the plugins are links, for a test must run the code as it is. */
async function layContent(dir: string, database: Database): Promise<void> {
  const content = join(dir, 'wp-content');
  for (const sub of ['plugins', 'mu-plugins', 'uploads'])
    await mkdir(join(content, sub), { recursive: true });
  await mkdir(join(dir, 'database'));
  await symlink(join(paths.core, 'wp-content/themes'), join(content, 'themes'));
  await symlink(join(paths.standIns, 'ultimate-multisite'), join(content, 'plugins/ultimate-multisite'));
  await symlink(paths.plugin, join(content, 'plugins/runcloud-relay'));
  await symlink(paths.sqlite, join(content, 'plugins/sqlite-database-integration'));
  if (database.kind === 'sqlite') {
    const dropIn = await readFile(join(paths.sqlite, 'db.copy'), 'utf8');
    const filled = dropIn
      .replaceAll("'{SQLITE_IMPLEMENTATION_FOLDER_PATH}'", "__DIR__ . '/plugins/sqlite-database-integration'")
      .replaceAll('{SQLITE_PLUGIN}', 'sqlite-database-integration/load.php');
    await writeFile(join(content, 'db.php'), filled);
  }
  await writeFile(join(dir, 'constants.json'), JSON.stringify(database.constants));
}

/** Installs WordPress in `dir` and makes it a subdomain network. */
export async function installNetwork(dir: string, database: Database): Promise<void> {
  await layContent(dir, database);
  const env = siteEnvironment(dir);
  for (const step of ['site', 'network']) {
    await run({ file: 'php', args: [...phpSettings, join(paths.site, 'install.php'), step], env });
  }
  await writeFile(join(dir, 'is-multisite'), '');
}

/** An installed network on SQLite to be copied; made once, by the first test that wants it. */
export async function sqliteTemplate(): Promise<string> {
  const template = join(paths.cache, `network-${await fingerprint()}`);
  if (existsSync(template)) return template;
  const draft = await mkdtemp(join(paths.cache, 'network-draft-'));
  await installNetwork(draft, { kind: 'sqlite', constants: {} });
  try {
    await rename(draft, template);
  } catch {
    // Another test was first.
    await rm(draft, { recursive: true });
  }
  return template;
}

export function copyNetwork(template: string, dir: string) {
  return cp(template, dir, { recursive: true, verbatimSymlinks: true });
}
