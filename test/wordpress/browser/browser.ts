import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import puppeteer, { type Browser, type Page } from 'puppeteer-core';
import { HANGS_MS } from '../../support/eventually.ts';
import type { Site } from '../support/site.ts';
import { session } from '../support/users.ts';
import type { WebServer } from '../support/web-server.ts';

/** Debian's Chromium, for which the names of the network lead to a web server of the test, and every other name nowhere. */
export function openBrowser({ port }: WebServer): Promise<Browser> {
  return puppeteer.launch({
    executablePath: '/usr/bin/chromium',
    timeout: HANGS_MS,
    protocolTimeout: HANGS_MS,
    args: [
      '--no-sandbox',
      '--disable-dev-shm-usage',
      `--host-resolver-rules=MAP network.example 127.0.0.1:${port},MAP *.network.example 127.0.0.1:${port},MAP * ~NOTFOUND`,
    ],
  });
}

/** A page of a browser session of its own, in which a user is signed in. */
export async function pageOf(browser: Browser, site: Site, userId: number): Promise<Page> {
  const context = await browser.createBrowserContext();
  const cookies = Object.entries(await session(site, userId));
  await context.setCookie(
    ...cookies.map(([name, value]) => ({ name, value, domain: '.network.example', path: '/', expires: -1 })),
  );
  const page = await context.newPage();
  await page.setViewport({ width: 1000, height: 700 });
  page.setDefaultTimeout(HANGS_MS);
  return page;
}

export async function open(page: Page, url: string): Promise<void> {
  const answer = await page.goto(url, { waitUntil: 'domcontentloaded' });
  if (answer === null || !answer.ok())
    throw new Error(`${url}: ${answer?.status()}\n${await answer?.text()}`);
}

/** Presses what leads to another page, and waits until it is there. */
export async function press(page: Page, selector: string): Promise<void> {
  await Promise.all([page.waitForNavigation({ waitUntil: 'domcontentloaded' }), page.click(selector)]);
}

export async function textOf(page: Page, selector: string): Promise<string> {
  const element = await page.waitForSelector(selector);
  return (await element?.evaluate((found) => found.textContent ?? '')) ?? '';
}

/** What a picture shows in place of addresses of this machine; a form keeps what it had. */
function showExampleAddresses(isOn: boolean): void {
  const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  while (walker.nextNode()) {
    const { currentNode: node } = walker;
    const [from = '', to = ''] = isOn ? ['127.0.0.1', '203.0.113.10'] : ['203.0.113.10', '127.0.0.1'];
    node.nodeValue = node.nodeValue?.replaceAll(from, to) ?? null;
  }
  for (const input of document.querySelectorAll('input')) {
    if (!isOn && input.dataset.kept !== undefined) input.value = input.dataset.kept;
    if (!isOn || !input.value.startsWith('http://127.0.0.1')) continue;
    input.dataset.kept = input.value;
    input.value = 'https://relay.example.org/default';
  }
}

const imageDir = process.env.SCREENSHOTS;

/** A picture of an element as `<name>.png` in the directory that SCREENSHOTS names, if it does. */
export async function picture(page: Page, name: string, selector: string): Promise<void> {
  const element = await page.waitForSelector(selector);
  if (imageDir === undefined || element === null) return;
  await page.evaluate(showExampleAddresses, true);
  await mkdir(imageDir, { recursive: true });
  await element.screenshot({ path: join(imageDir, `${name}.png`) });
  await page.evaluate(showExampleAddresses, false);
}
