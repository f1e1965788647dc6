import { afterAll, beforeAll, expect, test } from '@jest/globals';
import type { Browser, Page } from 'puppeteer-core';
import { addDomain } from '../support/mappings.ts';
import { createCustomer } from '../support/users.ts';
import { startWebServer, type WebServer } from '../support/web-server.ts';
import { networkName, readToken, relaySecret, startWorld, type World } from '../support/world.ts';
import { open, openBrowser, pageOf, picture, press, textOf } from './browser.ts';

let world: World;
let web: WebServer;
let browser: Browser;
let admin: Page;
beforeAll(async () => {
  world = await startWorld();
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

test('the wizard takes address, secret and read token, and never shows the secret again', async () => {
  await world.site.configure({
    WU_RUNCLOUD_RELAY_URL: undefined,
    WU_RUNCLOUD_RELAY_SECRET: undefined,
    WU_RUNCLOUD_RELAY_READ_TOKEN: undefined,
  });
  await open(admin, wizard);
  await press(admin, '#submit');
  await press(admin, '#submit');
  await admin.type('[name=WU_RUNCLOUD_RELAY_URL]', `${world.gate.url}/${networkName}`);
  await admin.type('[name=WU_RUNCLOUD_RELAY_SECRET]', relaySecret);
  await admin.type('[name=WU_RUNCLOUD_RELAY_READ_TOKEN]', readToken);
  await picture(admin, 'wordpress-wizard', '.wu-wizard');
  await press(admin, '#submit');

  await open(admin, `${wizard}&step=config`);
  const html = await admin.content();
  expect(html).not.toContain(relaySecret);
  expect(html).not.toContain(readToken);
});

test('the test of the wizard says that the relay can be reached', async () => {
  await open(admin, `${wizard}&step=testing`);
  await admin.waitForFunction(() => !document.querySelector('#results')?.textContent?.startsWith('Waiting'));
  expect(await textOf(admin, '#results')).toBe('Access Authorized');
  await picture(admin, 'wordpress-wizard-test', '.wu-wizard');
});

test('the test of the settings page shows every check of the relay in words', async () => {
  await open(admin, `${network}/settings.php?page=runcloud-relay`);
  await press(admin, '#runcloud-relay-test');
  expect(await textOf(admin, '#runcloud-relay-checks')).toContain('web-app');
  await picture(admin, 'wordpress-settings', '#runcloud-relay-settings');
});

test("the network's list shows where each domain stands, and asks for a certificate again", async () => {
  world.relay.internet.dns.set('done.acme-bikes.com', { A: ['127.0.0.1'] });
  await addDomain(world.site, 'done.acme-bikes.com');
  await world.site.cron();
  await world.hasCertificate('done.acme-bikes.com');
  world.relay.internet.dns.set('elsewhere.acme-bikes.com', { A: ['198.51.100.7'] });
  await addDomain(world.site, 'elsewhere.acme-bikes.com');
  await world.settled('elsewhere.acme-bikes.com');
  await open(admin, `${network}/admin.php?page=wp-ultimo-domains`);
  const done = '[data-runcloud-relay-domain="done.acme-bikes.com"]';
  await admin.waitForSelector(`${done} .is-good`);
  await admin.waitForSelector('[data-runcloud-relay-domain="elsewhere.acme-bikes.com"] .is-action');
  await picture(admin, 'wordpress-domains', '#wpbody-content .wrap');
  await press(admin, '.runcloud-relay-retry');
  expect(await textOf(admin, '.runcloud-relay-notice')).toContain('asked to try');
});

test('the edit page of a domain shows it too', async () => {
  const domain = `return wu_get_domain_by_domain( 'elsewhere.acme-bikes.com' )->get_id();`;
  const id = Number(await world.site.php(domain));
  await open(admin, `${network}/admin.php?page=wp-ultimo-edit-domain&id=${id}`);
  await admin.waitForSelector('#runcloud-relay .runcloud-relay-record');
  expect(await textOf(admin, '#runcloud-relay .runcloud-relay-record')).toContain('elsewhere.acme-bikes.com');
});

test("the customer's box tells which record to set, and nothing of other customers' domains", async () => {
  const customer = await createCustomer(world.site, 'acme');
  world.relay.internet.dns.set('shop.acme-bikes.com', { A: ['198.51.100.7'] });
  await addDomain(world.site, 'shop.acme-bikes.com', customer.blog);
  await world.settled('shop.acme-bikes.com');
  const page = await pageOf(browser, world.site, customer.user);
  await open(page, 'http://acme.network.example/wp-admin/admin.php?page=account');
  const row = '[data-runcloud-relay-domain="shop.acme-bikes.com"]';
  await page.waitForSelector(`${row} .runcloud-relay-record`);
  expect(await textOf(page, `${row} .runcloud-relay-record`)).toMatch(
    /Type A\s+Name shop\.acme-bikes\.com\s+Value 127\.0\.0\.1/,
  );
  await picture(page, 'wordpress-customer', '#wp-ultimo-domain-mapping');

  const ask = (domains: string) =>
    page.evaluate(async (asked) => {
      const settings = Reflect.get(window, 'runcloudRelay');
      const body = new URLSearchParams({ action: settings.action, nonce: settings.nonce, domains: asked });
      return (await fetch(settings.url, { method: 'POST', body })).json();
    }, domains);
  const answer = await ask('shop.acme-bikes.com,done.acme-bikes.com');
  expect(Object.keys(answer.data)).toEqual(['shop.acme-bikes.com']);
  await page.browserContext().close();
});

test('a warning stands over every network page while the stock RunCloud integration is on, with the button that turns it off', async () => {
  await world.site.php(
    `update_network_option( null, 'wu_host_integrations_enabled', [ 'runcloud' => true, 'runcloud-relay' => true ] );`,
  );
  await open(admin, `${network}/settings.php?page=runcloud-relay`);
  const notice = '.runcloud-relay-notice.notice-warning';
  expect(await textOf(admin, notice)).toContain('RunCloud integration');
  await press(admin, `${notice} a.button`);
  expect(
    await world.site.php(`return get_network_option( null, 'wu_host_integrations_enabled' )['runcloud'];`),
  ).toBe(false);
});

test('leaves no line in the log of PHP', async () => {
  expect(await world.site.log()).toBe('');
});
