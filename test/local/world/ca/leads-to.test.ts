import { afterEach, beforeEach, expect, test } from '@jest/globals';
import { leadsTo } from '../../../../local/world/ca/leads-to.ts';
import { type DnsServer, startDnsServer } from '../../../../local/world/dns/server.ts';
import type { DnsRecords } from '../../../../local/world/dns/zone.ts';
import { caaCases } from '../../../support/certificates/caa-cases.ts';

const name = 'shop.acme.example.com';
const server = '203.0.113.10';
const proxy = '198.51.100.77';
const letsEncrypt = { tag: 'issue', value: 'letsencrypt.org' };
const another = { tag: 'issue', value: 'ca.example.net' };

let dns: DnsServer;

beforeEach(async () => {
  dns = await startDnsServer({ zone: {} });
});

afterEach(() => dns.close());

function found(records: DnsRecords, zone: Readonly<Record<string, DnsRecords>> = {}) {
  for (const [of, held] of Object.entries({ ...zone, [name]: records })) dns.set(of, held);
  return leadsTo({ dnsServers: [dns.address], proxies: new Set([proxy]) })(name, server);
}

test.each<[string, DnsRecords]>([
  ['its own address', { A: [server] }],
  ['an alias of a name with its address', { CNAME: 'edge.example.net' }],
  ['a proxy', { A: [proxy] }],
  ['a CAA set that names it among others', { A: [server], CAA: [another, letsEncrypt] }],
])('the CA finds the server by %s', async (_, records) => {
  expect(await found(records, { 'edge.example.net': { A: [server] } })).toBe(true);
});

test.each<[string, DnsRecords]>([
  ['another address', { A: ['198.51.100.7'] }],
  ['no address', { TXT: ['nothing'] }],
  ['an IPv6 address elsewhere, which it prefers', { A: [server], AAAA: ['2001:db8::7'] }],
  ['a CAA set that names others', { A: [server], CAA: [another] }],
  ['a CAA question that fails', { A: [server], faults: { CAA: 'servfail' } }],
  ['an address without an answer', { A: [server], faults: { A: 'refused' } }],
])('the CA does not find it by %s', async (_, records) => {
  expect(await found(records)).toBe(false);
});

test.each(caaCases)('a CAA set that $name: allowed is $allowed', async ({ set, allowed }) => {
  expect(await found({ A: [server], CAA: set })).toBe(allowed);
});

test('the CA does not find what has no name', async () => {
  const missing = leadsTo({ dnsServers: [dns.address], proxies: new Set() });
  expect(await missing(name, server)).toBe(false);
});

test('the CAA set nearest to the name decides', async () => {
  const forbidden = { 'acme.example.com': { CAA: [another] } };
  expect(await found({ A: [server] }, forbidden)).toBe(false);
  expect(await found({ A: [server], CAA: [letsEncrypt] }, forbidden)).toBe(true);
});
