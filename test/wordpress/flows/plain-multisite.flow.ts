import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { sentAbout } from '../support/events.ts';
import { createBlog, deleteBlog } from '../support/mappings.ts';
import { servesOnly, startWorld, type World } from '../support/world.ts';

/** No Ultimate Multisite and no Action Scheduler: WordPress's own hooks and WP-Cron. */
let world: World;
beforeAll(async () => {
  world = await startWorld({ ultimateMultisite: null });
});
afterAll(() => world.close());

test("announces the network's sites by WordPress's own hooks, and sends by WP-Cron", async () => {
  const blog = await createBlog(world.site, 'shop.network.example');
  await world.site.cron();
  await servesOnly(world, 'shop.network.example');
  expect(sentAbout(world.gate, 'shop.network.example')).toMatchObject([
    { type: 'domain.added', data: { siteId: blog, native: true } },
  ]);

  await world.site.php(`wp_update_site( $args['blog'], [ 'domain' => 'renamed.network.example' ] );`, {
    args: { blog },
  });
  await world.site.cron();
  await servesOnly(world, 'renamed.network.example');

  await deleteBlog(world.site, blog);
  await world.site.cron();
  await servesOnly(world);
});

test('a site in a folder of the network is no domain', async () => {
  await world.site.php(`return wpmu_create_blog( 'network.example', '/folder/', 'Folder', 1 );`);
  await world.site.cron();
  expect(sentAbout(world.gate, 'network.example')).toEqual([]);
});

test('works as a must-use plugin of one line, which has no activation', async () => {
  await world.site.php(
    `require_once ABSPATH . 'wp-admin/includes/plugin.php';
     deactivate_plugins( 'runcloud-relay/runcloud-relay.php', true, true );
     file_put_contents( WP_CONTENT_DIR . '/mu-plugins/runcloud-relay.php', "<?php require WP_CONTENT_DIR . '/plugins/runcloud-relay/runcloud-relay.php';" );`,
  );
  await createBlog(world.site, 'must-use.network.example');
  await world.site.cron();
  await servesOnly(world, 'must-use.network.example');
  expect(await world.site.log()).toBe('');
});
