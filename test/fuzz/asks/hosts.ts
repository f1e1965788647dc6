import fc from 'fast-check';

const label63 = 'a'.repeat(63);

/** Names that are taken, in every spelling a person or a form may send. */
const plain = [
  'shop.acme-bikes.com',
  'Shop.ACME-Bikes.com.',
  ' new.acme-bikes.com\n',
  'a.b',
  'co.uk',
  'www.acme-bikes.com',
  'xn--bcher-kva.de',
  'XN--BCHER-KVA.DE',
  '1and1.com',
  '4.3.2.1.in-addr.arpa',
  `${label63}.com`,
  `${label63}.${label63}.${label63}.${'a'.repeat(57)}.com`,
  'constructor.prototype',
  'hasownproperty.com',
];

/** Names that look like something else, or that mapping makes into something else. */
const disguised = [
  'bücher.de',
  'BÜCHER.de',
  'faß.de',
  'ａｃｍｅ-bikes.com',
  'acme-bikes。com',
  'acme-bikes．com｡',
  // Cyrillic and Greek letters that look like Latin ones, a Kelvin sign, a long s, ligatures, a telephone sign.
  'аcme-bikes.com',
  'αcme-bikes.com',
  'acme-biKes.com',
  'ſhop.acme.com',
  'ﬁne.acme.com',
  '℡.acme.com',
  '①②③.acme.com',
  'İstanbul.acme.com',
  'ẞ.acme.com',
  // The network's own names.
  'network.example',
  'www.network.example',
  'NETWORK.EXAMPLE.',
  'ｎetwork.example',
  'network。example',
  'net\u00adwork.example',
  'net\u200bwork.example',
  '\ufeffnetwork.example',
  'www．network。example',
  'bücher.example',
  'WWW.BÜCHER.example',
  // Direction marks, joiners, tags, variation selectors, combining marks.
  'acme\u202emoc.com',
  '\u200facme.com',
  'ac\u2066me.com',
  'ac\u200dme.com',
  'ac\u200cme.com',
  'क्\u200dष.com',
  'acme\ufe0f.com',
  'ac\u{e0001}me.com',
  '\u0301acme.com',
  'אa.com',
  'א1.com',
  '1א.com',
  'مثال.إختبار',
  '٠١٢.acme.com',
  '💩.la',
  '\ud800.acme.com',
  'acme\udfff.com',
  // Mapping brings forth what a host name must not hold.
  'acme／admin.com',
  'acme＠evil.com',
  'acme：443.com',
  'acme＿bikes.com',
  'acme＃.com',
  '％61cme.com',
  '℀.acme.com',
  '⒈acme.com',
  '１２７.０.０.１',
  'foo.ｌocal',
  'foo.ⓛⓞⓒⓐⓛⓗⓞⓢⓣ',
];

/** What is no name of a public host. */
const refused = [
  '',
  ' ',
  '.',
  '..',
  '。',
  '127.0.0.1',
  '127.1',
  '0x7f.1',
  '2130706433',
  '0177.0.0.1',
  '169.254.169.254',
  '[::1]',
  '::ffff:127.0.0.1',
  'localhost',
  'shop',
  '*.acme-bikes.com',
  'acme-bikes.com:443',
  'https://acme-bikes.com/',
  'acme-bikes.com/../admin',
  'acme-bikes.com\\admin',
  'acme-bikes.com?x',
  'acme-bikes.com#x',
  'user:pass@acme-bikes.com',
  '_dmarc.acme-bikes.com',
  'acme%2ebikes.com',
  'acme bikes.com',
  'acme.com\r\nX-Evil: 1',
  'acme\u0000.com',
  'acme\u007f.com',
  'acme..com',
  '.acme.com',
  'acme.com..',
  '-acme.com',
  'acme-.com',
  'xn--.com',
  'xn--a.com',
  'xn--acme-.com',
  'xn--bücher.de',
  `${label63}a.com`,
  `${label63}.${label63}.${label63}.${'a'.repeat(58)}.com`,
  'foo.local',
  'foo.LOCALHOST.',
  'foo.internal',
  'foo.test',
  'foo.invalid',
  'foo.onion',
  "acme.com'; DROP TABLE domains; --",
  '{{jndi:ldap://acme.com/a}}',
  '<script>alert(1)</script>.com',
];

const deadLetters = fc.string({ unit: fc.constantFrom(...'abz09-'), minLength: 1, maxLength: 12 });

/** Well over what a name may be, made of what is costly to map or to match. */
const long = fc
  .tuple(
    fc.constantFrom('a', 'a.', '.', '-', 'ü', 'ａ。', '\u00ad', '℀', '💩', '\u0301', 'xn--', '0x', '1.'),
    fc.integer({ min: 50, max: 3_000 }),
  )
  .map(([unit, times]) => `${unit.repeat(times)}.com`);

/** A name with one foreign character put somewhere into it. */
const sprinkled = fc
  .tuple(
    fc.constantFrom('acme-bikes.com', 'network.example', 'xn--bcher-kva.de'),
    fc.string({ unit: 'binary', minLength: 1, maxLength: 2 }),
    fc.nat({ max: 15 }),
  )
  .map(([name, part, at]) => name.slice(0, at) + part + name.slice(at));

export const hosts: fc.Arbitrary<string> = fc.oneof(
  { weight: 10, arbitrary: fc.constantFrom(...plain) },
  { weight: 4, arbitrary: fc.array(deadLetters, { minLength: 1, maxLength: 5 }).map((all) => all.join('.')) },
  { weight: 6, arbitrary: fc.constantFrom(...disguised) },
  { weight: 3, arbitrary: fc.constantFrom(...refused) },
  { weight: 2, arbitrary: sprinkled },
  { weight: 1, arbitrary: fc.string({ unit: 'binary', maxLength: 40 }) },
  { weight: 1, arbitrary: long },
);

/** For parts that are not about the name: half of them are known, so that there are updates to repeat. */
export const goodHosts: fc.Arbitrary<string> = fc.oneof(
  fc.constantFrom(...plain),
  fc.constantFrom('shop.acme-bikes.com', 'www.acme-bikes.com'),
);
