import { existsSync, readFileSync } from 'node:fs';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { installSsl } from '../../../lib/runcloud/ssl.ts';
import { type Internet, startInternet } from '../../../local/world/internet.ts';
import { visit } from '../../support/http/visit.ts';
import { app, clientOf, failureOf, ids, token } from '../../support/runcloud/runcloud.ts';

let closing: AsyncDisposableStack;
let internet: Internet;

const domains = [{ name: 'network.example.com', type: 'primary' as const }, { name: 'shop.example.com' }];
function startOne(environment?: Record<string, string>) {
  return startInternet({
    runcloud: {
      workspaces: [{ tokens: [token], servers: [{ id: 42, apps: [{ id: app, domains }] }] }],
      switches: { sslIssue: 'immediate' },
    },
    environment,
    closing,
  });
}

beforeEach(async () => {
  closing = new AsyncDisposableStack();
  internet = await startOne();
});

afterEach(() => closing.disposeAsync());

function install() {
  return installSsl(clientOf(internet.runcloud), ids);
}

/** A visitor that trusts the same CAs as the functions. */
function shown({ edge, environment }: Pick<Internet, 'edge' | 'environment'>, name: string) {
  return visit(edge.port, name, readFileSync(environment.NODE_EXTRA_CA_CERTS, 'utf8'));
}

describe('the world around the relay', () => {
  test('a name that points at the server gets a certificate that visitors trust', async () => {
    for (const { name } of domains) internet.dns.set(name, { A: ['127.0.0.1'] });
    await install();
    for (const { name } of domains) expect(await shown(internet, name)).toMatchObject({ error: null });
    expect(internet.runcloud.orders).toMatchObject([{ appId: app, outcome: 'issued' }]);
  });

  test.each([
    ['is unknown everywhere', null],
    ['points elsewhere', { A: ['198.51.100.7'] }],
    ['points elsewhere with IPv6', { A: ['127.0.0.1'], AAAA: ['2001:db8::7'] }],
    ['forbids the CA', { A: ['127.0.0.1'], CAA: [{ tag: 'issue', value: ';' }] }],
  ])('one name that %s fails the order for all', async (_, records) => {
    internet.dns.set('network.example.com', { A: ['127.0.0.1'] });
    internet.dns.set('shop.example.com', records);
    expect(await failureOf(install())).toMatchObject({ code: 'runcloud-refused' });
    expect(await shown(internet, 'network.example.com')).toMatchObject({ names: 'DNS:default.invalid' });
    expect(internet.runcloud.orders).toMatchObject([{ outcome: 'failed' }]);
  });

  test('a proxy hands the CA on to the server', async () => {
    internet.dns.set('network.example.com', { A: ['127.0.0.1'] });
    internet.dns.set('shop.example.com', { A: ['198.51.100.7'] });
    internet.proxies.add('198.51.100.7');
    await install();
    expect(await shown(internet, 'shop.example.com')).toMatchObject({ error: null });
  });

  test('another resolver is asked in place of its own', async () => {
    const other = await startOne({ DNS_SERVERS: internet.dns.address });
    for (const { name } of domains) internet.dns.set(name, { A: ['127.0.0.1'] });
    await installSsl(clientOf(other.runcloud), ids);
    expect(await shown(other, 'shop.example.com')).toMatchObject({ error: null });
  });

  test('what was trusted before is trusted still', async () => {
    const other = await startOne(internet.environment);
    other.runcloud.installInPanel(app);
    internet.runcloud.installInPanel(app);
    for (const { edge } of [internet, other]) {
      const both = { edge, environment: other.environment };
      expect(await shown(both, 'shop.example.com')).toMatchObject({ error: null });
    }
    const missing = await startOne({ NODE_EXTRA_CA_CERTS: '/no/such/file' });
    missing.runcloud.installInPanel(app);
    expect(await shown(missing, 'shop.example.com')).toMatchObject({ error: null });
  });

  test('leaves no files or sockets open', async () => {
    const { environment, edge } = internet;
    expect(existsSync(environment.NODE_EXTRA_CA_CERTS)).toBe(true);
    await closing.disposeAsync();
    expect(existsSync(environment.NODE_EXTRA_CA_CERTS)).toBe(false);
    expect(await visit(edge.port, 'shop.example.com', '')).toMatchObject({ code: 'ECONNREFUSED' });
  });
});
