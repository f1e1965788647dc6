import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { build } from 'esbuild';

const root = join(import.meta.dirname, '..');
const outdir = join(root, 'dist', 'cli');

// An installed package runs on a Node that may not strip types, and not inside node_modules. Everything is bundled, in
// parts that load once a command needs them.
await rm(outdir, { recursive: true, force: true });
await build({
  entryPoints: { relay: join(root, 'cli', 'main.js') },
  outdir,
  bundle: true,
  splitting: true,
  format: 'esm',
  platform: 'node',
  target: 'node20.19',
  mainFields: ['module', 'main'],
  banner: {
    // Some dependencies are CommonJS and require Node's own modules.
    js: "import { createRequire as nodeRequire } from 'node:module'; const require = nodeRequire(import.meta.url);",
  },
  logLevel: 'warning',
});
