import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { fingerprintOf, networksOf } from '../../../functions/services/networks.ts';
import type { WorkerSettings } from '../../../functions/services/secrets.ts';
import type { Secrets } from '../../../lib/settings/settings.ts';
import type { CallGuard } from '../../../lib/sync/ledger/runcloud-ports.ts';
import type { RunningRuncloud } from '../../../local/runcloud/server.ts';
import { ids, legacy, runcloudWorld, token } from '../../support/runcloud/runcloud.ts';
import { silentMetrics } from '../../support/silent-log.ts';

const settings: WorkerSettings = {
  credential: { api: 'v3', token },
  ...ids,
  protectedDomains: ['network.example'],
  removalsPerHour: 5,
  additionsPerHour: 9,
  parkUnreadyNames: true,
  paused: false,
  serverAddresses: ['203.0.113.11'],
  dnsTarget: 'edge.network.example',
  tellsOutcomes: true,
  readAt: 1_763_700_000_000,
};

function secretsOf(part: Partial<WorkerSettings> = {}) {
  const asked: { network: string; fresh: boolean | undefined }[] = [];
  const secrets: Secrets<WorkerSettings> = {
    settings: async (network, { fresh } = {}) => {
      asked.push({ network, fresh });
      return network === 'demo' ? { ...settings, ...part } : undefined;
    },
  };
  return { secrets, asked };
}

describe('a credential’s fingerprint', () => {
  test('is 16 hex digits that distinguish credentials and show nothing of them', () => {
    const fingerprint = fingerprintOf({ api: 'v3', token });
    expect(fingerprint).toMatch(/^[0-9a-f]{16}$/);
    expect(fingerprintOf({ api: 'v3', token })).toBe(fingerprint);
    expect(fingerprintOf({ api: 'v3', token: `${token}x` })).not.toBe(fingerprint);
    expect(fingerprintOf({ api: 'v2', ...legacy })).not.toBe(fingerprint);
  });
});

describe('a network’s access', () => {
  test('is what its secret says, and no credential', async () => {
    const { secrets } = secretsOf();
    const access = await networksOf(secrets, 'http://127.0.0.1:1', silentMetrics).access('demo', {
      fresh: false,
    });
    expect(access).toEqual({
      app: ids,
      readAt: settings.readAt,
      tellsOutcomes: true,
      protectedDomains: ['network.example'],
      removalsPerHour: 5,
      additionsPerHour: 9,
      parkUnreadyNames: true,
      paused: false,
      credentialFingerprint: fingerprintOf(settings.credential),
      serverAddresses: ['203.0.113.11'],
      dnsTarget: 'edge.network.example',
      hosting: expect.any(Function),
      certificates: expect.any(Function),
    });
    expect(JSON.stringify(access)).not.toContain(token);
  });

  test('is undefined where there is no secret', async () => {
    const { secrets } = secretsOf();
    expect(
      await networksOf(secrets, 'http://127.0.0.1:1', silentMetrics).access('nobody', { fresh: false }),
    ).toBeUndefined();
  });

  test('is read afresh when that is wanted', async () => {
    const { secrets, asked } = secretsOf();
    await networksOf(secrets, 'http://127.0.0.1:1', silentMetrics).access('demo', { fresh: true });
    expect(asked).toEqual([{ network: 'demo', fresh: true }]);
  });
});

describe('its hosting', () => {
  let runcloud: RunningRuncloud;
  beforeEach(async () => {
    runcloud = await runcloudWorld();
  });
  afterEach(() => runcloud.close());

  test('speaks to the application of the secret, every call through the gate', async () => {
    const passed: string[] = [];
    const guard: CallGuard = {
      before: async () => void passed.push('before'),
      after: async ({ status, limit }) => void passed.push(`after ${status}, limit ${limit}`),
    };
    const { secrets } = secretsOf();
    const access = await networksOf(secrets, runcloud.url, silentMetrics).access('demo', { fresh: false });
    const page = await access?.hosting(guard).page(1);
    expect(page).toMatchObject({ domains: [{ name: 'network.example', type: 'primary' }] });
    expect(passed).toEqual(['before', 'after 200, limit 60']);
  });
});
