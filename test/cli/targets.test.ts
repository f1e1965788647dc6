import { once } from 'node:events';
import { chmod, mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { announcementDir } from '../../cli/target/announcement.ts';
import { startSecretsManager } from '../../local/aws/secrets-manager/server.ts';
import { type ApiRelay, startApiRelay } from '../support/api/api-relay.ts';
import { relaySecret } from '../support/api/api-world.ts';
import { readToken } from '../support/api/read-world.ts';
import { startCloudFormation } from '../support/aws/cloudformation.ts';
import { portOf } from '../support/http/port-of.ts';
import { cliEntry, cliEnvironment, startRelayCli } from '../support/stack/relay-cli.ts';
import { startInTerminal } from '../support/stack/terminal.ts';

const secret = { RELAY_SECRET: relaySecret, RELAY_READ_TOKEN: readToken };

let relay: ApiRelay;
let temporary: string;
let aws: Record<string, string>;
const networks: Record<string, unknown> = {};
const closing = new AsyncDisposableStack();

beforeAll(async () => {
  temporary = await mkdtemp(join(tmpdir(), 'relay-targets-'));
  closing.defer(() => rm(temporary, { recursive: true }));
  relay = await startApiRelay();
  closing.defer(() => relay.stop());
  const cloudFormation = await startCloudFormation({
    'runcloud-relay-prod': { HttpApiUrl: relay.url },
    'runcloud-relay-named': { HttpApiUrl: 'http://127.0.0.1:1', DomainNameUrl: relay.url },
    'runcloud-relay-old': {},
  });
  closing.defer(() => cloudFormation.stop());
  const secrets = await startSecretsManager({ secrets: networks, prefix: 'runcloud-relay/prod' });
  closing.defer(() => secrets.close());
  aws = {
    AWS_ACCESS_KEY_ID: 'test',
    AWS_SECRET_ACCESS_KEY: 'test',
    AWS_REGION: 'eu-west-1',
    AWS_ENDPOINT_URL_CLOUDFORMATION: cloudFormation.endpoint,
    AWS_ENDPOINT_URL_SECRETS_MANAGER: secrets.endpoint,
  };
});
afterAll(() => closing.disposeAsync());

function cli(args: readonly string[], env: Record<string, string>) {
  return startRelayCli(args, temporary, { env }).result;
}

describe('--stage', () => {
  test('finds the address, the network and its secret in AWS', async () => {
    networks.demo = secret;
    const added = await cli(['add', 'one.example.com', '--stage', 'prod'], aws);
    expect(added).toMatchObject({ code: 0, stderr: 'one.example.com: accepted\n' });
    const { code, stdout } = await cli(['status', 'one.example.com', '--stage', 'prod', '--json'], aws);
    expect(code).toBe(0);
    expect(JSON.parse(stdout)).toMatchObject({ network: 'demo', domain: 'one.example.com' });
  });

  test('calls a custom domain, beside which the address from AWS is closed', async () => {
    const named = await startSecretsManager({ secrets: { demo: secret }, prefix: 'runcloud-relay/named' });
    const env = { ...aws, AWS_ENDPOINT_URL_SECRETS_MANAGER: named.endpoint };
    const result = await cli(['add', 'named.example.com', '--stage', 'named'], env);
    await named.close();
    expect(result).toMatchObject({ code: 0, stderr: 'named.example.com: accepted\n' });
  });

  test('asks for the network where there are several', async () => {
    networks.second = secret;
    const result = await cli(['list', '--stage', 'prod'], aws);
    delete networks.second;
    expect(result).toMatchObject({
      code: 2,
      stderr: 'Name the network with --network: demo, second.\n',
    });
  });

  test.each([
    [
      ['--stage', 'nowhere'],
      {},
      /^AWS did not answer with the stack runcloud-relay-nowhere \(ValidationError\): check/,
    ],
    [['--stage', 'old'], {}, /^The stack runcloud-relay-old has no output HttpApiUrl: deploy/],
    [
      ['--stage', 'prod', '--network', 'other'],
      {},
      /\(ResourceNotFoundException\): check --stage, --region and --network/,
    ],
    [
      ['--stage', 'prod'],
      { AWS_REGION: '' },
      /^The AWS region is not known: add --region or set AWS_REGION\.\n$/,
    ],
  ])('%j that cannot be found is told with the next step', async (args, env, sentence) => {
    const result = await cli(['list', ...args], { ...aws, ...env });
    expect(result).toMatchObject({ code: 1, stdout: '' });
    expect(result.stderr).toMatch(sentence);
  });

  test('a secret that is no JSON is not quoted', async () => {
    networks.broken = 'whsec_in-a-text-that-is-no-json';
    const result = await cli(['list', '--stage', 'prod', '--network', 'broken'], aws);
    delete networks.broken;
    expect(result.code).toBe(1);
    expect(result.stderr).toMatch(/^The secret runcloud-relay\/prod\/broken is not a JSON object/);
    expect(result.stderr).not.toContain('whsec_');
  });
});

describe('--url', () => {
  test('takes the network from the address, secret and token from the environment', async () => {
    const result = await cli(['add', 'two.example.com', '--url', `${relay.url}/demo`, '--json'], secret);
    expect(result.code).toBe(0);
    expect(JSON.parse(result.stdout)).toEqual({
      network: 'demo',
      domains: [
        {
          domain: 'two.example.com',
          status: 'accepted',
          latest: expect.stringMatching(/^20\d\d-.*Z$/),
          error: null,
        },
      ],
    });
  });

  test.each([
    ['list', 'No RELAY_READ_TOKEN for network demo: set it in its secret, with --url in the environment.\n'],
    [
      'add',
      'No RELAY_SECRET for network demo: set it in its secret, with --url in the environment. 1 of 1 were not sent: run the command again.\n',
    ],
  ])('%s says what it lacks', async (command, stderr) => {
    const names = command === 'add' ? ['three.example.com'] : [];
    expect(await cli([command, ...names, '--url', `${relay.url}/demo`], {})).toMatchObject({
      code: 1,
      stderr,
    });
  });

  test('a terminal is asked for what the environment lacks, and does not show it', async () => {
    const terminal = startInTerminal(
      process.execPath,
      [cliEntry, 'add', 'three.example.com', '--url', `${relay.url}/demo`],
      { env: cliEnvironment(temporary) },
    );
    await terminal.shows('RELAY_SECRET:');
    terminal.type(`${relaySecret}\r`);
    expect(await terminal.ended).toEqual({ code: 0, signal: 0 });
    expect(terminal.text()).toContain('three.example.com: accepted');
    expect(terminal.raw()).not.toContain(relaySecret);
    expect(terminal.raw()).not.toContain('whsec');
  });

  test('a wrong token is told with the next step', async () => {
    const env = { RELAY_READ_TOKEN: 'a-token-that-the-relay-does-not-know' };
    const result = await cli(['list', '--url', `${relay.url}/demo`], env);
    expect(result).toMatchObject({ code: 1, stdout: '' });
    expect(result.stderr).toMatch(
      /does not admit this call for network demo: check the name of the network and its RELAY_READ_TOKEN\.\n$/,
    );
  });

  test.each([
    [['list'], { RELAY_READ_TOKEN: 'tök€n' }, /^The RELAY_READ_TOKEN for network demo holds a character/],
    [
      ['add', 'a.example.com'],
      { RELAY_SECRET: 'whsec_!!!' },
      /^The RELAY_SECRET for network demo is no whsec_/,
    ],
  ])(
    '%j with a value that cannot be sent is not told as a relay that does not answer',
    async (args, env, sentence) => {
      const result = await cli([...args, '--url', `${relay.url}/demo`], env);
      expect(result).toMatchObject({ code: 1, stdout: '' });
      expect(result.stderr).toMatch(sentence);
      expect(result.stderr).not.toMatch(/tök|!!!|does not answer/);
    },
  );

  test('an answer of something else is not taken for a relay', async () => {
    const other = createServer((_request, response) => response.end('<html>'));
    other.listen(0, '127.0.0.1');
    await once(other, 'listening');
    const result = await cli(['list', '--url', `http://127.0.0.1:${portOf(other)}/demo`], secret);
    other.close();
    expect(result.code).toBe(1);
    expect(result.stderr).toMatch(/answers in another form than a relay does: check the address/);
  });

  test('a relay that answers 503 is asked again', async () => {
    let calls = 0;
    const busy = createServer((_request, response) => {
      calls += 1;
      const first = calls === 1;
      response.writeHead(first ? 503 : 200, { 'retry-after': '0', 'content-type': 'application/json' });
      response.end(first ? '{}' : '{"network":"demo","domains":[],"cursor":null}');
    });
    busy.listen(0, '127.0.0.1');
    await once(busy, 'listening');
    const result = await cli(['list', '--json', '--url', `http://127.0.0.1:${portOf(busy)}/demo`], secret);
    busy.close();
    expect(result.code).toBe(0);
    expect(JSON.parse(result.stdout)).toEqual({ network: 'demo', domains: [], unreadable: [] });
    expect(calls).toBe(2);
  });
});

describe('--local', () => {
  test('a relay that was killed does not count, one of several is asked for, and a folder that others may write to is left alone', async () => {
    const dir = announcementDir(temporary);
    await mkdir(dir, { recursive: true, mode: 0o700 });
    const file = join(temporary, 'secrets.json');
    await writeFile(file, JSON.stringify({ demo: secret }));
    const endpoints = { sqs: '', sns: '', dynamo: '', secrets: '' };
    const written = (pid: number, url: string) =>
      writeFile(
        join(dir, `${pid}.json`),
        JSON.stringify({
          pid,
          url,
          secretsFile: file,
          secretPrefix: '',
          region: '',
          endpoints,
          resources: {},
        }),
      );
    // No process has the number beyond the largest.
    await written(2 ** 22 + 1, 'http://localhost:1');
    await written(process.pid, relay.url);
    expect(await cli(['list'], {})).toMatchObject({ code: 0 });

    await written(process.ppid, 'http://localhost:2');
    const several = await cli(['list', '--local'], {});
    expect(several.code).toBe(2);
    expect(several.stderr).toContain('add --local --url with one of');
    const elsewhere = await cli(['list', '--local', '--url', 'http://localhost:1'], {});
    expect(elsewhere.stderr).toMatch(/^No relay on this machine has this address: use one of http/);
    expect(await cli(['list', '--local', '--url', relay.url], {})).toMatchObject({ code: 0 });

    // Where others may write, what stands there may be theirs.
    await chmod(dir, 0o777);
    expect(await cli(['list', '--local'], {})).toMatchObject({
      code: 1,
      stderr: 'No relay runs on this machine: run npm start in another terminal.\n',
    });
  });
});
