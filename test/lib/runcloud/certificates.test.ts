import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { runcloudCertificates } from '../../../lib/runcloud/certificates.ts';
import type { RunningRuncloud } from '../../../local/runcloud/server.ts';
import { certificatesContract } from '../../contracts/certificates.contract.ts';
import { clientOf, failureOf, ids, legacy, primary, runcloudWorld } from '../../support/runcloud/runcloud.ts';

function worldIn(mode: 'basic' | 'advanced' | 'autossl') {
  return runcloudWorld({
    app: {
      domains: [primary, { id: 2, name: 'shop.example' }],
      advancedSSL: mode !== 'basic',
      autoSSL: mode === 'autossl',
    },
    switches: { sslIssue: 'immediate' },
  });
}

certificatesContract('RunCloud over HTTP, API v3', async (mode) => {
  const runcloud = await worldIn(mode);
  return { certificates: runcloudCertificates(clientOf(runcloud), ids), close: runcloud.close };
});

certificatesContract('RunCloud over HTTP, API v2 with the legacy pair', async (mode) => {
  const runcloud = await worldIn(mode);
  const client = clientOf(runcloud, { credential: { api: 'v2', ...legacy } });
  return { certificates: runcloudCertificates(client, ids), close: runcloud.close };
});

describe('over HTTP', () => {
  let runcloud: RunningRuncloud;
  beforeEach(async () => {
    runcloud = await worldIn('basic');
  });
  afterEach(() => runcloud.close());
  const certificates = () => runcloudCertificates(clientOf(runcloud), ids);

  test.each([
    ['an empty body', { status: 200 }],
    ['{}', { status: 200, body: {} }],
    ['a message', { status: 201, body: { message: 'Success' } }],
  ])('an order answered by a 2xx with %s was taken', async (_title, answer) => {
    runcloud.arm({ answer });
    await expect(certificates().install()).resolves.toBeUndefined();
    runcloud.arm({ answer });
    expect(await certificates().redeploy(7)).toBe('ordered');
  });

  test('a refused order is a refusal, and one without an answer is reported as such', async () => {
    runcloud.arm({ answer: { status: 422, body: { message: 'No.' } } });
    expect(await failureOf(certificates().install())).toMatchObject({
      code: 'runcloud-refused',
      unanswered: false,
    });
    runcloud.arm({ answer: { status: 504 } });
    expect(await failureOf(certificates().redeploy(7))).toMatchObject({
      code: 'runcloud-unavailable',
      unanswered: true,
    });
  });

  test.each([null, '', 'server.example', '999.1.1.1'])(
    'an address that is none (%j) is not told',
    async (ipAddress) => {
      runcloud.arm({ answer: { status: 200, body: { id: 42, name: 'net-01', ipAddress } } });
      expect(await certificates().serverAddress()).toBeUndefined();
    },
  );
});
