import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { sentAbout } from '../support/events.ts';
import {
  addDomain,
  createBlog,
  deleteBlog,
  deleteDomain,
  renameDomain,
  setStage,
} from '../support/mappings.ts';
import { servesOnly, startWorld, type World } from '../support/world.ts';

let world: World;
beforeAll(async () => {
  world = await startWorld();
});
afterAll(() => world.close());

function typesAbout(domain: string) {
  return sentAbout(world.gate, domain).map(({ type }) => type);
}

describe('a mapping', () => {
  test('is served by RunCloud once it is there, and no longer once it is deleted', async () => {
    const id = await addDomain(world.site, 'shop.acme-bikes.com');
    await world.settled('shop.acme-bikes.com');
    await servesOnly(world, 'shop.acme-bikes.com');

    await deleteDomain(world.site, id);
    await world.settled('shop.acme-bikes.com');
    await servesOnly(world);
  });

  test('that gets another name is served under the new one, and no longer under the old one', async () => {
    const id = await addDomain(world.site, 'old.acme-bikes.com');
    await world.settled('old.acme-bikes.com');
    await renameDomain(world.site, id, 'new.acme-bikes.com');
    await world.site.cron();
    await servesOnly(world, 'new.acme-bikes.com');
    await deleteDomain(world.site, id);
    await world.site.cron();
    await servesOnly(world);
  });

  test('stays served while a twin row still holds its name', async () => {
    const id = await addDomain(world.site, 'twin.acme-bikes.com');
    const twin = `$GLOBALS['wpdb']->insert( $GLOBALS['wpdb']->base_prefix . 'wu_domain_mappings',
      [ 'blog_id' => 1, 'domain' => 'twin.acme-bikes.com', 'stage' => 'checking-dns' ] );
      return $GLOBALS['wpdb']->insert_id;`;
    const twinId = Number(await world.site.php(twin));
    await world.settled('twin.acme-bikes.com');

    await deleteDomain(world.site, id);
    await world.site.cron();
    expect(typesAbout('twin.acme-bikes.com')).not.toContain('domain.removed');
    await servesOnly(world, 'twin.acme-bikes.com');

    await deleteDomain(world.site, twinId);
    await world.settled('twin.acme-bikes.com');
    await servesOnly(world);
  });

  test('that is removed and added again before anything was sent ends served', async () => {
    const id = await addDomain(world.site, 'again.acme-bikes.com');
    await world.settled('again.acme-bikes.com');
    await deleteDomain(world.site, id);
    const second = await addDomain(world.site, 'again.acme-bikes.com');
    await world.settled('again.acme-bikes.com');
    await servesOnly(world, 'again.acme-bikes.com');
    await deleteDomain(world.site, second);
    await world.settled('again.acme-bikes.com');
    await servesOnly(world);
  });
});

describe('certificates', () => {
  test('are asked for as soon as the multisite has confirmed the DNS, and again when it gives up', async () => {
    const domain = 'secure.acme-bikes.com';
    world.relay.internet.dns.set(domain, { A: ['127.0.0.1'] });
    const id = await addDomain(world.site, domain);
    await world.site.cron();
    // The check of DNS ran among the actions; what it asked for is sent by the next run.
    await world.site.cron();
    await setStage(world.site, id, 'ssl-failed');
    await world.site.cron();
    const retries = sentAbout(world.gate, domain).filter(({ type }) => type === 'domain.ssl_retry');
    expect(retries.map(({ data, route }) => [data.reason, route])).toEqual([
      ['dns_ready', '/acme/ssl-retry'],
      ['ssl_failed', '/acme/ssl-retry'],
    ]);
    await deleteDomain(world.site, id);
    await world.settled(domain);
    await servesOnly(world);
  });
});

describe('www', () => {
  test.each([
    { setting: 'always', domain: 'a.acme-bikes.com', www: true },
    { setting: 'main_only', domain: 'b.acme-bikes.com', www: false },
    { setting: 'main_only', domain: 'acme-bikes.co.uk', www: true },
    { setting: 'never', domain: 'acme-bikes.net', www: false },
  ])('of $domain follows the network\'s setting "$setting"', async ({ setting, domain, www }) => {
    await world.site.php(`wu_save_setting( 'auto_create_www_subdomain', $args['setting'] );`, {
      args: { setting },
    });
    const id = await addDomain(world.site, domain);
    await world.site.cron();
    expect(sentAbout(world.gate, domain)).toMatchObject([
      { type: 'domain.added', data: { www, siteId: 1, domainId: id } },
    ]);
    await deleteDomain(world.site, id);
    await world.settled(domain);
  });
});

describe('a site', () => {
  test('is served under its own address, and its mappings go with it', async () => {
    const blog = await createBlog(world.site, 'acme.network.example');
    await addDomain(world.site, 'one.acme-bikes.com', blog);
    await addDomain(world.site, 'two.acme-bikes.com', blog);
    await world.site.cron();
    await servesOnly(world, 'acme.network.example', 'one.acme-bikes.com', 'two.acme-bikes.com');
    expect(sentAbout(world.gate, 'acme.network.example')).toMatchObject([
      { data: { native: true, www: false } },
    ]);

    await deleteBlog(world.site, blog);
    await world.site.cron();
    await servesOnly(world);
  });

  test('takes its mappings along also while domain mapping is switched off', async () => {
    const blog = await createBlog(world.site, 'off.network.example');
    await addDomain(world.site, 'orphan.acme-bikes.com', blog);
    await world.site.cron();
    await servesOnly(world, 'off.network.example', 'orphan.acme-bikes.com');
    await world.site.php(`wu_save_setting( 'enable_domain_mapping', false );`);
    await deleteBlog(world.site, blog);
    await world.site.cron();
    await servesOnly(world);
    await world.site.php(`wu_save_setting( 'enable_domain_mapping', true );`);
  });
});

describe('names of the network itself', () => {
  test.each(['network.example', 'www.network.example', 'shop.local'])(
    'are neither added nor removed: %s',
    async (domain) => {
      const id = await addDomain(world.site, domain);
      await deleteDomain(world.site, id);
      await world.site.cron();
      expect(sentAbout(world.gate, domain)).toEqual([]);
    },
  );
});

test('nothing of it leaves a line in the log', async () => {
  expect(await world.site.log()).toBe('');
});
