import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { eventually } from '../../support/eventually.ts';
import { addDomain } from '../support/mappings.ts';
import { relaySecret, servesOnly, startWorld, type World } from '../support/world.ts';
import { wp } from '../support/wp-cli.ts';

let world: World;
beforeAll(async () => {
  world = await startWorld();
});
afterAll(() => world.close());

test('test says what works, and exits with 0', async () => {
  const { code, stdout } = await wp(world.site, 'test', '--format=json');
  const checks: unknown = JSON.parse(stdout);
  expect(checks).toEqual(
    expect.arrayContaining([
      expect.objectContaining({ name: 'token', state: 'ok' }),
      expect.objectContaining({ name: 'web-app', state: 'ok' }),
    ]),
  );
  expect(code).toBe(0);
});

test('test says what does not work, and exits with 1', async () => {
  await world.site.configure({ WU_RUNCLOUD_RELAY_SECRET: 'whsec_bm90IHRoZSBzZWNyZXQgb2YgdGhpcyBuZXR3b3Jr' });
  const { code, stdout, stderr } = await wp(world.site, 'test');
  expect(code).toBe(1);
  expect(stdout + stderr).not.toContain('whsec_');
  await world.site.configure({ WU_RUNCLOUD_RELAY_SECRET: relaySecret });
});

test('sync announces a network that existed before the plugin, and --dry-run only shows it', async () => {
  // A mapping that was made while the plugin was away: the relay was not told.
  await world.site.php(
    `$GLOBALS['wpdb']->insert( $GLOBALS['wpdb']->base_prefix . 'wu_domain_mappings',
       [ 'blog_id' => 1, 'domain' => 'before.acme-bikes.com', 'stage' => 'done' ] );`,
  );
  const dry = await wp(world.site, 'sync', '--dry-run', '--format=json');
  expect(JSON.parse(dry.stdout)).toEqual([{ domain: 'before.acme-bikes.com', action: 'add' }]);
  await servesOnly(world);

  const { code } = await wp(world.site, 'sync');
  expect(code).toBe(0);
  await servesOnly(world, 'before.acme-bikes.com');
  expect((await wp(world.site, 'sync', '--format=json')).stdout.trim()).toBe('[]');
});

test('sync --remove-missing removes what this network announced and no longer has', async () => {
  await world.site.php(
    `$GLOBALS['wpdb']->delete( $GLOBALS['wpdb']->base_prefix . 'wu_domain_mappings', [ 'domain' => 'before.acme-bikes.com' ] );`,
  );
  const kept = await wp(world.site, 'sync', '--format=json');
  expect(JSON.parse(kept.stdout)).toMatchObject([{ domain: 'before.acme-bikes.com' }]);
  await servesOnly(world, 'before.acme-bikes.com');
  await wp(world.site, 'sync', '--remove-missing');
  await servesOnly(world);
});

test('status shows where a domain stands, and retry-ssl asks for its certificate again', async () => {
  await addDomain(world.site, 'shop.acme-bikes.com');
  await world.settled('shop.acme-bikes.com');
  // Its DNS is checked once it is served.
  await eventually(async () => {
    const { stdout } = await wp(world.site, 'status', 'shop.acme-bikes.com', '--format=json');
    expect(JSON.parse(stdout)).toMatchObject([
      { domain: 'shop.acme-bikes.com', hosting: 'present', certificate: 'waiting-dns dns-none' },
    ]);
  });
  expect((await wp(world.site, 'retry-ssl', 'shop.acme-bikes.com')).code).toBe(0);
  expect((await wp(world.site, 'retry-ssl', 'unknown.acme-bikes.com')).code).toBe(1);
});
