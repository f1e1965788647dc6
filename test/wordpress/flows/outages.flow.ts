import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import { secretOf } from '../../support/api/sign.ts';
import { eventually } from '../../support/eventually.ts';
import { sentAbout } from '../support/events.ts';
import { addDomain, deleteDomain } from '../support/mappings.ts';
import { relaySecret, startWorld, type World } from '../support/world.ts';

let world: World;
beforeAll(async () => {
  world = await startWorld();
});
afterAll(() => world.close());

let domain = '';
let count = 0;
beforeEach(() => {
  count += 1;
  domain = `shop-${count}.acme-bikes.com`;
});

/** The events of this test's domain: their state and tries. */
function queued() {
  return world.site.php(
    `return $GLOBALS['wpdb']->get_results( $GLOBALS['wpdb']->prepare(
      "SELECT type, state, tries, status FROM {$GLOBALS['wpdb']->base_prefix}runcloud_relay_events WHERE domain = %s ORDER BY id", $args['domain'] ) );`,
    { args: { domain } },
  );
}

function noticesForAdmin() {
  return world.site.php(`ob_start(); do_action( 'network_admin_notices' ); return ob_get_clean();`, {
    user: 1,
  });
}

describe('a relay that cannot be reached', () => {
  test('gets what happened meanwhile as soon as it is back, each event once', async () => {
    await world.gate.down();
    await addDomain(world.site, domain);
    await world.site.cron();
    expect(await queued()).toMatchObject([{ state: 'waiting', tries: '1' }]);
    await world.gate.up();
    await world.site.cron({ aheadSeconds: 12 });
    expect(await queued()).toMatchObject([{ state: 'sent', tries: '2' }]);
    await eventually(() => expect(world.hosted()).toContain(domain));
  });

  test('is not told of a domain that came and went while it was away, but of one that stayed', async () => {
    await world.gate.down();
    const gone = await addDomain(world.site, `gone-${domain}`);
    await addDomain(world.site, domain);
    await world.site.cron();
    await deleteDomain(world.site, gone);
    await world.gate.up();
    await world.site.cron({ aheadSeconds: 12 });
    await world.relay.settled(domain);
    await eventually(() => expect(world.hosted()).toContain(domain));
    expect(sentAbout(world.gate, `gone-${domain}`).map(({ type }) => type)).not.toContain('domain.added');
  });
});

describe('a relay that asks for time', () => {
  test('gets it: 503 with Retry-After waits as long as it says, and keeps the id of the event', async () => {
    world.gate.set({ status: 503, headers: { 'retry-after': '240' } });
    await addDomain(world.site, domain);
    await world.site.cron();
    world.gate.set('pass');
    await world.site.cron({ aheadSeconds: 100 });
    expect(sentAbout(world.gate, domain)).toHaveLength(1);
    await world.site.cron({ aheadSeconds: 245 });
    const [first, second] = sentAbout(world.gate, domain);
    expect([first?.status, second?.status]).toEqual([503, 202]);
    expect(second?.id).toBe(first?.id);
    expect(second?.timestamp).toBe(first?.timestamp);
    await eventually(() => expect(world.hosted()).toContain(domain));
  });
});

describe('a wrong secret', () => {
  test('stops the sending of an event at once and tells the network admin what to do, without the secret', async () => {
    const wrong = secretOf('not the secret of this network at all');
    await world.site.configure({ WU_RUNCLOUD_RELAY_SECRET: wrong });
    await addDomain(world.site, domain);
    await world.site.cron();
    expect(await queued()).toMatchObject([{ state: 'failed', tries: '1', status: '401' }]);
    const notices = await noticesForAdmin();
    expect(notices).toContain('RELAY_SECRET');
    expect(notices).not.toContain(wrong);
    await world.site.configure({ WU_RUNCLOUD_RELAY_SECRET: relaySecret });
    expect(await world.site.log()).not.toContain(wrong);
  });
});

describe('a relay that knows a later event', () => {
  test('is told again what is true, after that event', async () => {
    // As left behind by a clock that ran ahead, or by a database that was put back.
    await world.relay.tell('domain.removed', domain, { at: new Date(Date.now() + 60_000) });
    await addDomain(world.site, domain);
    await world.site.cron();
    await world.site.cron({ aheadSeconds: 15 });
    await eventually(() => expect(world.hosted()).toContain(domain));
    const [first, again] = sentAbout(world.gate, domain);
    expect(again?.id).not.toBe(first?.id);
  });
});

describe('a copy of the network', () => {
  test.each([
    { kind: 'a staging copy', constants: { WP_ENVIRONMENT_TYPE: 'staging' }, host: 'network.example' },
    {
      kind: 'a clone under another host',
      constants: { DOMAIN_CURRENT_SITE: 'clone.example' },
      host: 'clone.example',
    },
  ])('sends nothing: $kind', async ({ constants, host }) => {
    const rename = (from: string, to: string) =>
      world.site.php(
        `$db = $GLOBALS['wpdb']; $db->update( $db->site, [ 'domain' => $args['to'] ], [ 'id' => 1 ] );
         $db->update( $db->blogs, [ 'domain' => $args['to'] ], [ 'blog_id' => 1 ] ); wp_cache_flush();`,
        { args: { to }, host: from },
      );
    await rename('network.example', host);
    await world.site.configure(constants);
    const before = world.gate.calls.length;
    await world.site.php(
      `return wu_create_domain( [ 'blog_id' => 1, 'domain' => $args['domain'] ] )->get_id();`,
      {
        args: { domain },
        host,
      },
    );
    await world.site.cron({ host });
    expect(world.gate.calls.slice(before).filter(({ method }) => method === 'POST')).toEqual([]);
    await world.site.configure({ WP_ENVIRONMENT_TYPE: undefined, DOMAIN_CURRENT_SITE: undefined });
    await rename(host, 'network.example');
  });
});

describe('a PHP process that is killed while it sends', () => {
  test('loses nothing: the next one sends the same event again', async () => {
    await addDomain(world.site, domain);
    world.gate.set('hold');
    const sending = world.site.start(`do_action( 'runcloud_relay_send' );`, {
      constants: { DOING_CRON: true },
    });
    const ended = sending.returned.catch(() => 'killed');
    await eventually(() => expect(sentAbout(world.gate, domain)).toHaveLength(1));
    sending.kill();
    expect(await ended).toBe('killed');
    world.gate.set('pass');
    // Its lease runs out before the sweep of five minutes comes round.
    await world.site.php(`do_action( 'runcloud_relay_sweep' );`, { aheadSeconds: 130 });
    const [first, second] = sentAbout(world.gate, domain);
    expect(second).toMatchObject({ id: first?.id, status: 202 });
    await eventually(() => expect(world.hosted()).toContain(domain));
  });
});
