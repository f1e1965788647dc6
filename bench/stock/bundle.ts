import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { build } from 'esbuild';
import { once } from '../../lib/once.ts';
import { atEnd } from '../measure/closing.ts';

/** One of this folder's handlers as a bundle, as AWS's own guide to esbuild shows it: an ES module, minified. */
async function bundled(name: string): Promise<string> {
  const dir = await mkdtemp(join(tmpdir(), 'bench-stock-'));
  atEnd(() => rm(dir, { recursive: true }));
  const outfile = join(dir, `${name}.mjs`);
  await build({
    entryPoints: [join(import.meta.dirname, `${name}.ts`)],
    outfile,
    bundle: true,
    minify: true,
    format: 'esm',
    platform: 'node',
    target: 'node24',
    mainFields: ['module', 'main'],
    // Some packages are CommonJS and require Node's own modules.
    banner: {
      js: "import { createRequire } from 'node:module'; const require = createRequire(import.meta.url);",
    },
    logLevel: 'warning',
  });
  return outfile;
}

/** The usual stack. */
export const stockBundle = once(() => bundled('handler'));

/** A function that only puts an item and sends a message. */
export const bareBundle = once(() => bundled('bare'));
