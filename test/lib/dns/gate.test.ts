import { describe, expect, test } from '@jest/globals';
import { dnsGate, type GateTerms, wwwGate } from '../../../lib/dns/gate.ts';
import { type DnsServer, startDnsServer } from '../../../local/world/dns/server.ts';
import type { DnsRecords, DnsZone } from '../../../local/world/dns/zone.ts';

async function withServer<T>(zone: DnsZone, use: (dns: DnsServer) => Promise<T>): Promise<T> {
  const dns = await startDnsServer({ zone });
  try {
    return await use(dns);
  } finally {
    await dns.close();
  }
}

const name = 'shop.acme-bikes.com';
const terms: GateTerms = {
  serverAddresses: ['203.0.113.10', '2001:db8::10'],
  dnsTarget: null,
  dnsReady: false,
  timeoutMs: 60_000,
};

function gate(zone: DnsZone, part: Partial<GateTerms> = {}, of = name) {
  return withServer(zone, ({ address }) => dnsGate([address])(of, { ...terms, ...part }));
}
function gateOf(records: DnsRecords, part: Partial<GateTerms> = {}) {
  return gate({ [name]: records }, part);
}

const A = ['203.0.113.10'];
const foreign = ['198.51.100.7'];
const forbidding = [{ tag: 'issue', value: ';' }];

describe('a name passes', () => {
  test('whose addresses are all the server’s', async () =>
    expect(await gateOf({ A, AAAA: ['2001:db8::10'] })).toEqual({
      kind: 'here',
      addresses: ['203.0.113.10', '2001:db8::10'],
    }));

  test('that leads here by aliases', async () => {
    const zone = {
      [name]: { CNAME: 'sites.network.example' },
      'sites.network.example': { CNAME: 'net-01.network.example' },
      'net-01.network.example': { A },
    };
    expect(await gate(zone)).toEqual({ kind: 'here', addresses: A });
  });

  test('whose addresses are a known proxy’s', async () =>
    expect(await gateOf({ A: ['104.16.0.1'], AAAA: ['2606:4700::1'] })).toEqual({
      kind: 'proxied',
      addresses: ['104.16.0.1', '2606:4700::1'],
    }));

  test('whose addresses are unknown, once it is proven to reach the multisite', async () =>
    expect(await gateOf({ A: foreign }, { dnsReady: true })).toEqual({
      kind: 'proxied',
      addresses: foreign,
    }));

  test('in the same words, in whatever order a resolver lists its addresses', async () => {
    const serverAddresses = ['203.0.113.9', '203.0.113.10'];
    expect(await gateOf({ A: ['203.0.113.9', '203.0.113.10', '203.0.113.9'] }, { serverAddresses })).toEqual({
      kind: 'here',
      addresses: ['203.0.113.10', '203.0.113.9'],
    });
  });

  test('though a packet got lost', async () => {
    const asked: unknown[] = [];
    const lost: DnsZone = { [name]: { A, faults: { A: 'silence' } } };
    const heal = () => asked.includes('A') && dns.set(name, { A });
    const dns = await startDnsServer({
      zone: lost,
      onQuestion: ({ type }) => {
        setImmediate(heal);
        asked.push(type);
      },
    });
    try {
      expect(await dnsGate([dns.address])(name, { ...terms, timeoutMs: 12_000 })).toMatchObject({
        kind: 'here',
      });
      expect(asked.filter((type) => type === 'A').length).toBeGreaterThan(1);
    } finally {
      await dns.close();
    }
  });
});

describe('a name waits', () => {
  test('dns-none: it does not exist, or has no address', async () => {
    expect(await gate({})).toEqual({
      kind: 'not-here',
      reason: 'dns-none',
      fix: `Point an A record for ${name} at 203.0.113.10; now ${name} does not exist`,
      addresses: [],
    });
    expect(await gateOf({ TXT: ['hello'] })).toMatchObject({ reason: 'dns-none' });
    expect(await gateOf({ CNAME: 'gone.example.net' })).toMatchObject({
      reason: 'dns-none',
      fix: expect.stringContaining('an alias of gone.example.net, which does not exist'),
    });
  });

  test('dns-mismatch: an address is foreign, though the other question has no answer', async () =>
    expect(await gateOf({ A: foreign, faults: { AAAA: 'servfail' } })).toEqual({
      kind: 'not-here',
      reason: 'dns-mismatch',
      fix: `Point an A record for ${name} at 203.0.113.10; it now points at 198.51.100.7`,
      addresses: foreign,
    }));

  test('dns-ipv6: the CA takes IPv6 first', async () =>
    expect(await gateOf({ A, AAAA: ['2001:db8::11'] })).toMatchObject({
      reason: 'dns-ipv6',
      fix: `Remove the AAAA record of ${name}, or point it at 2001:db8::10; it now points at 2001:db8::11`,
    }));

  test('dns-unanswered: what failed may hide a foreign address', async () =>
    expect(await gateOf({ A, faults: { AAAA: 'servfail' } })).toMatchObject({
      reason: 'dns-unanswered',
      addresses: A,
    }));

  test('dns-unanswered: no resolver can be reached', async () => {
    const gone = await startDnsServer({ zone: {} });
    await gone.close();
    expect(await dnsGate([gone.address])(name, terms)).toMatchObject({
      reason: 'dns-unanswered',
      addresses: [],
    });
  });

  test('dns-caa: names the zone and the record', async () =>
    expect(
      await gate({ [name]: { A }, 'acme-bikes.com': { CAA: [{ tag: 'issue', value: 'digicert.com' }] } }),
    ).toEqual({
      kind: 'not-here',
      reason: 'dns-caa',
      fix: 'Add the CAA record 0 issue "letsencrypt.org" to acme-bikes.com; its CAA records now allow only digicert.com',
      addresses: A,
    }));

  test('dns-unanswered: CAA gets no answer', async () =>
    expect(await gateOf({ A, faults: { CAA: 'refused' } })).toMatchObject({
      reason: 'dns-unanswered',
      fix: expect.stringContaining(`CAA records of ${name}`),
    }));

  test('though it is proven to reach the multisite: dns_ready proves nothing else', async () => {
    const dnsReady = true;
    expect(await gate({}, { dnsReady })).toMatchObject({ reason: 'dns-none' });
    expect(await gateOf({ A: foreign, CAA: forbidding }, { dnsReady })).toMatchObject({ reason: 'dns-caa' });
    expect(await gateOf({ A: foreign, faults: { AAAA: 'servfail' } }, { dnsReady })).toMatchObject({
      reason: 'dns-unanswered',
    });
  });
});

describe('the time is limited', () => {
  const within = async (timeoutMs: number, zone: DnsZone, of = name) => {
    const began = performance.now();
    const finding = await gate(zone, { timeoutMs }, of);
    expect(performance.now() - began).toBeLessThan(timeoutMs + 30_000);
    return finding;
  };

  test('for silence', async () =>
    expect(await within(200, { [name]: { A, faults: { every: 'silence' } } })).toMatchObject({
      reason: 'dns-unanswered',
    }));

  test('for all the questions together', async () => {
    // Each is answered at the first try, but they are asked one after the other, of the name and all above it.
    const labels = `${'a.'.repeat(60)}${name}`.split('.');
    const zones = labels.map((_, at) => labels.slice(at).join('.'));
    const zone = Object.fromEntries(zones.map((one) => [one, { A, faults: { CAA: { delayMs: 120 } } }]));
    expect(await within(6_000, zone, zones[0])).toMatchObject({ reason: 'dns-unanswered', addresses: A });
  });
});

test('a name longer than DNS allows does not exist', async () => {
  const tooLong = `www.${'abcdefgh.'.repeat(27)}acme-bikes.com`;
  expect(await gate({}, {}, tooLong)).toMatchObject({ reason: 'dns-none' });
});

test('a changed record is seen at once', () =>
  withServer({ [name]: { A: foreign } }, async (dns) => {
    const ask = dnsGate([dns.address]);
    expect(await ask(name, terms)).toMatchObject({ reason: 'dns-mismatch' });
    dns.set(name, { A });
    expect(await ask(name, terms)).toMatchObject({ kind: 'here' });
  }));

describe('where www. points', () => {
  const www = (records: DnsRecords | null, timeoutMs = 60_000) =>
    withServer(records === null ? {} : { [`www.${name}`]: records }, ({ address }) =>
      wwwGate([address])(`www.${name}`, { serverAddresses: terms.serverAddresses, timeoutMs }),
    );

  test.each<[string, DnsRecords | null]>([
    ['here', { A }],
    ['here', { A, CAA: forbidding }],
    ['proxied', { A: ['104.16.0.1'] }],
    ['elsewhere', { A: foreign }],
    ['elsewhere', { A, AAAA: ['2001:db8::11'] }],
    ['none', null],
    ['none', {}],
    ['unanswered', { A, faults: { AAAA: 'servfail' } }],
  ])('is %s for %j', async (verdict, records) => expect(await www(records)).toBe(verdict));

  test('is unanswered when the time is over', async () =>
    expect(await www({ A, faults: { A: 'silence' } }, 100)).toBe('unanswered'));
});
