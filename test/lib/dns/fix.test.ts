import { readFileSync } from 'node:fs';
import { describe, expect, test } from '@jest/globals';
import { z } from 'zod';
import { addressFix, caaFix } from '../../../lib/dns/fix.ts';
import type { AddressReason } from '../../../lib/dns/verdict.ts';

const name = 'shop.acme-bikes.com';

const vectorsSchema = z.object({
  fixes: z.array(
    z.object({
      name: z.string(),
      case: z.object({
        reason: z.enum(['dns-none', 'dns-mismatch', 'dns-ipv6', 'dns-unanswered']),
        name: z.string(),
        addresses: z.array(z.string()),
        exists: z.boolean(),
        serverAddresses: z.array(z.string()),
        dnsTarget: z.string().nullable(),
      }),
      fix: z.string(),
    }),
  ),
});
const vectors = vectorsSchema.parse(
  JSON.parse(readFileSync(new URL('../../vectors/dns-fix.json', import.meta.url), 'utf8')),
).fixes;

interface Case {
  readonly reason: AddressReason;
  readonly of?: string;
  readonly addresses?: readonly string[];
  readonly exists?: boolean;
  readonly server?: readonly string[];
  readonly dnsTarget?: string | null;
  readonly alias?: string;
}

function fix({
  reason,
  of = name,
  addresses = [],
  exists = true,
  server = ['203.0.113.10'],
  dnsTarget = null,
  alias,
}: Case) {
  return addressFix(
    reason,
    of,
    { addresses, complete: true, exists },
    { serverAddresses: server, dnsTarget },
    alias,
  );
}

describe('dns-mismatch', () => {
  const reason = 'dns-mismatch';

  test('names the record, the server’s address and what is there now', () =>
    expect(fix({ reason, addresses: ['198.51.100.7'] })).toBe(
      'Point an A record for shop.acme-bikes.com at 203.0.113.10; it now points at 198.51.100.7',
    ));

  test('of some of the addresses only says so', () =>
    expect(fix({ reason, addresses: ['198.51.100.7', '203.0.113.10'] })).toBe(
      'Point an A record for shop.acme-bikes.com at 203.0.113.10 and nowhere else; it now points at 198.51.100.7, 203.0.113.10',
    ));

  test('with a DNS_TARGET asks for an alias', () =>
    expect(fix({ reason, addresses: ['198.51.100.7'], dnsTarget: 'sites.network.example' })).toBe(
      'Point a CNAME record for shop.acme-bikes.com at sites.network.example; it now points at 198.51.100.7',
    ));

  test('at an apex, which can hold no CNAME, asks for what can stand there', () => {
    const rest = '; it now points at 198.51.100.7';
    const at = (of: string) =>
      fix({ reason, of, addresses: ['198.51.100.7'], dnsTarget: 'sites.network.example' });
    expect(at('acme-bikes.com')).toBe(
      `Point an ALIAS or ANAME record for acme-bikes.com at sites.network.example, or an A record at 203.0.113.10${rest}`,
    );
    expect(at('acme-bikes.co.uk')).toContain('ALIAS');
    expect(at('acme.github.io')).toContain('ALIAS');
    expect(at('www.acme-bikes.co.uk')).toContain('a CNAME record');
  });

  test('of the DNS_TARGET itself asks for the address', () =>
    expect(fix({ reason, of: 'sites.network.example', dnsTarget: 'sites.network.example' })).toContain(
      'an A record for sites.network.example at 203.0.113.10',
    ));

  test('of a server with IPv6 alone asks for an AAAA record', () =>
    expect(fix({ reason, server: ['2001:db8::10'] })).toContain(
      'an AAAA record for shop.acme-bikes.com at 2001:db8::10',
    ));

  test('without any address of the server still says what is wrong', () =>
    expect(fix({ reason, server: [], addresses: ['198.51.100.7'] })).toBe(
      'Point shop.acme-bikes.com at the server; it now points at 198.51.100.7',
    ));

  test('stays a sentence, however many addresses there are', () => {
    const addresses = Array.from({ length: 200 }, (_, n) => `198.51.100.${n}`);
    expect(fix({ reason, addresses })).toMatch(/it now points at 198\.51\.100\.0, .* and 196 more$/);
  });
});

describe('dns-none', () => {
  const reason = 'dns-none';

  test('distinguishes a name that does not exist from one without an address', () => {
    const todo = 'Point an A record for shop.acme-bikes.com at 203.0.113.10';
    expect(fix({ reason, exists: false })).toBe(`${todo}; now shop.acme-bikes.com does not exist`);
    expect(fix({ reason })).toBe(`${todo}; now shop.acme-bikes.com has no address`);
  });

  test('names the alias that leads nowhere', () =>
    expect(fix({ reason, exists: false, alias: 'gone.example.net' })).toContain(
      '; it is now an alias of gone.example.net, which does not exist',
    ));
});

describe('dns-ipv6', () => {
  const reason = 'dns-ipv6';
  const addresses = ['203.0.113.10', '2001:db8::11'];

  test('asks to remove the AAAA record', () =>
    expect(fix({ reason, addresses })).toBe(
      'Remove the AAAA record of shop.acme-bikes.com; it now points at 2001:db8::11',
    ));

  test('or to change it, if the server has such an address', () =>
    expect(fix({ reason, addresses, server: ['203.0.113.10', '2001:db8::10'] })).toBe(
      'Remove the AAAA record of shop.acme-bikes.com, or point it at 2001:db8::10; it now points at 2001:db8::11',
    ));
});

test('dns-unanswered asks for patience first', () =>
  expect(fix({ reason: 'dns-unanswered' })).toBe(
    'DNS gave no full answer about shop.acme-bikes.com and is asked again; if this lasts, check the name servers of its domain',
  ));

describe('dns-caa', () => {
  const refusal = {
    kind: 'refused',
    zone: 'acme-bikes.com',
    alias: null,
    issuers: ['digicert.com'],
    critical: [],
    malformed: false,
    parameter: null,
  } as const;

  test('names the zone of the set, the record to add and whom it lets in now', () => {
    expect(caaFix(refusal)).toBe(
      'Add the CAA record 0 issue "letsencrypt.org" to acme-bikes.com; its CAA records now allow only digicert.com',
    );
    expect(caaFix({ ...refusal, issuers: [] })).toContain('now allow no certificate authority');
  });

  test('names the alias, which can hold no record of its own', () =>
    expect(caaFix({ ...refusal, zone: name, alias: 'edge.example.net' })).toContain(
      'to edge.example.net, which shop.acme-bikes.com is an alias of;',
    ));

  test('says which parameter binds Let’s Encrypt, and how to loosen it', () => {
    const bound = { ...refusal, issuers: ['letsencrypt.org'] };
    expect(caaFix({ ...bound, parameter: 'validationmethods' })).toBe(
      'Add http-01 to the validationmethods of the CAA record for letsencrypt.org at acme-bikes.com; they now allow no certificate by http-01, which RunCloud uses (RFC 8657)',
    );
    expect(caaFix({ ...bound, parameter: 'accounturi' })).toBe(
      'Add the CAA record 0 issue "letsencrypt.org" without accounturi to acme-bikes.com; its CAA records now allow one account only, and it is unknown whether that is RunCloud’s (RFC 8657)',
    );
  });

  test('asks to replace a malformed record', () =>
    expect(caaFix({ ...refusal, issuers: [], malformed: true })).toBe(
      'Replace the CAA record for letsencrypt.org at acme-bikes.com by 0 issue "letsencrypt.org"; its value is malformed, so it allows no certificate authority (RFC 8659)',
    ));

  test('asks to remove what no authority understands', () =>
    expect(caaFix({ ...refusal, critical: ['policy'] })).toBe(
      'Remove the critical CAA record (policy) of acme-bikes.com; Let’s Encrypt does not know it, so it allows no certificate',
    ));
});

// The WordPress plugin reads the record to set out of these sentences, held to the same file.
describe('the sentences that the plugin reads', () => {
  test.each(vectors)('$name', ({ case: { reason, name, addresses, exists, ...target }, fix }) =>
    expect(addressFix(reason, name, { addresses, complete: true, exists }, target)).toBe(fix),
  );
});
