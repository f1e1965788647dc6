import { X509Certificate } from 'node:crypto';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { findSsl, installSsl } from '../../../lib/runcloud/ssl.ts';
import type { RunningRuncloud } from '../../../local/runcloud/server.ts';
import { newAuthority } from '../../../local/world/ca/authority.ts';
import { type ManualClock, manualClock } from '../../doubles/manual-clock.ts';
import { app, clientOf, ids, primary, runcloudWorld } from '../../support/runcloud/runcloud.ts';

const start = Date.UTC(2026, 10, 21, 5);
const authority = newAuthority();

let runcloud: RunningRuncloud;
let clock: ManualClock;

beforeEach(async () => {
  clock = manualClock(start);
  runcloud = await runcloudWorld({
    clock,
    issue: authority.issue,
    switches: { sslIssue: 'immediate' },
    app: { domains: [primary, { id: 2, name: 'shop.example', www: true }] },
  });
});

afterEach(() => runcloud.close());

async function shown(name: string) {
  return (await runcloud.certificateFor(name))?.names;
}
function advanced() {
  runcloud.app(app).mode = { advancedSSL: true, autoSSL: false };
}

test('an order ends in a real certificate that is in time', async () => {
  await installSsl(clientOf(runcloud), ids);
  const { material, validUntil } = (await runcloud.certificateFor('shop.example')) ?? {};
  const certificate = new X509Certificate(material?.cert ?? '');
  expect(certificate.verify(new X509Certificate(authority.certificate).publicKey)).toBe(true);
  expect(certificate.subjectAltName).toBe('DNS:network.example, DNS:shop.example, DNS:www.shop.example');
  expect(certificate.validFromDate.getTime()).toBeLessThan(start);
  expect(certificate.validToDate.getTime()).toBe(validUntil);
});

describe('visitors are shown', () => {
  test("in basic mode the application's certificate, where it covers their name", async () => {
    runcloud.installInPanel(app, { names: ['network.example', 'www.shop.example'] });
    expect(await shown('network.example')).toEqual(['network.example', 'www.shop.example']);
    expect(await shown('www.shop.example')).toEqual(['network.example', 'www.shop.example']);
    expect(await shown('shop.example')).toBeUndefined();
  });

  test("in advanced mode the domain's certificate, whatever it is for", async () => {
    runcloud.installInPanel(app);
    runcloud.installInPanel(app, { domain: 'shop.example', names: ['other.example'] });
    advanced();
    expect(await shown('shop.example')).toEqual(['other.example']);
    expect(await shown('www.shop.example')).toEqual(['other.example']);
    expect(await shown('network.example')).toBeUndefined();
  });

  test('nothing for a name that the application does not serve, or serves no more', async () => {
    runcloud.installInPanel(app);
    const { domains } = runcloud.app(app);
    domains.splice(1);
    expect(await shown('shop.example')).toBeUndefined();
    expect(await shown('network.example')).toContain('shop.example');
  });

  test('the certificate of a wildcard for the names below it', async () => {
    runcloud.addInPanel(app, { name: 'sites.example', wildcard: true });
    runcloud.installInPanel(app, { names: ['sites.example', '*.sites.example'] });
    expect(await shown('one.sites.example')).toContain('*.sites.example');
    expect(await shown('one.two.sites.example')).toBeUndefined();
  });

  test('what was delayed once its time has come, without a call', async () => {
    runcloud.switches.sslIssue = 'delayed';
    await installSsl(clientOf(runcloud), ids);
    expect(await shown('shop.example')).toBeUndefined();
    await clock.advance(30_000);
    expect(await shown('shop.example')).toContain('shop.example');
  });
});

describe('by hand in the panel', () => {
  test('a certificate can be over, and is shown all the same', async () => {
    runcloud.installInPanel(app, { notAfter: start - 1_000 });
    expect(await findSsl(clientOf(runcloud), ids)).toMatchObject({ validUntil: '2026-11-21 04:59:59' });
    const { material } = (await runcloud.certificateFor('shop.example')) ?? {};
    expect(new X509Certificate(material?.cert ?? '').validToDate.getTime()).toBe(start - 1_000);
    expect(runcloud.orders).toEqual([]);
  });

  test('a certificate can be taken away', async () => {
    advanced();
    runcloud.installInPanel(app, { domain: 'shop.example' });
    expect(await shown('shop.example')).toEqual(['shop.example', 'www.shop.example']);
    runcloud.uninstallInPanel(app, 'shop.example');
    expect(await shown('shop.example')).toBeUndefined();
    expect(await findSsl(clientOf(runcloud), { ...ids, domainId: 2 })).toBeUndefined();
  });
});

test('names are looked up as the CA sees them, together with the address of their server', async () => {
  const asked: [string, string][] = [];
  const careful = await runcloudWorld({
    clock,
    resolves: async (name, serverAddress) => {
      asked.push([name, serverAddress]);
      return true;
    },
  });
  await installSsl(clientOf(careful), ids);
  await careful.close();
  expect(asked).toEqual([['network.example', '203.0.113.10']]);
});
