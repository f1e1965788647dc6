import { Resolver } from 'node:dns/promises';
import { afterEach, describe, expect, test } from '@jest/globals';
import { type DnsServer, startDnsServer } from '../../../local/world/dns/server.ts';
import type { DnsZone } from '../../../local/world/dns/zone.ts';
import { failureOf } from '../../support/runcloud/runcloud.ts';

let server: DnsServer | undefined;

afterEach(async () => {
  await server?.close();
  server = undefined;
});

async function asking(zone: DnsZone) {
  const asked: string[] = [];
  server = await startDnsServer({ zone, onQuestion: ({ name, type }) => asked.push(`${type} ${name}`) });
  const resolver = new Resolver({ timeout: 2_000, tries: 1 });
  resolver.setServers([server.address]);
  return { server, resolver, asked };
}

test('answers with the records of a name, in whatever case it is asked', async () => {
  const { resolver } = await asking({
    'acme-bikes.com': {
      A: ['203.0.113.10', '198.51.100.7'],
      AAAA: ['2001:db8::10', '::1'],
      CAA: [
        { tag: 'issue', value: 'letsencrypt.org' },
        { flags: 128, tag: 'policy', value: 'x' },
      ],
      TXT: ['hello'],
    },
  });
  expect(await resolver.resolve4('ACME-bikes.com')).toEqual(['203.0.113.10', '198.51.100.7']);
  expect(await resolver.resolve6('acme-bikes.com')).toEqual(['2001:db8::10', '::1']);
  expect(await resolver.resolveTxt('acme-bikes.com')).toEqual([['hello']]);
  expect(await resolver.resolveCaa('acme-bikes.com')).toEqual([
    { type: 'CAA', critical: 0, issue: 'letsencrypt.org' },
    { type: 'CAA', critical: 128, policy: 'x' },
  ]);
});

describe('aliases', () => {
  const zone = {
    'shop.acme-bikes.com': { CNAME: 'edge.example.net' },
    'edge.example.net': { CNAME: 'server.example.org' },
    'server.example.org': { A: ['203.0.113.10'] },
    'lost.acme-bikes.com': { CNAME: 'nowhere.example.net' },
    'round.acme-bikes.com': { CNAME: 'round.acme-bikes.com' },
  };

  test('are followed to their end, and answered by themselves if asked for', async () => {
    const { resolver } = await asking(zone);
    expect(await resolver.resolve4('shop.acme-bikes.com')).toEqual(['203.0.113.10']);
    expect(await resolver.resolveCname('shop.acme-bikes.com')).toEqual(['edge.example.net']);
    expect(await resolver.resolve6('shop.acme-bikes.com')).toEqual([]);
  });

  test('that lead nowhere are no such name; in a circle, a failure', async () => {
    const { resolver } = await asking(zone);
    expect(await failureOf(resolver.resolve4('lost.acme-bikes.com'))).toMatchObject({ code: 'ENOTFOUND' });
    expect(await failureOf(resolver.resolve4('round.acme-bikes.com'))).toMatchObject({ code: 'ESERVFAIL' });
  });
});

test('distinguishes a name without such records from a name that does not exist', async () => {
  const { resolver } = await asking({ 'a.b.acme-bikes.com': { A: ['203.0.113.10'] }, 'bare.example': {} });
  for (const name of ['a.b.acme-bikes.com', 'b.acme-bikes.com', 'bare.example']) {
    expect(await failureOf(resolver.resolve6(name))).toMatchObject({ code: 'ENODATA' });
  }
  expect(await failureOf(resolver.resolve4('c.acme-bikes.com'))).toMatchObject({ code: 'ENOTFOUND' });
});

test('an answer too long for UDP comes over TCP', async () => {
  const many = Array.from({ length: 200 }, (_, n) => `203.0.113.${n + 1}`);
  const { resolver, asked } = await asking({ 'many.example': { A: many } });
  expect(await resolver.resolve4('many.example')).toEqual(many);
  expect(asked).toEqual(['A many.example', 'A many.example']);
});

test('a name’s records may be changed and taken away', async () => {
  const { server: dns, resolver } = await asking({});
  dns.set('Shop.acme-bikes.com', { A: ['203.0.113.10'] });
  expect(await resolver.resolve4('shop.acme-bikes.com')).toEqual(['203.0.113.10']);
  dns.set('shop.acme-bikes.com', null);
  expect(await failureOf(resolver.resolve4('shop.acme-bikes.com'))).toMatchObject({ code: 'ENOTFOUND' });
});

describe('faults', () => {
  const A = ['203.0.113.10'];

  test('are those of one type, or of every other', async () => {
    const { resolver } = await asking({
      'shop.acme-bikes.com': { A, faults: { AAAA: 'servfail', every: { delayMs: 1 } } },
    });
    expect(await resolver.resolve4('shop.acme-bikes.com')).toEqual(A);
    expect(await failureOf(resolver.resolve6('shop.acme-bikes.com'))).toMatchObject({ code: 'ESERVFAIL' });
  });

  test('hold for the aliases of a name too', async () => {
    const { resolver } = await asking({
      'shop.acme-bikes.com': { CNAME: 'server.example.org' },
      'server.example.org': { A, faults: { every: 'refused' } },
    });
    expect(await failureOf(resolver.resolve4('shop.acme-bikes.com'))).toMatchObject({ code: 'EREFUSED' });
  });

  test('end with the server, though answers are still owed', async () => {
    const { server: dns, resolver } = await asking({
      'silent.example': { A, faults: { every: 'silence' } },
      'slow.example': { A, faults: { every: { delayMs: 3_600_000 } } },
    });
    const failures = Promise.all([
      failureOf(resolver.resolve4('silent.example')),
      failureOf(resolver.resolve4('slow.example')),
    ]);
    await dns.close();
    server = undefined;
    resolver.cancel();
    expect(await failures).toMatchObject([{ code: 'ECANCELLED' }, { code: 'ECANCELLED' }]);
  });
});
