import { ScanCommand } from '@aws-sdk/client-dynamodb';
import { ReceiveMessageCommand } from '@aws-sdk/client-sqs';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { z } from 'zod';
import { localDynamo, localSqs } from '../../../local/aws/clients.ts';
import { closeFlow } from '../../support/flow/close-flow.ts';
import { type Flow, startFlow } from '../../support/flow/flow.ts';
import type { FlowNetwork } from '../../support/flow/flow-network.ts';

const RETRY_BASE_SECONDS = 0.05;
const instant = expect.stringMatching(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/);

const pageSchema = z.object({
  network: z.string(),
  domains: z.array(z.object({ domain: z.string(), hosting: z.object({ state: z.string() }) })),
  cursor: z.string().nullable(),
});
const connectionSchema = z.object({
  ok: z.boolean(),
  checks: z.array(z.object({ name: z.string(), state: z.string(), fix: z.string().nullable() })),
});

/** The payload of Ultimate Multisite's own webhook; every personal value in it contains `canary`. */
function payloadOf(domain: string, domainId: number | string, createdAt: Date) {
  return {
    domain_id: domainId,
    domain_domain: domain,
    domain_site_id: '12',
    domain_stage: 'checking-dns',
    domain_active: 'true',
    domain_primary: 'false',
    domain_secure: 'false',
    domain_date_created: createdAt.toISOString().slice(0, 19).replace('T', ' '),
    domain_manage_url: 'https://network.example/wp-admin/?page=canary-domain',
    site_id: 12,
    site_title: 'canary title',
    site_description: 'canary description',
    site_url: 'https://canary.network.example/',
    site_admin_url: 'https://canary.network.example/wp-admin/',
    membership_id: 31,
    membership_status: 'canary active',
    membership_reference_code: 'canary9K2L4M1PQR',
    membership_initial_amount: '&euro; canary 29.00',
    membership_initial_amount_raw: null,
    membership_gateway: 'canary-stripe',
    customer_id: 9,
    customer_name: 'Canary Rider',
    customer_user_id: 44,
    customer_user_email: 'canary@acme-bikes.com',
    customer_avatar: "<img alt='canary' src='https://secure.gravatar.com/avatar/' />",
    customer_billing_address: 'Canary Bikes Ltd\ncanary@acme-bikes.com\n1 Canary Rd',
    wu_version: '2.4.13-beta.1',
  };
}

describe('what the relay reports, and what it never stored', () => {
  let flow: Flow;

  beforeAll(async () => {
    flow = await startFlow({
      retryBaseSeconds: RETRY_BASE_SECONDS,
      sweepEveryMs: 500,
      // No server answers there.
      environment: { TLS_PROBE_PORT: '9' },
      networks: {
        acme: {},
        listed: {},
        resting: { secret: { WU_RUNCLOUD_API_TOKEN: 'a-token-that-nobody-gave-out' } },
        'api-off': {},
        server: { secret: { WU_RUNCLOUD_SERVER_ID: '999' } },
        'web-app': { secret: { WU_RUNCLOUD_APP_ID: '999' } },
        claimed: {},
        hooked: {},
      },
      runcloud: { switches: { namesAreUniqueIn: 'everywhere' } },
    });
    const off = flow.runcloud.workspaces.find(({ servers }) =>
      servers.some(({ id }) => id === flow.network('api-off').serverId),
    );
    if (off !== undefined) off.apiEnabled = false;
  });

  afterAll(() => closeFlow(flow));

  const get = async (network: FlowNetwork, path: string): Promise<unknown> => {
    const headers = { authorization: `Bearer ${network.secret.RELAY_READ_TOKEN}` };
    const answer = await fetch(`${flow.url}/${network.name}${path}`, { headers });
    expect(answer.status).toBe(200);
    return answer.json();
  };

  describe('the status of a domain', () => {
    test('present, absent, waiting and failed, each with its reason and what comes next', async () => {
      const acme = flow.network('acme');
      await acme.add('present.acme-bikes.com');
      await acme.settles('present.acme-bikes.com', { state: 'present' });
      await acme.remove('absent.acme-bikes.com');
      await acme.settles('absent.acme-bikes.com', { state: 'absent' });
      flow.runcloud.addInPanel(flow.network('listed').appId, { name: 'refused.acme-bikes.com' });
      await acme.add('refused.acme-bikes.com');
      await acme.stands('refused.acme-bikes.com', { state: 'pending', reason: null });
      const { dueAt } = await acme.stands('refused.acme-bikes.com', { lastError: expect.anything() });
      expect(dueAt).not.toBeNull();

      expect(await get(acme, '/domains/present.acme-bikes.com')).toMatchObject({
        network: 'acme',
        domain: 'present.acme-bikes.com',
        wanted: 'present',
        hosting: { state: 'present', reason: null, since: instant, nextTryAt: null },
        certificate: { state: 'pending' },
        lastError: null,
        history: expect.arrayContaining([{ at: instant, what: 'accepted', detail: 'domain.added' }]),
      });
      expect(await get(acme, '/domains/absent.acme-bikes.com')).toMatchObject({
        wanted: 'absent',
        hosting: { state: 'absent', nextTryAt: null },
        certificate: { state: 'none' },
      });
      expect(await get(acme, '/domains/refused.acme-bikes.com')).toMatchObject({
        hosting: { state: 'pending', nextTryAt: instant },
        lastError: {
          code: 'runcloud-refused',
          message: expect.stringContaining('already been taken'),
          at: instant,
        },
      });
      await acme.settles('refused.acme-bikes.com', { state: 'failed' });
      expect(await get(acme, '/domains/refused.acme-bikes.com')).toMatchObject({
        hosting: { state: 'failed', reason: 'runcloud-refused', nextTryAt: null },
        lastError: { code: 'runcloud-refused' },
      });
      const live = await get(acme, '/domains/present.acme-bikes.com?live=1');
      const row = flow.runcloud.app(acme.appId).domains.find(({ name }) => name === 'present.acme-bikes.com');
      expect(live).toMatchObject({ live: { runcloud: { id: row?.id, type: 'alias', www: false } } });
      expect(live).toMatchObject({
        live: { dns: { addresses: [], verdict: 'dns-none' }, tls: { error: expect.any(String) } },
      });
    });

    test('paused, while its network is paused', async () => {
      const resting = flow.network('resting');
      await resting.add('shop.acme-bikes.com');
      await resting.stands('shop.acme-bikes.com', { state: 'paused' });
      expect(await get(resting, '/domains/shop.acme-bikes.com')).toMatchObject({
        hosting: { state: 'paused', reason: 'runcloud-unauthorized', nextTryAt: instant },
        lastError: { code: 'runcloud-unauthorized' },
      });
    });

    test('a list goes on from page to page, and shows only what was asked for', async () => {
      const listed = flow.network('listed');
      const names = ['a', 'b', 'c', 'd', 'e'].map((name) => `${name}.listed-bikes.com`);
      for (const name of names) await listed.add(name);
      for (const name of names) await listed.settles(name, { state: 'present' });
      const pages: string[][] = [];
      let cursor: string | null = '';
      while (cursor !== null) {
        const from: string = cursor === '' ? '' : `&cursor=${cursor}`;
        const page = pageSchema.parse(await get(listed, `/domains?limit=2${from}`));
        pages.push(page.domains.map(({ domain }) => domain));
        cursor = page.cursor;
      }
      expect(pages).toEqual([names.slice(0, 2), names.slice(2, 4), names.slice(4)]);
      const failed = pageSchema.parse(await get(flow.network('acme'), '/domains?state=failed'));
      expect(failed.domains.map(({ domain }) => domain)).toEqual(['refused.acme-bikes.com']);
      const open = pageSchema.parse(await get(flow.network('resting'), '/domains?state=open'));
      expect(open.domains).toMatchObject([{ domain: 'shop.acme-bikes.com', hosting: { state: 'paused' } }]);
    });
  });

  describe('the connection', () => {
    test('is in order', async () => {
      const { ok, checks } = connectionSchema.parse(await get(flow.network('acme'), '/connection'));
      expect(ok).toBe(true);
      expect(checks.map(({ name }) => name)).toEqual([
        'secret',
        'token',
        'server',
        'web-app',
        'domains',
        'certificates',
        'wildcard',
      ]);
    });

    test.each([
      { network: 'resting', explainFailure: 'token', fix: 'WU_RUNCLOUD_API_TOKEN' },
      { network: 'api-off', explainFailure: 'token', fix: 'Switch the API on' },
      { network: 'server', explainFailure: 'server', fix: 'WU_RUNCLOUD_SERVER_ID' },
      { network: 'web-app', explainFailure: 'web-app', fix: 'WU_RUNCLOUD_APP_ID' },
      { network: 'claimed', explainFailure: 'web-app', fix: 'of its own' },
    ])('of network $network names its cause: $cause', async ({ network: name, explainFailure, fix }) => {
      const network = flow.network(name);
      if (name === 'claimed') {
        const claim = { network: 'acme', renewedAt: Date.now() };
        const { serverId, appId } = network;
        const key = { kind: 'claim' as const, network: `app#${serverId}/${appId}`, item: 'claim' };
        expect(await flow.ledger.write(key, claim, 0)).toBe(true);
      }
      const { ok, checks } = connectionSchema.parse(await get(network, '/connection'));
      expect(ok).toBe(false);
      const failed = checks.filter(({ state }) => state === 'failed');
      expect(failed).toEqual([
        expect.objectContaining({ name: explainFailure, fix: expect.stringContaining(fix) }),
      ]);
    });
  });

  test('of the built-in webhook nothing personal is kept, logged, sent on or written into a dead letter', async () => {
    flow.hush(
      'Canary Rider',
      'Canary Bikes',
      '1 Canary Rd',
      'canary@acme-bikes.com',
      'canary9K2L4M1PQR',
      'canary title',
    );
    const hooked = flow.network('hooked');
    const hook = (body: object) =>
      hooked.post(`/hooks/${hooked.secret.RELAY_HOOK_TOKEN}/domain-created`, {
        body: JSON.stringify(body),
        headers: { 'content-type': 'application/json' },
      });
    const served = await hook(payloadOf('shop.hooked-bikes.com', 57, new Date()));
    expect(served.status).toBe(202);
    expect(await served.json()).toMatchObject({
      id: 'wu-57',
      domain: 'shop.hooked-bikes.com',
      status: 'accepted',
    });
    const item = await hooked.settles('shop.hooked-bikes.com', { state: 'present' });
    expect(item).toMatchObject({ siteId: 12, domainId: 57 });

    // One that fails, so that there is a dead letter to read; its ids come as text.
    flow.runcloud.addInPanel(flow.network('listed').appId, { name: 'taken.hooked-bikes.com' });
    expect((await hook(payloadOf('taken.hooked-bikes.com', '58', new Date()))).status).toBe(202);
    await hooked.settles('taken.hooked-bikes.com', { state: 'failed', domainId: 58 });
    const deadLetter = await hooked.deadLetter('taken.hooked-bikes.com');
    // And one whose body cannot be used: what is refused is not quoted.
    const broken = await hook({ ...payloadOf('not a name', 59, new Date()) });
    expect(broken.status).toBe(400);

    const dynamo = localDynamo(flow.endpoints.dynamo, 'eu-west-1');
    const { Items: items = [] } = await dynamo.send(new ScanCommand({ TableName: 'LedgerTable' }));
    dynamo.destroy();
    expect(items.length).toBeGreaterThan(3);
    const sqs = localSqs(flow.endpoints.sqs, 'eu-west-1');
    const messages = await Promise.all(
      [...flow.queues.values()].map(({ ref: QueueUrl }) =>
        sqs.send(
          new ReceiveMessageCommand({
            QueueUrl,
            MaxNumberOfMessages: 10,
            VisibilityTimeout: 0,
            MessageAttributeNames: ['All'],
          }),
        ),
      ),
    );
    sqs.destroy();
    const everything = JSON.stringify([
      items,
      messages,
      deadLetter,
      flow.lines,
      flow.runcloud.requests,
      await broken.json(),
    ]);
    expect(everything).toContain('taken.hooked-bikes.com');
    expect(everything.toLowerCase()).not.toContain('canary');
    expect(everything).not.toContain('9K2L4M1PQR');
  });
});
