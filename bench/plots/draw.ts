import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { plots } from './all.ts';

const images = join(import.meta.dirname, '..', '..', 'docs', 'images');

/** Draws the plots of docs/performance.md anew, there or in another folder. */
export async function drawPlots(folder = images): Promise<void> {
  for (const [name, draw] of Object.entries(plots)) await writeFile(join(folder, name), await draw());
}
