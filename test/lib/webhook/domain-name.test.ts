import { describe, expect, test } from '@jest/globals';
import { normalizeDomain } from '../../../lib/webhook/domain-name.ts';
import { fc } from '../../support/property.ts';

const label63 = 'a'.repeat(63);

describe('normalizeDomain', () => {
  test.each([
    ['shop.acme-bikes.com', 'shop.acme-bikes.com'],
    ['  Shop.ACME-Bikes.com\n', 'shop.acme-bikes.com'],
    ['acme-bikes.com.', 'acme-bikes.com'],
    ['a.b', 'a.b'],
    ['www.acme-bikes.com', 'www.acme-bikes.com'],
    ['co.uk', 'co.uk'],
    ['1.acme-bikes.com', '1.acme-bikes.com'],
    ['1and1.com', '1and1.com'],
    ['acme.mytest1', 'acme.mytest1'],
    ['acme.1mytest', 'acme.1mytest'],
    ['acme.0xmytest', 'acme.0xmytest'],
    ['4.3.2.1.in-addr.arpa', '4.3.2.1.in-addr.arpa'],
    ['ab--cd.com', 'ab--cd.com'],
    ['internal.acme-bikes.com', 'internal.acme-bikes.com'],
    ['mytest', undefined],
    ['acme.mytest', 'acme.mytest'],
    [`${label63}.com`, `${label63}.com`],
    [
      `${label63}.${label63}.${label63}.${'a'.repeat(57)}.com`,
      `${label63}.${label63}.${label63}.${'a'.repeat(57)}.com`,
    ],
  ])('brings %j to %j', (raw, domain) => {
    expect(normalizeDomain(raw)).toEqual(
      domain === undefined ? { ok: false, message: expect.any(String) } : { ok: true, domain },
    );
  });

  test.each([
    ['an umlaut', 'Bücher.de', 'xn--bcher-kva.de'],
    ['punycode in capitals', 'XN--BCHER-KVA.de', 'xn--bcher-kva.de'],
    ['sharp s, kept apart from ss', 'faß.de', 'xn--fa-hia.de'],
    ['an emoji', '💩.la', 'xn--ls8h.la'],
    ['full-width letters', 'ａｃｍｅ.com', 'acme.com'],
    ['a full-width dot', 'acme．com', 'acme.com'],
    ['an ideographic dot at the end', 'acme.com。', 'acme.com'],
    ['a zero-width space', 'ac\u200bme.com', 'acme.com'],
    ['a soft hyphen', 'ac\u00adme.com', 'acme.com'],
    ['a byte order mark', '\ufeffacme.com', 'acme.com'],
    ['a Unicode top level', 'пример.рф', 'xn--e1afmkfd.xn--p1ai'],
  ])('maps %s by UTS #46', (_what, raw, domain) => {
    expect(normalizeDomain(raw)).toEqual({ ok: true, domain });
  });

  test.each([
    ['', 'empty'],
    [' \t ', 'empty'],
    ['.', 'valid host name'],
    ['1.2.3.4', 'IP address'],
    ['1.2.3.4.', 'IP address'],
    ['127.1', 'IP address'],
    ['127.44', 'IP address'],
    ['0x7f.1', 'IP address'],
    ['0x7f.0.0.0x1', 'IP address'],
    ['acme.0x', 'valid host name'],
    ['2130706433', 'IP address'],
    ['acme.123', 'valid host name'],
    ['１.２.３.４', 'IP address'],
    ['::1', 'IP address'],
    ['[::1]', 'IP address'],
    ['[2001:db8::1]:443', 'port'],
    ['localhost', 'reserved'],
    ['shop', 'two labels'],
    ['*.acme-bikes.com', 'wildcard'],
    ['acme-bikes.com:443', 'port'],
    ['https://acme-bikes.com/', 'path'],
    ['acme-bikes.com/shop', 'path'],
    ['acme-bikes.com\\shop', 'path'],
    ['acme-bikes.com?x', 'path'],
    ['acme-bikes.com#x', 'path'],
    ['acme／bikes.com', 'valid host name'],
    ['user@acme-bikes.com', 'user'],
    ['_dmarc.acme-bikes.com', 'underscore'],
    ['acme＿bikes.com', 'underscore'],
    ['acme%2ebikes.com', 'percent'],
    ['％61cme.com', 'valid host name'],
    ['acme bikes.com', 'spaces'],
    ['acme\u0000.com', 'host name|letters'],
    ['acme;rm.com', 'host name|letters'],
    ['acme..com', 'empty label'],
    ['.acme.com', 'empty label'],
    ['acme.com..', 'empty label'],
    ['\u00ad.com', 'empty label'],
    ['-acme.com', 'inner hyphens'],
    ['acme-.com', 'inner hyphens'],
    ['xn--.com', 'inner hyphens'],
    ['xn--0.pt', 'xn--0 is no punycode'],
    ['shop.XN--0.pt', 'xn--0 is no punycode'],
    ['xn--99zzzz.de', 'no punycode'],
    ['xn--abc-.de', 'inner hyphens'],
    ['xn--u-ccb.com', 'no punycode'],
    ['\u202eacme.com', 'valid host name'],
    ['ac\u200dme.com', 'valid host name'],
    ['acme.\ud800com', 'host name'],
    [`${label63}a.com`, '63'],
    [`${'ü'.repeat(63)}.com`, '63'],
    [`${label63}.${label63}.${label63}.${'a'.repeat(58)}.com`, '253'],
    [`${'a.'.repeat(8_000)}com`, '253'],
    // A name that is far too long is not examined further.
    ['*'.repeat(1_001), '253'],
    ['*'.repeat(1_000), 'wildcard'],
    ['printer.local', 'local is reserved'],
    ['app.localhost', 'localhost is reserved'],
    ['db.internal', 'internal is reserved'],
    ['shop.test', 'test is reserved'],
    ['shop.TEST.', 'test is reserved'],
    ['shop.invalid', 'invalid is reserved'],
    ['shop.onion', 'onion is reserved'],
  ])('refuses %j and says why', (raw, why) => {
    expect(normalizeDomain(raw)).toEqual({ ok: false, message: expect.stringMatching(new RegExp(why)) });
  });

  const anything = fc.oneof(
    fc.string({ unit: 'binary' }),
    fc.string({ unit: 'grapheme' }),
    fc.domain(),
    fc
      .tuple(fc.string({ unit: 'binary', maxLength: 20 }), fc.domain())
      .map(([left, right]) => `${left}.${right}`),
    fc
      .array(
        fc.constantFrom('xn--', 'a', 'ü', '.', '-', '1', '0x', '。', '\u200d', '١', 'ß', 'İ', 'K', '_', '%'),
      )
      .map((parts) => `${parts.join('')}.com`),
  );

  test('whatever comes in, what comes out is a plain host name in its final form, or a sentence', () => {
    fc.assert(
      fc.property(anything, (raw) => {
        const result = normalizeDomain(raw);
        if (!result.ok) {
          expect(result.message).toMatch(/^Must .{5,80}$/);
          return;
        }
        expect(result.domain).toMatch(
          /^(?=.{3,253}$)([a-z\d]([a-z\d-]{0,61}[a-z\d])?\.)+[a-z\d]([a-z\d-]{0,61}[a-z\d])?$/,
        );
        expect(normalizeDomain(result.domain)).toEqual(result);
        expect(new URL(`https://${result.domain}/`).hostname).toBe(result.domain);
      }),
      { numRuns: 2_000 },
    );
  });
});
