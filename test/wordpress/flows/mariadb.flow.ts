import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { sentAbout } from '../support/events.ts';
import { addDomain, createBlog, deleteBlog, deleteDomain } from '../support/mappings.ts';
import { type MariaDb, startMariaDb } from '../support/mariadb.ts';
import { servesOnly, startWorld, type World } from '../support/world.ts';

/** What the flows over SQLite show, over the database that networks have. */
let database: MariaDb;
let world: World;
beforeAll(async () => {
  database = await startMariaDb();
  world = await startWorld({ database });
});
afterAll(async () => {
  await world?.close();
  await database?.close();
});

test('mappings and sites come and go', async () => {
  const blog = await createBlog(world.site, 'acme.network.example');
  const id = await addDomain(world.site, 'shop.acme-bikes.com', blog);
  await world.site.cron();
  await servesOnly(world, 'acme.network.example', 'shop.acme-bikes.com');
  await deleteDomain(world.site, id);
  await world.site.cron();
  await servesOnly(world, 'acme.network.example');
  await deleteBlog(world.site, blog);
  await world.site.cron();
  await servesOnly(world);
});

test('two web processes at once lose no event, and keep the order of a domain although one clock is behind', async () => {
  const domain = 'raced.acme-bikes.com';
  // Added by the process whose clock is ahead, removed a moment later by the one that is two seconds behind.
  const id = Number(
    await world.site.php(
      `return wu_create_domain( [ 'blog_id' => 1, 'domain' => $args['domain'] ] )->get_id();`,
      {
        args: { domain },
        aheadSeconds: 2,
      },
    ),
  );
  await world.site.php(`wu_get_domain( $args['id'] )->delete();`, { args: { id }, aheadSeconds: -2 });
  const others = Array.from({ length: 6 }, (_, index) => `many-${index}.acme-bikes.com`);
  await Promise.all(others.map((name) => addDomain(world.site, name)));
  // Two workers at the same moment: each event is sent by one of them.
  await Promise.all([world.site.cron({ aheadSeconds: 4 }), world.site.cron({ aheadSeconds: 4 })]);
  await world.site.cron({ aheadSeconds: 4 });
  await servesOnly(world, ...others);
  for (const name of others) expect(sentAbout(world.gate, name)).toHaveLength(1);
  const timestamps = sentAbout(world.gate, domain).map(({ timestamp }) => timestamp);
  expect(timestamps).toEqual([...timestamps].sort());
});

test('leaves no line in the log of PHP', async () => {
  expect(await world.site.log()).toBe('');
});
