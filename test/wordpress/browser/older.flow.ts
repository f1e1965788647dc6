import { afterAll, beforeAll, expect, test } from '@jest/globals';
import type { Browser, Page } from 'puppeteer-core';
import { sentAbout } from '../support/events.ts';
import { addDomain, setStage } from '../support/mappings.ts';
import { createCustomer } from '../support/users.ts';
import { startWebServer, type WebServer } from '../support/web-server.ts';
import { startWorld, type World } from '../support/world.ts';
import { open, openBrowser, pageOf, press, textOf } from './browser.ts';

/** Ultimate Multisite 2.4.3: the older system of host integrations, and no filters in the rows of domains. */
let world: World;
let web: WebServer;
let browser: Browser;
let admin: Page;
beforeAll(async () => {
  world = await startWorld({ ultimateMultisite: '2.4.3' });
  web = await startWebServer(world.site.dir);
  browser = await openBrowser(web);
  admin = await pageOf(browser, world.site, 1);
});
afterAll(async () => {
  await browser?.close();
  await web?.close();
  await world?.close();
});

const network = 'http://network.example/wp-admin/network';
const wizard = `${network}/admin.php?page=wp-ultimo-hosting-integration-wizard&integration=runcloud-relay`;

test('the wizard of the older system activates the integration and tests it', async () => {
  await open(admin, wizard);
  await press(admin, '#submit');
  expect(await world.site.php(`return get_network_option( null, 'wu_host_integrations_enabled' );`)).toEqual({
    'runcloud-relay': true,
  });
  await open(admin, `${wizard}&step=testing`);
  await admin.waitForFunction(() => !document.querySelector('#results')?.textContent?.startsWith('Waiting'));
  expect(await textOf(admin, '#results')).toContain('accepts');
});

test("the customer's box and the network's list get a line below the name", async () => {
  const customer = await createCustomer(world.site, 'acme');
  world.relay.internet.dns.set('shop.acme-bikes.com', { A: ['198.51.100.7'] });
  const id = await addDomain(world.site, 'shop.acme-bikes.com', customer.blog);
  await world.settled('shop.acme-bikes.com');
  const page = await pageOf(browser, world.site, customer.user);
  const line = '[data-runcloud-relay-domain="shop.acme-bikes.com"]';
  for (const [who, url] of [
    [page, 'http://acme.network.example/wp-admin/admin.php?page=account'],
    [admin, `${network}/admin.php?page=wp-ultimo-domains`],
  ] as const) {
    await open(who, url);
    expect(await textOf(who, `${line} .runcloud-relay-record`)).toContain('shop.acme-bikes.com');
  }
  await page.browserContext().close();

  await setStage(world.site, id, 'done-without-ssl');
  await world.site.cron();
  expect(sentAbout(world.gate, 'shop.acme-bikes.com').at(-1)).toMatchObject({
    type: 'domain.ssl_retry',
    data: { reason: 'ssl_failed' },
  });
});

test('leaves no line in the log of PHP', async () => {
  expect(await world.site.log()).toBe('');
});
