import { afterAll, beforeAll, expect, test } from '@jest/globals';
import type { Browser, Page } from 'puppeteer-core';
import { stageOf } from '../support/mappings.ts';
import { createCustomer } from '../support/users.ts';
import { startWebServer, type WebServer } from '../support/web-server.ts';
import { servesOnly, startWorld, type World } from '../support/world.ts';
import { open, openBrowser, pageOf, press, textOf } from './browser.ts';

let world: World;
let web: WebServer;
let browser: Browser;
beforeAll(async () => {
  world = await startWorld({ wildcard: true });
  web = await startWebServer(world.site.dir);
  browser = await openBrowser(web);
});
afterAll(async () => {
  await browser?.close();
  await web?.close();
  await world?.close();
});

const domain = 'shop.acme-bikes.com';
const account = 'http://acme.network.example/wp-admin/admin.php?page=account';
const row = `[data-runcloud-relay-domain="${domain}"]`;

/** Ultimate Multisite's next check of the domain, which comes after five minutes at the latest. */
async function nextCheck(): Promise<void> {
  await world.site.php(`do_action( 'wu_async_process_domain_stage', $args['id'], 1 );`, {
    args: { id: await domainId() },
  });
}

async function domainId(): Promise<number> {
  const id = await world.site.php(`return wu_get_domain_by_domain( $args['domain'] )->get_id();`, {
    args: { domain },
  });
  return Number(id);
}

async function addByClicks(page: Page): Promise<void> {
  await open(page, account);
  await press(page, '#wp-ultimo-domain-mapping h3 .button');
  expect(await textOf(page, '.instructions')).toContain('exact DNS record');
  await page.type('[name=domain]', domain);
  await press(page, '#submit');
}

test('a customer maps a domain, is told which record to set, sets it, gets the certificate, and removes the domain again', async () => {
  const customer = await createCustomer(world.site, 'acme');
  const page = await pageOf(browser, world.site, customer.user);
  world.relay.internet.dns.set(domain, { A: ['198.51.100.7'] });

  await addByClicks(page);
  await world.settled(domain);
  await servesOnly(world, domain);
  await open(page, account);
  await page.waitForSelector(`${row} .runcloud-relay-record`);
  expect(await textOf(page, row)).toMatch(/Type A\s+Name shop\.acme-bikes\.com\s+Value 127\.0\.0\.1/);
  expect(await textOf(page, row)).toContain('198.51.100.7');
  expect(await textOf(page, '.stage')).toContain('Checking DNS');

  world.relay.internet.dns.set(domain, { A: ['127.0.0.1'] });
  await nextCheck();
  expect(await stageOf(world.site, await domainId())).toBe('checking-ssl-cert');
  await world.site.cron();
  // The page is still open: it shows the new state without a reload.
  await page.bringToFront();
  await page.waitForSelector(`${row} .is-good`);

  await nextCheck();
  expect(await stageOf(world.site, await domainId())).toBe('done');
  await open(page, account);
  expect(await textOf(page, '#wp-ultimo-domain-mapping')).toMatch(/shop\.acme-bikes\.com\s*Ready/);

  await press(page, `a[href*="user_delete_domain_modal"][href*="domain_id=${await domainId()}"]`);
  await press(page, '#submit');
  await world.settled(domain);
  await servesOnly(world);
  expect(await world.site.log()).toBe('');
});
