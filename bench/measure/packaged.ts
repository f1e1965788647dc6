import { execFile } from 'node:child_process';
import { mkdtemp, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { promisify } from 'node:util';
import { unzipSync } from 'fflate';
import { once } from '../../lib/once.ts';
import { parseTemplate, type Template } from '../../test/deploy/template/template.ts';
import { newCheckout } from '../../test/serverless/checkout.ts';
import { atEnd } from './closing.ts';

const run = promisify(execFile);

export interface PackagedFunction {
  readonly name: string;
  /** The bundle, as Lambda unpacks it. */
  readonly bundle: string;
  readonly zippedBytes: number;
}

async function unpacked(zip: string, dir: string): Promise<PackagedFunction> {
  const name = basename(zip, '.zip');
  const [content] = Object.values(unzipSync(await readFile(zip)));
  if (content === undefined) throw new Error(`${name}.zip is empty`);
  const bundle = join(dir, `${name}.cjs`);
  await writeFile(bundle, content);
  return { name, bundle, zippedBytes: (await stat(zip)).size };
}

/** What `serverless package` leaves for a deploy. Packed once a run. */
const packageDir = once(async (): Promise<string> => {
  const dir = await mkdtemp(join(tmpdir(), 'bench-package-'));
  atEnd(() => rm(dir, { recursive: true }));
  const cwd = await newCheckout();
  await run('npx', ['--no-install', 'serverless', 'package', '--package', dir], { cwd });
  await rm(cwd, { recursive: true });
  return dir;
});

/** The stack as CloudFormation gets it. */
export async function packagedTemplate(): Promise<Template> {
  const file = join(await packageDir(), 'cloudformation-template-update-stack.json');
  return parseTemplate(await readFile(file, 'utf8'));
}

/** Every function as it is packed. */
export const packaged = once(async (): Promise<readonly PackagedFunction[]> => {
  const dir = await packageDir();
  const zips = (await readdir(dir)).filter((file) => file.endsWith('.zip')).toSorted();
  return Promise.all(zips.map((zip) => unpacked(join(dir, zip), dir)));
});

export async function packagedFunction(name: string): Promise<PackagedFunction> {
  const found = (await packaged()).find((it) => it.name === name);
  if (found === undefined) throw new Error(`No function ${name} is packed`);
  return found;
}
