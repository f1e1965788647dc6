import { afterEach, describe, expect, test } from '@jest/globals';
import type { DnsRecords, DnsZone } from '../../../../local/world/dns/zone.ts';
import {
  closeWorlds,
  hourMs,
  type SecureOptions,
  secureWorld,
} from '../../../support/certificates/secure-world.ts';

const domain = 'shop.acme-bikes.com';
const here = '127.0.0.1';
const elsewhere = '198.51.100.7';

afterEach(closeWorlds);

interface Gated {
  readonly title: string;
  readonly zone: DnsZone;
  readonly reason: string;
  readonly fix: string;
  readonly options?: SecureOptions;
  /** What repairs it, as the fix says. */
  readonly corrected: DnsRecords;
}

const gated: readonly Gated[] = [
  {
    title: 'that does not exist',
    zone: {},
    reason: 'dns-none',
    fix: `Point an A record for ${domain} at ${here}; now ${domain} does not exist`,
    corrected: { A: [here] },
  },
  {
    title: 'that has no address',
    zone: { [domain]: { TXT: ['here'] } },
    reason: 'dns-none',
    fix: `Point an A record for ${domain} at ${here}; now ${domain} has no address`,
    corrected: { A: [here] },
  },
  {
    title: 'that is an alias of a name without an address',
    zone: { [domain]: { CNAME: 'gone.acme-bikes.com' } },
    reason: 'dns-none',
    fix: `Point an A record for ${domain} at ${here}; it is now an alias of gone.acme-bikes.com, which does not exist`,
    corrected: { A: [here] },
  },
  {
    title: 'that points elsewhere',
    zone: { [domain]: { A: [elsewhere] } },
    reason: 'dns-mismatch',
    fix: `Point an A record for ${domain} at ${here}; it now points at ${elsewhere}`,
    corrected: { A: [here] },
  },
  {
    title: 'that points here and elsewhere',
    zone: { [domain]: { A: [here, elsewhere] } },
    reason: 'dns-mismatch',
    fix: `Point an A record for ${domain} at ${here} and nowhere else; it now points at ${here}, ${elsewhere}`,
    corrected: { A: [here] },
  },
  {
    title: 'that leads elsewhere by aliases',
    zone: {
      [domain]: { CNAME: 'shops.builder.example' },
      'shops.builder.example': { CNAME: 'edge.builder.example' },
      'edge.builder.example': { A: [elsewhere] },
    },
    reason: 'dns-mismatch',
    fix: `Point an A record for ${domain} at ${here}; it now points at ${elsewhere}`,
    corrected: { CNAME: 'acme.network.example.com' },
  },
  {
    title: 'whose IPv6 address is another’s',
    zone: { [domain]: { A: [here], AAAA: ['2001:db8::7'] } },
    reason: 'dns-ipv6',
    fix: `Remove the AAAA record of ${domain}; it now points at 2001:db8::7`,
    corrected: { A: [here] },
  },
  {
    title: 'whose CAA record names another authority',
    zone: { [domain]: { A: [here], CAA: [{ tag: 'issue', value: 'other-ca.example' }] } },
    reason: 'dns-caa',
    fix: `Add the CAA record 0 issue "letsencrypt.org" to ${domain}; its CAA records now allow only other-ca.example`,
    corrected: {
      A: [here],
      CAA: [
        { tag: 'issue', value: 'other-ca.example' },
        { tag: 'issue', value: 'letsencrypt.org' },
      ],
    },
  },
  {
    title: 'whose questions the resolver fails',
    zone: { [domain]: { A: [here], faults: { AAAA: 'servfail' } } },
    reason: 'dns-unanswered',
    fix: `DNS gave no full answer about ${domain} and is asked again; if this lasts, check the name servers of its domain`,
    corrected: { A: [here] },
  },
  {
    title: 'whose CAA question gets no answer',
    zone: { [domain]: { A: [here], faults: { CAA: 'refused' } } },
    reason: 'dns-unanswered',
    fix: `DNS gave no answer about CAA records of ${domain} and is asked again; if this lasts, check the name servers of its domain`,
    corrected: { A: [here] },
  },
  {
    title: 'that shall be an alias of DNS_TARGET',
    zone: { [domain]: { A: [elsewhere] } },
    options: { dnsTarget: 'hosting.network.example' },
    reason: 'dns-mismatch',
    fix: `Point a CNAME record for ${domain} at hosting.network.example; it now points at ${elsewhere}`,
    corrected: { CNAME: 'acme.network.example.com' },
  },
];

describe('no order is made for a name', () => {
  test.each(gated)(
    '$title; the status says what to do, and doing it brings the certificate',
    async ({ zone, reason, fix, options, corrected }) => {
      const world = await secureWorld(options);
      for (const [name, records] of Object.entries(zone)) world.point(name, records);
      await world.add(domain);
      await world.stands(domain, { state: 'waiting-dns', reason });
      expect((await world.status(domain)).certificate).toMatchObject({
        state: 'waiting-dns',
        reason,
        fix,
        via: null,
      });
      expect(await world.list('waiting-dns')).toEqual([domain]);
      expect(await world.list('open')).toEqual([]);
      await world.pass(hourMs);
      expect(world.orders()).toEqual([]);
      expect(world.writes()).toEqual([]);

      world.point(domain, corrected);
      await world.stands(domain, { state: 'valid', reason: null, fix: null, lastError: null });
      expect(world.orders()).toMatchObject([{ outcome: 'issued' }]);
      expect(await world.list('waiting-dns')).toEqual([]);
      expect(world.deadLetters()).toEqual([]);
    },
  );

  test('whose questions get no answer at all', async () => {
    const world = await secureWorld();
    world.point(domain, { faults: { every: 'silence' } });
    await world.add(domain);
    await world.stands(domain, { state: 'waiting-dns', reason: 'dns-unanswered' });
    expect(world.orders()).toEqual([]);
  });

  test('whose CAA set lies above it, as far up as the top of the name', async () => {
    for (const zone of ['acme-bikes.com', 'com']) {
      const world = await secureWorld();
      const issuers = { CAA: [{ tag: 'issue', value: 'letsencrypt.org; validationmethods=http-01' }] };
      world.point(world.ownDomain, { A: [here], ...issuers });
      world.pointHere(domain);
      world.point(zone, { CAA: [{ tag: 'issue', value: ';' }] });
      await world.add(domain);
      const { fix } = await world.stands(domain, { state: 'waiting-dns', reason: 'dns-caa' });
      expect(fix).toBe(
        `Add the CAA record 0 issue "letsencrypt.org" to ${zone}; its CAA records now allow no certificate authority`,
      );
      // The set nearest to the name decides.
      world.point(domain, { A: [here], ...issuers });
      await world.stands(domain, { state: 'valid' });
    }
  });
});
