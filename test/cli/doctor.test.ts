import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { z } from 'zod';
import { startSecretsManager } from '../../local/aws/secrets-manager/server.ts';
import { point } from '../../local/demo/world.ts';
import { startCloudFormation } from '../support/aws/cloudformation.ts';
import { startCloudWatch } from '../support/aws/cloudwatch.ts';
import { eventually } from '../support/eventually.ts';
import { type CliResult, type CliWorld, startCliWorld } from '../support/stack/relay-cli.ts';
import { secretOfNetwork } from '../support/stack/stack.ts';

const readToken = 'read-token-of-the-test-network-01234';
const good = secretOfNetwork({ RELAY_READ_TOKEN: readToken, SERVER_ADDRESSES: '127.0.0.1' });

const reportSchema = z.object({
  checks: z.array(
    z.strictObject({
      network: z.string().nullable(),
      name: z.string(),
      state: z.string(),
      detail: z.string(),
      fix: z.string().nullable(),
    }),
  ),
});

let world: CliWorld;

function checksIn({ stdout }: CliResult) {
  const { checks } = reportSchema.parse(JSON.parse(stdout));
  return new Map(checks.map((check) => [check.name, check]));
}

beforeAll(async () => {
  world = await startCliWorld({ secrets: { acme: good } });
  point(world.stack.internet, 'network.example.com', 'here');
});
afterAll(() => world.close());

describe('doctor', () => {
  test('finds a relay in order, and shows every check in a table', async () => {
    const result = await world.relay(['doctor', '--json']);
    const checks = checksIn(result);
    expect(result).toMatchObject({ code: 0, stderr: '' });
    expect([...checks.keys()]).toEqual([
      'api',
      'clock',
      'queues',
      'dead-letters',
      'alarms',
      'secret',
      'token',
      'server',
      'web-app',
      'domains',
      'certificates',
      'wildcard',
      'pause',
      'protected-dns',
      'stock-integration',
    ]);
    const states = [...checks.values()].filter(({ state }) => !['ok', 'warning'].includes(state));
    expect(states).toMatchObject([{ name: 'alarms', state: 'skipped' }]);
    expect(checks.get('protected-dns')).toMatchObject({ state: 'ok', network: 'acme' });
    const shown = await world.relay(['doctor']);
    expect(shown.code).toBe(0);
    expect(shown.stdout).toMatch(/^STATE +NETWORK +CHECK +DETAIL\n/);
    expect(shown.stdout).not.toContain(readToken);
  });

  test("sees rows that Ultimate Multisite's own integration has added", async () => {
    const app = world.stack.runcloud.app(7);
    const response = await fetch(`${world.stack.runcloudUrl}/api/v3/servers/42/webapps/${app.id}/domains`, {
      method: 'POST',
      headers: {
        authorization: `Bearer ${good.WU_RUNCLOUD_API_TOKEN}`,
        'content-type': 'application/json',
        accept: 'application/json',
      },
      body: JSON.stringify({ name: 'old.example.com', www: true, redirection: 'non-www', type: 'alias' }),
    });
    expect(response.status).toBeLessThan(300);
    const checks = checksIn(await world.relay(['doctor', '--json']));
    expect(checks.get('stock-integration')).toMatchObject({
      state: 'warning',
      detail: expect.stringContaining('old.example.com'),
    });
  });

  test('checks by an address what HTTP allows, and says what it leaves out', async () => {
    const env = { RELAY_READ_TOKEN: readToken };
    const result = await world.relay(['doctor', '--url', `${world.stack.url}/acme`, '--json'], { env });
    expect(result.code).toBe(0);
    const checks = checksIn(result);
    expect(checks.get('token')).toMatchObject({ state: 'ok' });
    expect(checks.get('secret')).toMatchObject({ state: 'skipped' });
  });

  test('shows the alarms of a stage that ring', async () => {
    const cloudWatch = await startCloudWatch([
      { AlarmName: 'runcloud-relay-prod-api-faults', StateValue: 'ALARM' },
      { AlarmName: 'runcloud-relay-prod-quota', StateValue: 'OK' },
    ]);
    const { url, resources, endpoints } = world.stack;
    const cloudFormation = await startCloudFormation({
      'runcloud-relay-prod': {
        HttpApiUrl: url,
        LedgerTableName: resources.get('LedgerTable')?.ref ?? '',
      },
    });
    const secrets = await startSecretsManager({ secrets: { acme: good }, prefix: 'runcloud-relay/prod' });
    const env = {
      AWS_ACCESS_KEY_ID: 'test',
      AWS_SECRET_ACCESS_KEY: 'test',
      AWS_REGION: 'eu-west-1',
      AWS_ENDPOINT_URL_CLOUDFORMATION: cloudFormation.endpoint,
      AWS_ENDPOINT_URL_CLOUDWATCH: cloudWatch.endpoint,
      AWS_ENDPOINT_URL_SECRETS_MANAGER: secrets.endpoint,
      AWS_ENDPOINT_URL_SQS: endpoints.sqs,
      AWS_ENDPOINT_URL_DYNAMODB: endpoints.dynamo,
      RUNCLOUD_URL: world.stack.runcloudUrl,
      DNS_SERVERS: world.stack.dnsServers,
    };
    const result = await world.relay(['doctor', '--stage', 'prod', '--json'], { env });
    await Promise.all([cloudWatch.stop(), cloudFormation.stop(), secrets.close()]);
    expect(result.code).toBe(1);
    const checks = checksIn(result);
    expect(checks.get('alarms')).toMatchObject({ state: 'failed', detail: 'Ringing: api-faults' });
    expect(checks.get('token')).toMatchObject({ state: 'ok' });
    expect(checks.get('pause')).toMatchObject({ state: 'ok' });
  });

  test('a relay that does not answer is told', async () => {
    const result = await world.relay(['doctor', '--url', 'http://127.0.0.1:9/acme', '--json'], {
      env: { RELAY_READ_TOKEN: readToken },
    });
    expect(result.code).toBe(1);
    expect(checksIn(result).get('api')).toMatchObject({ state: 'failed' });
  });

  test('names each fault and what to do, and ends with 1', async () => {
    await world.stack.setSecrets({
      acme: {
        ...good,
        WU_RUNCLOUD_API_TOKEN: 'revoked',
        RELAY_READ_TOKEN: `${readToken} ${readToken}-new`,
        PAUSED: 'true',
      },
      broken: { RELAY_SECRET: 'not-a-secret' },
    });
    point(world.stack.internet, 'network.example.com', 'elsewhere');
    // The relay itself reads a secret again ten seconds later.
    let result = await world.relay(['doctor', '--json']);
    const stateOf = (network: string, name: string) =>
      reportSchema
        .parse(JSON.parse(result.stdout))
        .checks.find((check) => check.network === network && check.name === name);
    await eventually(async () => {
      if (stateOf('acme', 'token')?.state === 'failed') return;
      result = await world.relay(['doctor', '--json']);
      throw new Error('The relay still knows the secret of before');
    });
    expect(result.code).toBe(1);
    expect(result.stderr).toMatch(/^\d+ of \d+ checks failed: see what to do above\.\n$/);
    expect(stateOf('acme', 'secret')).toMatchObject({
      state: 'warning',
      detail: 'The rotation of RELAY_READ_TOKEN is half done: two values count',
    });
    expect(stateOf('acme', 'token')).toMatchObject({ state: 'failed' });
    expect(stateOf('acme', 'pause')).toMatchObject({ state: 'warning', fix: 'relay network resume acme' });
    expect(stateOf('acme', 'protected-dns')).toMatchObject({ state: 'warning' });
    expect(stateOf('acme', 'stock-integration')).toMatchObject({ state: 'not-answered' });
    expect(stateOf('broken', 'secret')?.detail).toContain('WU_RUNCLOUD_SERVER_ID is missing');
    expect(result.stdout).not.toContain('not-a-secret');
  });
});
