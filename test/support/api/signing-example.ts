import { execFile } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { readPage } from '../docs/pages.ts';
import { secretOfNetwork } from '../stack/stack.ts';

const run = promisify(execFile);

/** The example of docs/reference/api.md in this language (`sh`, `php`, `ts`), as it stands there. */
function signingExample(language: string): string {
  const [, section = ''] = readPage('docs/reference/api.md').text.split('### Sign a call\n');
  const example = new RegExp(`^\`\`\`${language}\\n([\\s\\S]*?)^\`\`\`$`, 'm').exec(section)?.[1];
  if (example === undefined) throw new Error(`docs/reference/api.md signs no call in ${language}`);
  return example;
}

/** Runs an example against the test network of this relay; what it prints is the relay's answer. */
export async function runSigningExample(
  language: string,
  program: readonly [string, ...string[]],
  relayUrl: string,
): Promise<unknown> {
  const dir = await mkdtemp(join(tmpdir(), 'signing-example-'));
  try {
    const file = join(dir, `example.${language === 'ts' ? 'mts' : language}`);
    await writeFile(file, signingExample(language));
    const [command, ...args] = program;
    const { RELAY_SECRET } = secretOfNetwork();
    const env = { PATH: process.env.PATH, RELAY: `${relayUrl}/acme`, RELAY_SECRET };
    const { stdout } = await run(command, [...args, file], { env });
    return JSON.parse(stdout);
  } finally {
    await rm(dir, { recursive: true });
  }
}
