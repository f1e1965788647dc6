import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { projectDir } from '../../../local/service.ts';
import { run } from '../run.ts';

/** `npx serverless …` as an operator types it, in a shell that holds nothing but these variables. */
export async function serverless(
  args: readonly string[],
  environment: Readonly<Record<string, string>> = {},
  cwd = projectDir,
): Promise<string> {
  const home = await mkdtemp(join(tmpdir(), 'serverless-home-'));
  try {
    const env = { PATH: process.env.PATH, HOME: home, CI: 'true', ...environment };
    return await run('npx', ['--no-install', 'serverless', ...args], { cwd, env });
  } finally {
    await rm(home, { recursive: true, force: true });
  }
}
