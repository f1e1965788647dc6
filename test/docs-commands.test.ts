import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { mkdir, mkdtemp, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { point } from '../local/demo/world.ts';
import { startCloudFormation } from './support/aws/cloudformation.ts';
import { startCloudWatch } from './support/aws/cloudwatch.ts';
import { type PageBlock, pageBlocks, preamble } from './support/docs/page-blocks.ts';
import { codeIn, pages, root } from './support/docs/pages.ts';
import { commandsIn } from './support/docs/shell-commands.ts';
import { eventually } from './support/eventually.ts';
import { leaveDeadLetters } from './support/stack/leave-dead-letters.ts';
import {
  type CliResult,
  type CliWorld,
  cliEntry,
  startCliWorld,
  startProgram,
} from './support/stack/relay-cli.ts';
import { secretOfNetwork, type TestStack } from './support/stack/stack.ts';

/** The pages' networks, each with a server of its own: two applications of one server never hold the same domain. */
const own = {
  default: { server: '42', app: '7', domain: 'network.example.com' },
  demo: { server: '43', app: '8', domain: 'demo.example.com' },
  'shop-b': { server: '44', app: '9', domain: 'shop-b.example.com' },
};
type Network = keyof typeof own;

function secretOf(network: Network) {
  return secretOfNetwork({
    // As in local/secrets.json, which the pages show.
    RELAY_READ_TOKEN: 'demo-read-token-demo-read-token-demo',
    WU_RUNCLOUD_SERVER_ID: own[network].server,
    WU_RUNCLOUD_APP_ID: own[network].app,
    PROTECTED_DOMAINS: own[network].domain,
    SERVER_ADDRESSES: '127.0.0.1',
  });
}

const workspace = {
  tokens: [secretOf('default').WU_RUNCLOUD_API_TOKEN ?? ''],
  servers: Object.values(own).map(({ server, app, domain: name }) => ({
    id: Number(server),
    apps: [{ id: Number(app), domains: [{ name, type: 'primary' as const }] }],
  })),
};

const shops = ['shop.acme-bikes.com', 'blog.acme-bikes.com', 'shop.example.com'];

/** What the command line needs to take this stack for a stage that was deployed. */
async function asStage(stack: TestStack, closing: AsyncDisposableStack): Promise<Record<string, string>> {
  const [, stage = ''] = stack.secretPrefix.split('/');
  const outputs = [...stack.resources].flatMap(([id, { ref }]) => [
    [`${id}Url`, ref],
    [`${id}Name`, ref],
  ]);
  const formation = await startCloudFormation({
    [`runcloud-relay-${stage}`]: { HttpApiUrl: stack.url, ...Object.fromEntries(outputs) },
  });
  closing.defer(() => formation.stop());
  const watch = await startCloudWatch([
    { AlarmName: `runcloud-relay-${stage}-sweep-silent`, StateValue: 'OK' },
  ]);
  closing.defer(() => watch.stop());
  return {
    STAGE: stage,
    AWS_ACCESS_KEY_ID: 'test',
    AWS_SECRET_ACCESS_KEY: 'test',
    AWS_REGION: stack.region,
    AWS_ENDPOINT_URL_CLOUDFORMATION: formation.endpoint,
    AWS_ENDPOINT_URL_CLOUDWATCH: watch.endpoint,
    AWS_ENDPOINT_URL_CLOUDWATCH_LOGS: stack.logsUrl,
    AWS_ENDPOINT_URL_DYNAMODB: stack.endpoints.dynamo,
    AWS_ENDPOINT_URL_SECRETS_MANAGER: stack.endpoints.secrets,
    AWS_ENDPOINT_URL_SQS: stack.endpoints.sqs,
    RUNCLOUD_URL: stack.runcloudUrl,
    DNS_SERVERS: stack.dnsServers,
  };
}

/** A page before this one may have rotated the secret, and an instance reads that anew once in ten seconds. */
async function admits(stack: TestStack, network: Network): Promise<void> {
  const headers = { authorization: `Bearer ${secretOf(network).RELAY_READ_TOKEN}` };
  await eventually(
    async () => {
      for (const route of ['connection', 'domains', 'connection', 'domains']) {
        expect((await fetch(`${stack.url}/${network}/${route}`, { headers })).status).toBe(200);
      }
    },
    { everyMs: 1_000 },
  );
}

/** A checkout of a released version, of which a newer one is there. */
async function checkout(dir: string): Promise<string> {
  const git = (cwd: string, ...args: readonly string[]) =>
    execFileSync('git', ['-c', 'user.name=test', '-c', 'user.email=test@example.org', ...args], {
      cwd,
      stdio: 'pipe',
    });
  const origin = join(dir, 'origin');
  const clone = join(dir, 'clone');
  await mkdir(origin);
  git(origin, 'init', '--quiet');
  git(origin, 'commit', '--quiet', '--allow-empty', '--message', 'release');
  git(origin, 'tag', 'v1.0.0');
  git(dir, 'clone', '--quiet', origin, clone);
  git(origin, 'commit', '--quiet', '--allow-empty', '--message', 'newer release');
  return clone;
}

/** The operator's shell: what the handbook has typed first, then a page's blocks. */
function typedIn(dir: string, stack: TestStack, blocks: readonly PageBlock[]): string {
  const typed = blocks.map(({ shell }) => shell).join('\n');
  return [
    'set -eo pipefail',
    // `npm run` finds the project from below it only.
    `cd "${typed.includes('npm run') ? root : dir}"`,
    'stage=$STAGE',
    preamble,
    'STAGE=$stage',
    // The gate begins with it.
    'npm() { [ "$*" = ci ] || command npm "$@"; }',
    // `npm run` would only cost time.
    `relay_of_stage() { "${process.execPath}" "${cliEntry}" --yes --stage "$STAGE" "$@"; }`,
    // An instance that has just read the secret before this one reads it anew once in ten seconds.
    `is_refused() { { relay_of_stage doctor --json || true; } 2> /dev/null | grep -q '"not-answered"'; }`,
    'relay() { if [ "$1" = doctor ]; then while is_refused; do sleep 1; done; fi; relay_of_stage "$@"; }',
    // An answer of 4xx is no good end.
    'curl() { command curl --fail-with-body "$@"; }',
    typed.replaceAll('http://localhost:3000', stack.url),
  ].join('\n');
}

const byPage = Map.groupBy(
  pageBlocks.filter(({ runner }) => runner === 'stage'),
  ({ page }) => page.path,
);

/** A hung page ends before its test does, and shows how far it came. */
const PAGE_HANGS_MS = 600_000;

interface Stage {
  readonly world: CliWorld;
  readonly bash: (script: string, env?: Record<string, string>) => Promise<CliResult>;
}

/** A stage with these networks, all of whose domains are served and secure. */
async function startStage(networks: readonly Network[], closing: AsyncDisposableStack): Promise<Stage> {
  const secrets = Object.fromEntries(networks.map((network) => [network, secretOf(network)]));
  const switches = { callsPerMinute: 6_000, sslIssueMs: 300 };
  const world = await startCliWorld({ secrets, runcloud: { workspaces: [workspace], switches } });
  closing.defer(() => world.close());
  const names = [...Object.values(own).map(({ domain }) => domain), ...shops];
  for (const name of names) point(world.stack.internet, name, 'here');
  const aws = await asStage(world.stack, closing);
  for (const network of networks) {
    expect(await world.relay(['add', ...shops, '--network', network, '--wait'])).toMatchObject({ code: 0 });
  }
  const bash: Stage['bash'] = (script, env = {}) =>
    startProgram('bash', ['-c', script], world.temporary, {
      env: { ...aws, ...env },
      limitMs: PAGE_HANGS_MS,
    }).result;
  return { world, bash };
}

/** The network that a page's blocks are about. */
function networkOf(blocks: readonly PageBlock[]): Network {
  return blocks.some(({ shell }) => shell.includes('demo-read-token')) ? 'demo' : 'default';
}

describe('the commands that a stage answers', () => {
  let shared: Stage;
  const closing = new AsyncDisposableStack();

  beforeAll(async () => {
    shared = await startStage(['default', 'demo'], closing);
  });
  afterAll(() => closing.disposeAsync());

  test.each([...byPage])('on %s end well, one after the other', async (_path, blocks) => {
    const network = networkOf(blocks);
    const made = blocks
      .map(({ shell }) => /network add (\S+)/.exec(shell)?.[1])
      .find((name) => name === 'default' || name === 'shop-b');
    await using ending = new AsyncDisposableStack();
    // Work that another page has left would meet no secret, and pause the network for a quarter of an hour.
    const stage = made === 'default' ? await startStage([network], ending) : shared;
    const { stack, temporary } = stage.world;
    await stack.setSecrets(made === network ? {} : { [network]: secretOf(network) });
    if (made !== network) await admits(stack, network);
    const letters = Object.fromEntries(shops.map((domain) => [domain, 'runcloud-timeout']));
    await leaveDeadLetters(stack, network, letters);
    const dir = await mkdtemp(join(temporary, 'operator-'));
    const usesGit = blocks.some(({ shell }) => /^git /m.test(shell));
    const cwd = usesGit ? await checkout(dir) : dir;
    const asked = secretOf(made ?? network);
    const result = await stage.bash(typedIn(cwd, stack, blocks), { ...asked, RELEASE: 'v1.0.0' });
    await rm(dir, { recursive: true });
    const end = result.code === 0 ? 'well' : `${result.code}\n${result.stdout}\n${result.stderr}`;
    expect(end).toBe('well');
  });

  test('begin with functions that work as they stand there', async () => {
    const script = `set -e\ncd "${root}"\nstage=$STAGE\n${preamble}\nSTAGE=$stage\nrelay network list`;
    expect(await shared.bash(script)).toMatchObject({ code: 0, stdout: expect.stringMatching(/NETWORK/) });
  });
});

describe('a command on a page', () => {
  test('stands in a block that something runs', () => {
    const unrun = pageBlocks.filter(({ runner }) => runner === 'none').map(({ shell }) => shell.trim());
    // Each is a step of .ci/run, or a part of one; the tests of a restart keep a state. `npm run mutate` takes an hour.
    expect(new Set(unrun)).toEqual(
      new Set([
        'npm ci\nnpm start',
        'npm ci\nnpm run plugin:zip',
        'STATE_DIR=~/relay-state npm start',
        'npm run test:wordpress -- outages\nnpm run test:wordpress -- browser/story',
        "npm run mutate -- --mutate 'lib/sync/reconcile/**/*.ts'\nnpm run mutate -- --mutate lib/webhook/signature.ts:30-54",
      ]),
    );
  });

  test('of WP-CLI is one that a flow of test/wordpress runs', () => {
    const flow = readFileSync(join(root, 'test/wordpress/flows/wp-cli.flow.ts'), 'utf8');
    const commands = pageBlocks
      .filter(({ runner }) => runner === 'wordpress')
      .flatMap(({ shell }) => commandsIn(shell));
    expect(commands.length).toBeGreaterThan(1);
    for (const command of commands) {
      const words = command.replace('wp runcloud-relay ', '').split(' ');
      expect(flow).toContain(words.map((word) => `'${word}'`).join(', '));
    }
  });

  test('between backticks stands in a block too, unless it only names a command', () => {
    const shown = pageBlocks.flatMap(({ shell }) => commandsIn(shell));
    const faults = pages
      .filter(({ path }) => path.startsWith('docs/operations') || path === 'docs/reference/alarms.md')
      // It also speaks of another region and account, which no emulator has.
      .filter(({ path }) => path !== 'docs/operations/restore.md')
      .flatMap(({ path, text }) =>
        codeIn(text.replace(/^ *```[\s\S]*?^ *```$/gm, ''))
          .filter((code) => /^(?:aws|curl|git|npx|wp) |^relay .*(?:--|\.|default)/.test(code))
          .filter((code) => !shown.includes(code))
          .map((code) => `${path}: ${code}`),
      );
    expect(faults).toEqual([]);
  });
});
