import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { build } from 'esbuild';
import { once } from '../../lib/once.ts';
import { atEnd } from '../measure/closing.ts';

/** The stock stack as one bundle, as AWS's own guide to esbuild shows it: an ES module, minified. */
export const stockBundle = once(async (): Promise<string> => {
  const dir = await mkdtemp(join(tmpdir(), 'bench-stock-'));
  atEnd(() => rm(dir, { recursive: true }));
  const outfile = join(dir, 'stock.mjs');
  await build({
    entryPoints: [join(import.meta.dirname, 'handler.ts')],
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
});
