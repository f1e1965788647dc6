import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';
import { pluginFiles, wrongVersions } from './plugin-files.ts';
import { zipFile } from './zip-file.ts';

const root = join(import.meta.dirname, '../..');
const plugin = join(root, 'wordpress/runcloud-relay');
const manifest: unknown = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'));
const { version } = z.object({ version: z.string() }).parse(manifest);

const faults = wrongVersions(plugin, version);
if (faults.length > 0) {
  console.error(`The version of this project is ${version}:\n${faults.join('\n')}`);
  process.exit(1);
}
const target = join(root, 'dist', `runcloud-relay-${version}.zip`);
mkdirSync(join(root, 'dist'), { recursive: true });
writeFileSync(target, zipFile(pluginFiles(plugin)));
console.log(target);
