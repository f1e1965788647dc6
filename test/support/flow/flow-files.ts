import { globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

const folder = join(import.meta.dirname, '..', '..', 'flows');

/** The text of every flow, by its path in test/flows. */
export function flowFiles(): { readonly path: string; readonly text: string }[] {
  return globSync('**/*.test.ts', { cwd: folder }).map((path) => ({
    path,
    text: readFileSync(join(folder, path), 'utf8'),
  }));
}
