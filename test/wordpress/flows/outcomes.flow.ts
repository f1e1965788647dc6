import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { Webhook } from 'standardwebhooks';
import { secretOf } from '../../support/api/sign.ts';
import { eventually } from '../../support/eventually.ts';
import { addDomain, setStage, stageOf } from '../support/mappings.ts';
import { startWebServer, type WebServer } from '../support/web-server.ts';
import { networkName, relaySecret, startWorld, type World } from '../support/world.ts';

let world: World;
let web: WebServer;
beforeAll(async () => {
  world = await startWorld();
  web = await startWebServer(world.site.dir);
});
afterAll(async () => {
  await web?.close();
  await world?.close();
});

interface Told {
  readonly secret?: string;
  readonly id?: string;
  readonly atMs?: number;
}

/** Posts an outcome signed with the public package of Standard Webhooks. */
function tell(
  outcome: object,
  { secret = relaySecret, id = `msg_${randomUUID()}`, atMs = Date.now() }: Told = {},
) {
  const body = JSON.stringify(outcome);
  const at = new Date(atMs);
  return web.fetch('/wp-json/runcloud-relay/v1/outcomes', {
    method: 'POST',
    body,
    headers: {
      'content-type': 'application/json',
      'webhook-id': id,
      'webhook-timestamp': String(Math.floor(atMs / 1000)),
      'webhook-signature': new Webhook(secret).sign(id, at, body),
    },
  });
}

function settled(domain: string, certificate: object) {
  return {
    type: 'domain.settled',
    timestamp: new Date().toISOString(),
    data: {
      network: networkName,
      domain,
      wanted: 'present',
      siteId: '1',
      domainId: null,
      inReplyTo: null,
      hosting: { state: 'present', reason: null, since: new Date().toISOString(), nextTryAt: null },
      certificate: {
        reason: null,
        fix: null,
        attempts: 1,
        nextTryAt: null,
        notAfter: null,
        via: null,
        ...certificate,
      },
      lastError: null,
    },
  };
}

const valid = { state: 'valid', notAfter: '2027-02-01T00:00:00.000Z', via: 'origin' };

describe('an outcome', () => {
  test('that reports a valid certificate revives a mapping that had given up', async () => {
    const id = await addDomain(world.site, 'revived.acme-bikes.com');
    await setStage(world.site, id, 'ssl-failed');
    expect((await tell(settled('revived.acme-bikes.com', valid))).status).toBeLessThan(300);
    expect(await stageOf(world.site, id)).toBe('checking-ssl-cert');
    const pending = await world.site.php(
      `return count( as_get_scheduled_actions( [ 'hook' => 'wu_async_process_domain_stage', 'status' => 'pending' ] ) );`,
    );
    expect(pending).toBe(1);
  });

  test('that came before the mapping was given up revives it with the next sweep', async () => {
    const id = await addDomain(world.site, 'early.acme-bikes.com');
    expect((await tell(settled('early.acme-bikes.com', valid))).status).toBeLessThan(300);
    expect(await stageOf(world.site, id)).toBe('checking-dns');
    await setStage(world.site, id, 'failed');
    await world.site.php(`do_action( 'runcloud_relay_sweep' );`);
    expect(await stageOf(world.site, id)).toBe('checking-ssl-cert');
  });

  test('is taken once, however often it arrives', async () => {
    const id = await addDomain(world.site, 'replayed.acme-bikes.com');
    await setStage(world.site, id, 'ssl-failed');
    const outcome = settled('replayed.acme-bikes.com', valid);
    expect((await tell(outcome, { id: 'msg_replayed' })).status).toBeLessThan(300);
    await setStage(world.site, id, 'ssl-failed');
    expect((await tell(outcome, { id: 'msg_replayed' })).status).toBeLessThan(300);
    expect(await stageOf(world.site, id)).toBe('ssl-failed');
  });

  test.each([
    { kind: 'another secret', told: { secret: secretOf('another secret than that of the network') } },
    { kind: 'a timestamp of ten minutes ago', told: { atMs: Date.now() - 600_000 } },
  ])('is refused with $kind, and changes nothing', async ({ told }) => {
    const id = await addDomain(world.site, `refused-${randomUUID()}.acme-bikes.com`);
    await setStage(world.site, id, 'ssl-failed');
    const answer = await tell(settled('refused.acme-bikes.com', valid), told);
    expect(answer.status).toBe(401);
    expect(await stageOf(world.site, id)).toBe('ssl-failed');
  });

  test('of a size that no outcome has is refused', async () => {
    const outcome = { ...settled('large.acme-bikes.com', valid), more: 'x'.repeat(200_000) };
    expect([400, 413]).toContain((await tell(outcome)).status);
  });
});

test('a paused network becomes a notice for network admins, until it goes on', async () => {
  const data = {
    network: networkName,
    code: 'runcloud-unauthorized',
    message: 'RunCloud refuses the token.',
    fix: 'Renew the token.',
  };
  const moment = { timestamp: new Date().toISOString(), data: { ...data, since: new Date().toISOString() } };
  const notices = `ob_start(); do_action( 'network_admin_notices' ); return ob_get_clean();`;
  await tell({ type: 'network.paused', ...moment });
  expect(await world.site.php(notices, { user: 1 })).toContain('Renew the token.');
  await tell({ type: 'network.resumed', ...moment, timestamp: new Date(Date.now() + 1000).toISOString() });
  expect(await world.site.php(notices, { user: 1 })).not.toContain('Renew the token.');
});

test('a domain that is mapped ends by outcomes of the relay: it is served, and has its certificate', async () => {
  const told = await startWorld({ outcomes: true });
  try {
    told.relay.internet.dns.set('told.acme-bikes.com', { A: ['127.0.0.1'] });
    await addDomain(told.site, 'told.acme-bikes.com');
    await told.settled('told.acme-bikes.com');
    await told.hasCertificate('told.acme-bikes.com');
    const status = `return $GLOBALS['wpdb']->get_var( "SELECT status FROM {$GLOBALS['wpdb']->base_prefix}runcloud_relay_domains WHERE domain = 'told.acme-bikes.com'" );`;
    await eventually(
      async () => {
        expect(told.outcomes).toContain('domain.settled');
        expect(await told.site.php(status)).toContain('"state":"valid"');
      },
      { everyMs: 500 },
    );
  } finally {
    await told.close();
  }
});

test('leaves no line in the log of PHP', async () => {
  expect(await world.site.log()).toBe('');
});
