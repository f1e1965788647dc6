import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { receive } from '../../../functions/domain-status.ts';
import { fingerprintOf } from '../../../functions/services/networks.ts';
import type { ReadServices } from '../../../functions/services/read.ts';
import { systemClock } from '../../../lib/clock.ts';
import { dnsGate } from '../../../lib/dns/gate.ts';
import { createMetrics } from '../../../lib/observability/metrics.ts';
import { rateLimitKey } from '../../../lib/sync/ledger/keys.ts';
import { handshake } from '../../../lib/tls/handshake.ts';
import type { RunningRuncloud } from '../../../local/runcloud/server.ts';
import { startRuncloud } from '../../../local/runcloud/server.ts';
import { type DnsServer, startDnsServer } from '../../../local/world/dns/server.ts';
import type { DnsRecords } from '../../../local/world/dns/zone.ts';
import { answer, json } from '../../support/api/api-world.ts';
import {
  putCertificate,
  putDomain,
  readSettings,
  readWorld,
  statusCall,
} from '../../support/api/read-world.ts';
import { selfSigned } from '../../support/http/certificate.ts';
import { startTls } from '../../support/http/tls-server.ts';
import { app, primary, token, worldOf } from '../../support/runcloud/runcloud.ts';
import { certificateItem, DOMAIN, settledItem } from '../../support/sync/items.ts';

const alias = { id: 5, name: DOMAIN, www: true };
const pair = selfSigned({ names: [DOMAIN], notAfter: Date.parse('2099-01-02T03:04:05.000Z') });

let runcloud: RunningRuncloud;
let edge: Awaited<ReturnType<typeof startTls>>;
let dns: DnsServer;

function points(records: DnsRecords | null) {
  return dns.set(DOMAIN, records);
}

beforeEach(async () => {
  // RunCloud says that the server is this machine, and so the handshake goes there.
  const [own, ...others] = worldOf({ domains: [primary, alias] });
  const servers = own?.servers.map((server) => ({ ...server, ipAddress: '127.0.0.1' })) ?? [];
  runcloud = await startRuncloud({ workspaces: [{ ...own, servers }, ...others] });
  edge = await startTls(pair);
  dns = await startDnsServer({ zone: { [DOMAIN]: { A: ['127.0.0.1'] } } });
});

afterEach(async () => {
  await Promise.all([runcloud.close(), edge.close(), dns.close()]);
});

async function live(
  item: Parameters<typeof settledItem>[0] = {},
  part: Partial<ReadServices> = {},
  settings: Parameters<typeof readWorld>[1] = {},
) {
  const world = readWorld(
    {
      runcloudUrl: runcloud.url,
      dnsGate: dnsGate([dns.address]),
      handshake: (target) => handshake({ ...target, ca: pair.cert }),
      tlsProbePort: edge.port,
      ...part,
    },
    settings,
  );
  await putDomain(world.ledger, settledItem(item));
  const reply = await answer(receive, statusCall(DOMAIN, { query: { live: '1' } }), world.services, 30_000);
  expect(reply.statusCode).toBe(200);
  return { ...world, body: json(reply) };
}

test('returns what RunCloud, DNS and the server itself say now', async () => {
  const { body } = await live();
  expect(body).toMatchObject({
    hosting: { state: 'present' },
    live: {
      dns: { addresses: ['127.0.0.1'], verdict: 'here' },
      tls: { valid: true, names: [DOMAIN], notAfter: '2099-01-02T03:04:05.000Z' },
      runcloud: { id: 5, type: 'alias', www: true },
    },
  });
  expect(edge.askedFor).toEqual([DOMAIN]);
});

test('live calls do not wait, and delay the next slot of the credential by a second at most', async () => {
  const { ledger, clock, body } = await live();
  expect(runcloud.requests.map(({ path }) => path).sort()).toEqual([
    '/api/v3/servers/42',
    '/api/v3/servers/42/webapps/7/domains/5',
  ]);
  const pace = await ledger.read(rateLimitKey(fingerprintOf({ api: 'v3', token })));
  expect(pace?.item.nextFreeAt).toBe(clock.now() + 1_000);
  expect(body).toHaveProperty('live');
});

test('the calls of a live read are counted in one line', async () => {
  const written: unknown[] = [];
  const write = (line: string) => void written.push(JSON.parse(line));
  await live({}, { metrics: createMetrics({ functionName: 'domain-status', group: 'api', write }) });
  expect(written).toEqual([expect.objectContaining({ group: 'api', callsThisMonth: 2 })]);
});

test('neither the answer nor the log holds the token', async () => {
  runcloud.arm({ answer: { status: 401, body: { message: `Bad token ${token}` } }, times: 9 });
  const { body, lines } = await live();
  expect(JSON.stringify(body)).not.toContain(token);
  expect(lines.join('')).not.toContain(token);
});

describe('RunCloud', () => {
  test('is asked for the list when the recorded id is another application’s', async () => {
    const { body } = await live({ runcloudId: { id: 1, serverId: '42', appId: '8' } });
    expect(body).toMatchObject({ live: { runcloud: { id: 5 } } });
  });

  test('is asked for the list when the recorded id holds another name', async () => {
    const { body } = await live({ runcloudId: { id: 1, serverId: '42', appId: '7' } });
    expect(body).toMatchObject({ live: { runcloud: { id: 5 } } });
  });

  test('without the domain is an error text', async () => {
    runcloud.app(app).domains.splice(1);
    const { body } = await live();
    expect(body).toMatchObject({
      live: { runcloud: { error: `The web application has no domain ${DOMAIN} of its own` } },
    });
  });

  test('that states neither type nor www is unknown, not false', async () => {
    runcloud.switches.domainShape = 'id-name-created';
    expect((await live()).body).toMatchObject({ live: { runcloud: { id: 5, type: null, www: null } } });
  });

  test('silent: its own step ends in time, and what needs nothing of it is answered', async () => {
    runcloud.arm({ answer: 'silence', times: Number.POSITIVE_INFINITY });
    const began = Date.now();
    const { body } = await live(
      {},
      { limits: { stepMs: 5_000, totalMs: 60_000 } },
      { serverAddresses: ['127.0.0.1'] },
    );
    expect(Date.now() - began).toBeLessThan(30_000);
    expect(body).toMatchObject({
      live: {
        dns: { addresses: ['127.0.0.1'], verdict: 'here' },
        tls: { error: expect.stringMatching(/^The server's address is not known: .*in time/) },
        runcloud: { error: expect.stringMatching(/in time/) },
      },
    });
  });

  test('all steps together end in time', async () => {
    runcloud.arm({ answer: 'silence', times: Number.POSITIVE_INFINITY });
    points({ faults: { every: 'silence' } });
    const began = Date.now();
    await live({}, { clock: systemClock, limits: { stepMs: 60_000, totalMs: 200 } });
    expect(Date.now() - began).toBeLessThan(30_000);
  });
});

describe('DNS', () => {
  const elsewhere = { A: ['198.51.100.7'] };

  test('that points elsewhere names where', async () => {
    points(elsewhere);
    expect((await live()).body).toMatchObject({
      live: { dns: { addresses: ['198.51.100.7'], verdict: 'dns-mismatch' } },
    });
  });

  test('that points at a further address of the server points here', async () => {
    points({ A: ['127.0.0.1'], AAAA: ['2001:db8::10'] });
    const { body } = await live({}, {}, { serverAddresses: ['2001:db8:0::10'] });
    expect(body).toMatchObject({ live: { dns: { verdict: 'here' } } });
  });

  test('is judged as for a certificate, CAA and dns_ready included', async () => {
    const { ledger, services } = await live();
    await putCertificate(ledger, certificateItem({ dnsReadyAt: services.clock.now() }));
    const call = async () =>
      json(await answer(receive, statusCall(DOMAIN, { query: { live: '1' } }), services));
    points(elsewhere);
    expect(await call()).toMatchObject({ live: { dns: { verdict: 'proxied' } } });
    points({ ...elsewhere, CAA: [{ tag: 'issue', value: ';' }] });
    expect(await call()).toMatchObject({
      live: { dns: { addresses: ['198.51.100.7'], verdict: 'dns-caa' } },
    });
  });

  test('without records is dns-none', async () => {
    points(null);
    expect((await live()).body).toMatchObject({ live: { dns: { addresses: [], verdict: 'dns-none' } } });
  });

  test('without an answer is dns-unanswered', async () => {
    points({ faults: { every: 'servfail' } });
    expect((await live()).body).toMatchObject({
      live: { dns: { addresses: [], verdict: 'dns-unanswered' } },
    });
  });

  test('cannot be judged while the server’s address is not known', async () => {
    runcloud.arm({ path: /servers\/42$/, answer: { status: 500 } });
    expect((await live()).body).toMatchObject({
      live: {
        dns: { error: expect.stringContaining(`${DOMAIN} points at 127.0.0.1, but`) },
        runcloud: { id: 5 },
      },
    });
  });
});

describe('TLS', () => {
  test('with an untrusted certificate is shown as not valid', async () => {
    expect((await live({}, { handshake })).body).toMatchObject({
      live: { tls: { valid: false, names: [DOMAIN] } },
    });
  });

  test('that cannot be had is an error text', async () => {
    const { port } = edge;
    await edge.close();
    const { body } = await live();
    edge = await startTls(pair);
    expect(body).toMatchObject({
      live: { tls: { error: `No TLS handshake with 127.0.0.1 port ${port}: ECONNREFUSED` } },
    });
  });
});

test('a server whose address RunCloud does not state is reported so', async () => {
  runcloud.arm({ path: /servers\/42$/, answer: { status: 200, body: { id: 42, name: 'net-01' } } });
  const { body } = await live({}, {}, { ...readSettings, serverAddresses: ['127.0.0.1'] });
  expect(body).toMatchObject({
    live: { dns: { verdict: 'here' }, tls: { error: expect.stringContaining('no address of server 42') } },
  });
});
