import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { afterEach, expect, test } from '@jest/globals';
import { createSite, type Site } from '../support/site.ts';

let site: Site;
afterEach(() => site.close());

const settings = {
  WU_RUNCLOUD_RELAY_URL: 'http://127.0.0.1:9/acme',
  WU_RUNCLOUD_RELAY_SECRET: 'whsec_dGhlIHNlY3JldCBvZiBhIG5ldHdvcms=',
};

/** All that has our name in the database: tables, options of the network and of the main site, scheduled events. */
const traces = `
  $db     = $GLOBALS['wpdb'];
  $tables = $db->get_col( "SHOW TABLES LIKE '%runcloud_relay%'" );
  $metas  = $db->get_col( "SELECT meta_key FROM {$db->sitemeta} WHERE meta_key LIKE '%runcloud%relay%'" );
  $names  = $db->get_col( "SELECT option_name FROM {$db->options} WHERE option_name LIKE '%runcloud%relay%'" );
  $hooks  = array_merge( ...array_map( 'array_keys', array_values( array_filter( _get_cron_array(), 'is_array' ) ) ) );
  return array_merge( $tables, $metas, $names, array_values( preg_grep( '/runcloud_relay/', $hooks ) ) );`;

test('leaves nothing behind once it is deleted', async () => {
  site = await createSite();
  await site.configure(settings);
  await site.activate('runcloud-relay/runcloud-relay.php');
  await site.php(`return wpmu_create_blog( 'acme.network.example', '/', 'Acme', 1 );`);
  await site.cron();
  expect(await site.php(traces)).not.toEqual([]);

  await site.php(
    `require_once ABSPATH . 'wp-admin/includes/plugin.php';
     deactivate_plugins( 'runcloud-relay/runcloud-relay.php', false, true );
     uninstall_plugin( 'runcloud-relay/runcloud-relay.php' );`,
    { user: 1 },
  );
  expect(await site.php(traces)).toEqual([]);
});

test('refuses a WordPress that is no multisite with one sentence, and does nothing there', async () => {
  site = await createSite();
  await site.configure(settings);
  await rm(join(site.dir, 'is-multisite'));
  const shown = await site.php(
    `require_once ABSPATH . 'wp-admin/includes/plugin.php';
     activate_plugin( 'runcloud-relay/runcloud-relay.php' );
     ob_start(); do_action( 'admin_notices' ); do_action( 'init' ); return ob_get_clean();`,
    { user: 1 },
  );
  expect(shown).toContain('works in a WordPress multisite only');
  expect(
    await site.php(`return has_action( 'wp_insert_site' ) || has_action( 'runcloud_relay_send' );`),
  ).toBe(false);
});

test('never stands in the way of a click: what fails in it is logged once and stays in it', async () => {
  site = await createSite();
  await site.configure(settings);
  await site.activate('runcloud-relay/runcloud-relay.php');
  await site.cron();
  // A table that cannot be written, as after a failed restore.
  const blog = await site.php(
    `$GLOBALS['wpdb']->suppress_errors(); $GLOBALS['wpdb']->query( "DROP TABLE {$GLOBALS['wpdb']->base_prefix}runcloud_relay_events" );
     return wpmu_create_blog( 'acme.network.example', '/', 'Acme', 1 );`,
  );
  expect(blog).toBe(2);
  expect((await site.log()).match(/runcloud-relay: /g)).toHaveLength(1);
});
