import { join } from 'node:path';
import { paths } from './paths.ts';
import { phpSettings, siteEnvironment } from './php.ts';
import { type Ended, start } from './process.ts';
import type { Site } from './site.ts';

/** Runs `wp runcloud-relay …` in a network. */
export function wp(site: Site, ...words: readonly string[]): Promise<Ended> {
  return start({
    file: 'php',
    args: [...phpSettings, join(paths.standIns, 'wp-cli/wp.php'), 'runcloud-relay', ...words],
    env: siteEnvironment(site.dir),
  }).ended;
}
