import { setTimeout as wait } from 'node:timers/promises';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { servesOnly, startWorld, type World } from '../support/world.ts';

let world: World;
beforeAll(async () => {
  world = await startWorld();
});
afterAll(() => world.close());

test.each(['7.4', '8.5'])('records and sends inside a real WordPress on PHP %s', async (phpVersion) => {
  const domain = `php-${phpVersion.replace('.', '-')}.acme-bikes.com`;
  const version = await world.site.php(
    `return [ PHP_VERSION, wu_create_domain( [ 'blog_id' => 1, 'domain' => $args['domain'] ] )->get_domain() ];`,
    { args: { domain }, phpVersion },
  );
  expect(version).toEqual([expect.stringMatching(new RegExp(`^${phpVersion}\\.`)), domain]);
  // What is recorded is due in the next second, and this PHP has no clock to move.
  await wait(1_000);
  await world.site.cron({ phpVersion });
  await servesOnly(world, domain);
  await world.site.php(`wu_get_domain_by_domain( $args['domain'] )->delete();`, {
    args: { domain },
    phpVersion,
  });
  await wait(1_000);
  await world.site.cron({ phpVersion });
  await servesOnly(world);
  expect(await world.site.log()).toBe('');
});
