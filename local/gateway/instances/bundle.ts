import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { build, stop } from 'esbuild';
import { z } from 'zod';
import { bundled } from '../../bundled.js';
import { projectDir, type Service } from '../../service.ts';
import { handlerParts } from './handler-parts.ts';

/** The bundler's options that serverless.yml uses; one more there that is missing here fails the start. */
const optionsSchema = z.strictObject({
  bundle: z.literal(true),
  minify: z.boolean(),
  sourcemap: z.boolean(),
  format: z.literal('cjs'),
  outputFileExtension: z.literal('.cjs'),
  platform: z.literal('node'),
  target: z.string(),
  supported: z.record(z.string(), z.boolean()),
  mainFields: z.array(z.string()),
  alias: z.record(z.string(), z.string()),
  exclude: z.tuple([]),
});

export interface Bundles {
  /** Holds `functions/<name>.cjs`, as the deployed packages do. */
  readonly dir: string;
  remove(): Promise<void>;
}

/** The body of an instance's thread as one script: the fewest bytes and the shortest start for each of many. */
async function instanceScript(): Promise<string> {
  const { outputFiles } = await build({
    absWorkingDir: projectDir,
    entryPoints: ['local/gateway/instances/instance-thread.ts'],
    bundle: true,
    format: 'cjs',
    platform: 'node',
    write: false,
    logLevel: 'silent',
  });
  return outputFiles.map(({ text }) => text).join('');
}

/** The bodies of our threads as JavaScript. */
export interface ThreadCode {
  /** Where that of the gateway lies. */
  readonly gatewayFile: string;
  /** That of an instance, as one script. */
  readonly instanceCode: string;
}

export async function bundleThreads(): Promise<ThreadCode> {
  try {
    const [gatewayFile, instanceCode] = await Promise.all([
      bundled('local/gateway/thread.ts'),
      instanceScript(),
    ]);
    return { gatewayFile, instanceCode };
  } finally {
    await stop();
  }
}

/** Bundles every function with the options that deploy it: what runs here is what runs there. */
export async function bundleFunctions(service: Service): Promise<Bundles> {
  const { exclude, outputFileExtension, ...options } = optionsSchema.parse(service.custom.esbuild);
  const dir = await mkdtemp(join(tmpdir(), 'runcloud-relay-'));
  const remove = () => rm(dir, { recursive: true, force: true });
  try {
    await build({
      ...options,
      absWorkingDir: projectDir,
      entryPoints: Object.values(service.functions).map(({ handler }) => `${handlerParts(handler).path}.ts`),
      outbase: '.',
      outdir: dir,
      outExtension: { '.js': outputFileExtension },
      external: [...exclude],
      logLevel: 'silent',
    });
  } catch (error) {
    await remove();
    throw error;
  } finally {
    // Its process would run on beside ours.
    await stop();
  }
  return { dir, remove };
}
