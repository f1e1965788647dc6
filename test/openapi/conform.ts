// Calls the one-machine stack as docs/openapi.json describes it, and worse, by schemathesis: no answer may be missing
// in the document, and none may be a failure of the relay. `conform.ts [examples per operation]`.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { stderr, stdout } from 'node:process';
import { z } from 'zod';
import { projectDir } from '../../local/service.ts';
import { ensureVenv, pipInstall } from '../support/docs/python.ts';
import { secretOfNetwork, startTestStack } from '../support/stack/stack.ts';

const here = import.meta.dirname;
const venv = join(projectDir, '.venv-openapi');
const requirements = join(here, 'requirements.txt');
const readToken = 'read-token-of-the-test-network-0123';
const [examples = '20'] = process.argv.slice(2);

/** What schemathesis must have met of each route; otherwise it never came past the first check. */
const expected: Readonly<Record<string, readonly number[]>> = {
  'POST /{network}/domain-added': [202, 400, 415],
  'POST /{network}/domain-removed': [202, 400, 415],
  'POST /{network}/ssl-retry': [202, 400, 415],
  'POST /{network}/hooks/{token}/domain-created': [200, 202, 400, 415],
  'GET /{network}/domains': [200, 400],
  'GET /{network}/domains/{domain}': [200, 404],
  'GET /{network}/connection': [200],
};

const metSchema = z.record(z.string(), z.array(z.int()));

async function schemathesis(url: string, statuses: string): Promise<boolean> {
  const secret = secretOfNetwork();
  const checks = [
    'not_a_server_error',
    'status_code_conformance',
    'content_type_conformance',
    'response_headers_conformance',
    'response_schema_conformance',
  ];
  const args = ['run', join(projectDir, 'docs', 'openapi.json'), '--url', url];
  args.push('--checks', checks.join(','), '--phases', 'examples,coverage,fuzzing');
  args.push('--max-examples', examples, '--no-color');
  const child = spawn(join(venv, 'bin', 'schemathesis'), args, {
    // It keeps files of its own where it runs.
    cwd: statuses,
    stdio: ['ignore', 'inherit', 'inherit'],
    env: {
      PATH: process.env.PATH,
      HOME: statuses,
      PYTHONPATH: here,
      PYTHONDONTWRITEBYTECODE: '1',
      SCHEMATHESIS_HOOKS: 'hooks',
      MET_STATUSES: join(statuses, 'met.json'),
      RELAY_NETWORK: 'acme',
      RELAY_READ_TOKEN: readToken,
      RELAY_HOOK_TOKEN: secret.RELAY_HOOK_TOKEN,
      RELAY_SECRET: secret.RELAY_SECRET,
    },
  });
  const [code] = await once(child, 'exit');
  return code === 0;
}

/** The statuses that should have been met and were not, a line a route. */
async function missing(file: string): Promise<readonly string[]> {
  const met = metSchema.parse(JSON.parse(await readFile(file, 'utf8')));
  return Object.entries(expected).flatMap(([route, statuses]) => {
    const absent = statuses.filter((status) => !met[route]?.includes(status));
    return absent.length === 0 ? [] : [`${route} never answered ${absent.join(', ')}`];
  });
}

await ensureVenv({
  dir: venv,
  lists: [requirements],
  install: (python) => pipInstall(python, requirements),
});
const dir = await mkdtemp(join(tmpdir(), 'openapi-'));
const stack = await startTestStack({ secrets: { acme: secretOfNetwork({ RELAY_READ_TOKEN: readToken }) } });
try {
  const fits = await schemathesis(stack.url, dir);
  const unmet = await missing(join(dir, 'met.json'));
  for (const line of unmet) stderr.write(`${line}\n`);
  stdout.write(fits && unmet.length === 0 ? 'The relay answers as docs/openapi.json says.\n' : '');
  process.exitCode = fits && unmet.length === 0 ? 0 : 1;
} finally {
  await stack.close();
  await rm(dir, { recursive: true });
}
