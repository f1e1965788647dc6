import { describe, expect, test } from '@jest/globals';
import { addressVerdict, foreignAddresses } from '../../../lib/dns/verdict.ts';
import { fc } from '../../support/property.ts';

const server = ['203.0.113.10', '2001:db8:0:0::10'];

function verdict(addresses: readonly string[], { complete = true, dnsReady = false } = {}) {
  return addressVerdict({ addresses, complete, exists: true }, { serverAddresses: server, dnsReady });
}

describe('the verdict on a name', () => {
  test('here: every address is one of the server’s, however it is spelled', () => {
    expect(verdict(['203.0.113.10'])).toBe('here');
    expect(verdict(['2001:DB8::10'])).toBe('here');
    expect(verdict(['203.0.113.10', '2001:db8::10'])).toBe('here');
  });

  test('proxied: what is not the server’s is a known proxy’s', () => {
    expect(verdict(['104.16.0.1', '2606:4700::6810:1'])).toBe('proxied');
    expect(verdict(['203.0.113.10', '104.16.0.1'])).toBe('proxied');
  });

  test('dns-mismatch: one foreign address is enough, though others are missing', () => {
    expect(verdict(['203.0.113.10', '198.51.100.7'])).toBe('dns-mismatch');
    expect(verdict(['198.51.100.7'], { complete: false })).toBe('dns-mismatch');
    expect(verdict(['104.16.0.1', '198.51.100.7'])).toBe('dns-mismatch');
    expect(verdict(['2001:db8::11'])).toBe('dns-mismatch');
    expect(verdict(['198.51.100.7', '2001:db8::11'])).toBe('dns-mismatch');
  });

  test('dns-ipv6: IPv4 is right, IPv6 is not', () => {
    expect(verdict(['203.0.113.10', '2001:db8::11'])).toBe('dns-ipv6');
    expect(verdict(['104.16.0.1', '2001:db8::11'])).toBe('dns-ipv6');
    expect(verdict(['203.0.113.10', '2001:db8::10', '2001:db8::11'])).toBe('dns-ipv6');
  });

  test('the server’s IPv4 address written as an IPv6 one does not count', () => {
    expect(verdict(['203.0.113.10', '::ffff:203.0.113.10'])).toBe('dns-ipv6');
    expect(verdict(['104.16.0.1', '::ffff:104.16.0.1'])).toBe('dns-ipv6');
  });

  test('dns-none: both questions were answered with nothing', () => expect(verdict([])).toBe('dns-none'));

  test('dns-unanswered: what is missing could change the verdict', () => {
    expect(verdict([], { complete: false })).toBe('dns-unanswered');
    expect(verdict(['203.0.113.10'], { complete: false })).toBe('dns-unanswered');
    expect(verdict(['104.16.0.1'], { complete: false })).toBe('dns-unanswered');
  });

  test('dns_ready lets an unknown address pass, as it does another server’s', () => {
    const dnsReady = true;
    expect(verdict(['198.51.100.7'], { dnsReady })).toBe('proxied');
    expect(verdict(['203.0.113.10', '2001:db8::11'], { dnsReady })).toBe('proxied');
    expect(verdict(['203.0.113.10'], { dnsReady })).toBe('here');
  });

  test('dns_ready overrides neither nothing nor silence', () => {
    const dnsReady = true;
    expect(verdict([], { dnsReady })).toBe('dns-none');
    expect(verdict(['198.51.100.7'], { dnsReady, complete: false })).toBe('dns-unanswered');
  });

  test('an invalid address of the server does not count', () =>
    expect(
      addressVerdict(
        { addresses: ['203.0.113.10'], complete: true, exists: true },
        { serverAddresses: ['', 'net-01', '203.0.113.10'], dnsReady: false },
      ),
    ).toBe('here'));
});

describe('whatever the addresses', () => {
  const anyAddress = fc.oneof(
    fc.constantFrom('203.0.113.10', '2001:db8::10', '104.16.0.1', '2606:4700::1', '198.51.100.7'),
    fc.ipV4(),
    fc.ipV6(),
  );
  const anyCase = fc.record({
    addresses: fc.array(anyAddress, { maxLength: 6 }),
    complete: fc.boolean(),
    dnsReady: fc.boolean(),
  });
  const passes = (addresses: readonly string[], terms: { complete: boolean; dnsReady: boolean }) =>
    ['here', 'proxied'].includes(verdict(addresses, terms));

  test('no foreign address passes without dns_ready', () =>
    fc.assert(
      fc.property(anyCase, ({ addresses, complete }) => {
        const foreign = foreignAddresses(addresses, server).length > 0;
        expect(foreign && passes(addresses, { complete, dnsReady: false })).toBe(false);
      }),
    ));

  test('nothing passes on half an answer, or on no address', () =>
    fc.assert(
      fc.property(anyCase, ({ addresses, dnsReady }) => {
        expect(passes(addresses, { complete: false, dnsReady })).toBe(false);
        expect(passes([], { complete: true, dnsReady })).toBe(false);
      }),
    ));

  test('their order does not matter', () =>
    fc.assert(
      fc.property(
        anyCase.chain((one) =>
          fc.tuple(fc.constant(one), fc.shuffledSubarray(one.addresses, { minLength: one.addresses.length })),
        ),
        ([{ addresses, ...terms }, shuffled]) =>
          expect(verdict(shuffled, terms)).toBe(verdict(addresses, terms)),
      ),
    ));

  test('the spelling of an IPv6 address does not matter', () =>
    fc.assert(
      fc.property(anyCase, ({ addresses, ...terms }) => {
        const full = addresses.map((address) =>
          address.includes(':')
            ? new URL(`http://[${address}]`).hostname.slice(1, -1).toUpperCase()
            : address,
        );
        expect(verdict(full, terms)).toBe(verdict(addresses, terms));
      }),
    ));

  test('dns_ready never makes a verdict worse, and never makes a name the server’s', () =>
    fc.assert(
      fc.property(anyCase, ({ addresses, complete }) => {
        const [without, ready] = [false, true].map((dnsReady) => verdict(addresses, { complete, dnsReady }));
        if (without === 'here' || without === 'proxied') expect(ready).toBe(without);
        else expect(ready).not.toBe('here');
      }),
    ));
});
