import { SendMessageCommand } from '@aws-sdk/client-sqs';
import { afterAll, describe, expect, test } from '@jest/globals';
import { localSqs } from '../../../local/aws/clients.ts';
import { startProxy } from '../../../local/world/proxy.ts';
import { eventually } from '../../support/eventually.ts';
import { closeFlow } from '../../support/flow/close-flow.ts';
import { startFlow } from '../../support/flow/flow.ts';
import type { FlowNetwork } from '../../support/flow/flow-network.ts';

const full = Array.from({ length: 50 }, (_, n) => ({ name: `apex-${n}.full.com`, www: true }));

// Tests run side by side, so the stack must stand before any of them begins; hooks would come too late.
const flow = await startFlow({
  networks: {
    running: {},
    pointed: {},
    advanced: { ssl: 'advanced' },
    autossl: { ssl: 'autossl' },
    full: { app: { domains: full } },
    uploaded: {},
    proxied: {},
  },
  retryBaseSeconds: 0.05,
  certificateRetryBaseSeconds: 2,
  // Long enough that no check can miss an order under way.
  runcloud: { switches: { sslIssueMs: 5_000 } },
});

async function read({ name, secret }: FlowNetwork, path: string): Promise<unknown> {
  const headers = { authorization: `Bearer ${secret.RELAY_READ_TOKEN ?? ''}` };
  const answer = await fetch(`${flow.url}/${name}/domains${path}`, { headers });
  expect(answer.status).toBe(200);
  return answer.json();
}

async function namesIn(network: FlowNetwork, state: string) {
  const list = await read(network, `?state=${state}`);
  expect(list).toMatchObject({ domains: expect.any(Array) });
  return JSON.stringify(list);
}

describe('certificates over the whole stack', () => {
  afterAll(() => closeFlow(flow));

  test.concurrent('a domain that comes while an order runs is not forgotten', async () => {
    const network = flow.network('running');
    network.certificates.pointHere('one.running.com', 'two.running.com');
    await network.add('one.running.com');
    const finishOrder = await network.certificates.holdOrder();
    await network.certificates.stands('one.running.com', { state: 'requested' });
    await network.add('two.running.com');
    finishOrder();
    await network.certificates.stands('two.running.com', { state: 'valid' });
    await network.certificates.stands('one.running.com', { state: 'valid' });
    expect(network.certificates.orders().length).toBeLessThanOrEqual(2);
  });

  test.concurrent('a domain waits for its DNS, is pointed, and becomes valid: the reads show each step', async () => {
    const network = flow.network('pointed');
    const domain = 'shop.pointed.com';
    network.certificates.point(domain, { A: ['198.51.100.7'] });
    await network.add(domain);
    await network.certificates.stands(domain, { state: 'waiting-dns' });
    expect(await read(network, `/${domain}`)).toMatchObject({
      hosting: { state: 'present' },
      certificate: {
        state: 'waiting-dns',
        reason: 'dns-mismatch',
        fix: `Point an A record for ${domain} at ${network.serverAddress}; it now points at 198.51.100.7`,
        nextTryAt: expect.any(String),
      },
    });
    expect(await namesIn(network, 'waiting-dns')).toContain(domain);
    expect(await namesIn(network, 'open')).not.toContain(domain);

    network.certificates.pointHere(domain);
    await network.retryCertificate(domain, 'manual');
    const finishOrder = await network.certificates.holdOrder();
    await network.certificates.stands(domain, { state: 'requested' });
    expect(await namesIn(network, 'open')).toContain(domain);
    finishOrder();
    await network.certificates.stands(domain, { state: 'valid' });
    expect(await read(network, `/${domain}`)).toMatchObject({
      certificate: {
        state: 'valid',
        reason: null,
        fix: null,
        nextTryAt: null,
        notAfter: expect.any(String),
        via: null,
      },
      lastError: null,
    });
    expect(await namesIn(network, 'waiting-dns')).not.toContain(domain);
    expect(network.certificates.orders()).toHaveLength(1);
    expect(await network.certificates.deadLetters()).toEqual([]);
  });

  test.concurrent('in advanced mode each domain has an order of its own; with AutoSSL the relay makes none', async () => {
    const [advanced, autossl] = [flow.network('advanced'), flow.network('autossl')];
    for (const network of [advanced, autossl]) {
      const domain = `shop.${network.name}.com`;
      network.certificates.pointHere(domain);
      await network.add(domain);
      await network.certificates.stands(domain, { state: 'valid' });
    }
    expect(advanced.certificates.orders()).toMatchObject([{ names: ['shop.advanced.com'] }]);
    expect(advanced.calls().filter((call) => /^(POST|PUT) .*\/ssl/.test(call))).toHaveLength(1);
    expect(autossl.calls().filter((call) => /^(POST|PUT) .*\/ssl/.test(call))).toEqual([]);
  });

  test.concurrent('an uploaded wildcard is never replaced: what it covers is valid, the rest says what to do', async () => {
    const network = flow.network('uploaded');
    const [native, customer] = ['shop.network.example.com', 'shop.uploaded.com'];
    network.certificates.pointHere(native, customer);
    const names = ['network.example.com', '*.network.example.com'];
    flow.runcloud.installInPanel(network.appId, { method: 'custom', names });
    await network.add(native);
    await network.add(customer);
    await network.certificates.stands(native, { state: 'valid' });
    await network.certificates.stands(customer, { state: 'failed', toSend: [] });
    expect(await read(network, `/${customer}`)).toMatchObject({
      certificate: {
        state: 'failed',
        reason: 'custom-certificate',
        fix: `The certificate of the web application was uploaded, so the relay never replaces it: install one that covers ${customer} in RunCloud’s panel, or switch the application to advanced SSL in RunCloud’s panel, where every domain has a certificate of its own`,
      },
      lastError: { code: 'runcloud-refused' },
    });
    expect(network.certificates.orders()).toEqual([]);
    expect(network.calls().filter((call) => /^(POST|PUT) .*\/ssl/.test(call))).toEqual([]);
    expect(flow.runcloud.app(network.appId).ssl).toMatchObject({ method: 'custom', names });
  });

  test.concurrent('a proxied name whose server shows an untrusted certificate is valid via the edge, without an order', async () => {
    const network = flow.network('proxied');
    const domain = 'shop.proxied.com';
    const address = '127.0.0.2';
    const origin = { address: network.serverAddress, port: flow.edge.port };
    const proxy = await startProxy({ address, origin, authority: flow.authority });
    try {
      flow.proxies.add(address);
      flow.edge.set(domain, 'untrusted');
      network.certificates.point(domain, { A: [address] });
      await network.add(domain);
      await network.certificates.stands(domain, { state: 'waiting-dns' });
      await network.retryCertificate(domain, 'dns_ready');
      await network.certificates.stands(domain, { state: 'valid', via: 'edge' });
      expect(await read(network, `/${domain}`)).toMatchObject({
        certificate: { state: 'valid', reason: null, fix: null, via: 'edge' },
      });
      expect(network.certificates.orders()).toEqual([]);

      // The proxy begins to look at what the server shows: now visitors see that too.
      proxy.set(domain, { mode: 'strict' });
      flow.edge.set(domain, null);
      await network.retryCertificate(domain, 'manual');
      await network.certificates.stands(domain, { state: 'valid', via: null });
      expect(network.certificates.orders()).toHaveLength(1);
    } finally {
      await proxy.close();
    }
  });

  test.concurrent('a certificate that failed has one dead letter, which is one more try when it is moved back', async () => {
    const network = flow.network('full');
    const domain = 'shop.full.com';
    network.certificates.pointHere(domain);
    await network.add(domain);
    await network.certificates.stands(domain, { state: 'failed', reason: 'name-limit', toSend: [] });
    expect(await namesIn(network, 'failed')).toContain(domain);
    const [deadLetter, ...others] = await network.certificates.deadLetters();
    expect(others).toEqual([]);
    expect(deadLetter?.attributes).toEqual({
      id: `full/${domain}/certificate/1/dead-letter`,
      network: 'full',
      domain,
      code: 'runcloud-refused',
      reason: expect.stringContaining('names do not fit'),
      'first-failure': expect.any(String),
      'last-failure': expect.any(String),
    });
    expect(await network.deadLetters()).toEqual([]);

    flow.runcloud.app(network.appId).domains.splice(1, full.length);
    const sqs = localSqs(flow.endpoints.sqs, 'eu-west-1');
    const QueueUrl = flow.queues.get('CertificateQueue')?.ref;
    await sqs.send(new SendMessageCommand({ QueueUrl, MessageBody: deadLetter?.body }));
    sqs.destroy();
    const { revision } = await network.certificates.stands(domain, { state: 'valid', lastError: null });
    expect(revision).toBeGreaterThan(1);
    await eventually(async () => expect(await network.certificates.deadLetters()).toHaveLength(1));
  });
});
