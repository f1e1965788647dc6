import { createHash } from 'node:crypto';
import { access, mkdir, rename, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { build } from 'esbuild';

// Plain JavaScript, because `npm start` begins with it.
const root = join(import.meta.dirname, '..');

/** Inside the checkout, so that the packages are found from there. */
const cacheDir = join(root, 'node_modules', '.cache', 'runcloud-relay');

/**
 * A TypeScript file with all of ours that it imports, as one file of JavaScript. A thread that loads TypeScript itself
 * brings Node's compiler, which takes 25 MiB and more time than this. Whoever calls it last stops esbuild.
 */
export async function bundled(entryPoint) {
  const { outputFiles } = await build({
    absWorkingDir: root,
    entryPoints: [entryPoint],
    bundle: true,
    format: 'esm',
    platform: 'node',
    packages: 'external',
    // Of local/service.ts, the one file that asks.
    define: { 'import.meta.dirname': JSON.stringify(import.meta.dirname) },
    write: false,
    logLevel: 'silent',
  });
  const code = outputFiles.map(({ text }) => text).join('');
  const path = join(cacheDir, `${createHash('sha256').update(code).digest('hex').slice(0, 16)}.mjs`);
  const isThere = await access(path).then(
    () => true,
    () => false,
  );
  if (isThere) return path;
  await mkdir(cacheDir, { recursive: true });
  // Several stacks may start at once: a reader sees a whole file or none.
  const draft = `${path}.${process.pid}.${Date.now()}`;
  await writeFile(draft, code);
  await rename(draft, path);
  return path;
}
