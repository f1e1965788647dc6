import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { closeAll } from './measure/closing.ts';
import { drawPlots } from './plots/draw.ts';
import { report } from './report.ts';
import { isHeld, type Measure, type Row } from './row.ts';

/**
 * Measures what the relay costs, and prints each figure with its goal: all rows, or those that are named
 * (`npm run bench -- cold-import package-size`). Ends with 1 if a goal is missed that has no explained limit, or if its
 * bound is exceeded too. `--plots` draws the plots of docs/performance.md instead, there or in the folder that follows.
 */
if (process.argv[2] === '--plots') {
  await drawPlots(process.argv[3]);
  process.exit();
}

const folder = join(import.meta.dirname, 'rows');
const all = (await readdir(folder)).map((file) => file.replace(/\.ts$/, '')).toSorted();
const named = process.argv.slice(2);
const unknown = named.filter((name) => !all.includes(name));
if (unknown.length > 0) {
  console.error(`There is no ${unknown.join(', ')}; there are ${all.join(', ')}`);
  process.exit(2);
}

const rows: Row[] = [];
try {
  for (const name of named.length > 0 ? named : all) {
    console.error(`measuring ${name}`);
    const { measure }: { readonly measure: Measure } = await import(join(folder, `${name}.ts`));
    rows.push(...(await measure()));
  }
} finally {
  await closeAll();
}
console.log(report(rows));
process.exitCode = rows.every(isHeld) ? 0 : 1;
