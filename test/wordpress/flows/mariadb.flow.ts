import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { sentAbout } from '../support/events.ts';
import { formUser } from '../support/forms.ts';
import { addDomain, createBlog, deleteBlog, deleteDomain } from '../support/mappings.ts';
import { type MariaDb, startMariaDb } from '../support/mariadb.ts';
import { startWebServer, type WebServer } from '../support/web-server.ts';
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

test('two web servers at once lose no event, and keep the order of a domain although one clock is behind', async () => {
  const [ahead, behind] = await Promise.all([
    startWebServer(world.site.dir, { aheadSeconds: 2 }),
    startWebServer(world.site.dir, { aheadSeconds: -2 }),
  ]);
  const admin = await formUser(world.site, 1);
  const add = (web: WebServer, domain: string) =>
    admin.send(web, 'admin.php?page=stand-in-form&form=add_new_domain&current_site=1', { domain });
  try {
    const raced = 'raced.acme-bikes.com';
    await add(ahead, raced);
    await world.site.cron({ aheadSeconds: 4 });
    await servesOnly(world, raced);
    const id = await world.site.php(`return wu_get_domain_by_domain( 'raced.acme-bikes.com' )->get_id();`);
    await admin.send(behind, `admin.php?page=stand-in-form&form=delete_modal&id=${id}`, { confirm: '1' });

    await world.site.cron();
    await servesOnly(world);
    const [added, removed] = sentAbout(world.gate, raced);
    expect(removed?.type).toBe('domain.removed');
    expect(Date.parse(removed?.timestamp ?? '')).toBeGreaterThan(Date.parse(added?.timestamp ?? ''));

    const others = Array.from({ length: 8 }, (_, index) => `many-${index}.acme-bikes.com`);
    await Promise.all(others.map((domain, index) => add(index % 2 === 0 ? ahead : behind, domain)));
    // Two workers at the same moment: each event is sent by one of them.
    await Promise.all([world.site.cron({ aheadSeconds: 4 }), world.site.cron({ aheadSeconds: 4 })]);
    await world.site.cron({ aheadSeconds: 4 });
    await servesOnly(world, ...others);
    for (const domain of others) expect(sentAbout(world.gate, domain)).toHaveLength(1);
  } finally {
    await Promise.all([ahead.close(), behind.close()]);
  }
});

test('leaves no line in the log of PHP', async () => {
  expect(await world.site.log()).toBe('');
});
