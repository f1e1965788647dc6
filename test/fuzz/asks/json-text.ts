import fc from 'fast-check';
import { marker } from '../networks.ts';

/** An object's members as they are written: keys may be repeated, values need not be JSON. */
export type Members = readonly (readonly [key: string, value: string])[];

export function objectText(members: Members): string {
  return `{${members.map(([key, value]) => `${JSON.stringify(key)}:${value}`).join(',')}}`;
}

export function quoted(text: string): string {
  return JSON.stringify(text);
}

function nested(open: string, close: string, depth: number, core = '') {
  return open.repeat(depth) + core + close.repeat(depth);
}

/** Values that a field does not expect, some of which JSON itself does not know. */
export const oddValues: fc.Arbitrary<string> = fc.oneof(
  {
    weight: 8,
    arbitrary: fc.constantFrom(
      'null',
      'true',
      'false',
      '[]',
      '{}',
      '""',
      '0',
      '-0',
      '-1',
      '0.5',
      '1e3',
      '1e21',
      '1e400',
      '-1e400',
      '9007199254740991',
      '9007199254740992',
      '9007199254740993.0',
      '123456789012345678901234567890',
      '"12"',
      '"00012"',
      '"-12"',
      '"1e3"',
      '"0x10"',
      '"٣"',
      '"12\\n"',
      '"9999999999999999"',
      '"99999999999999999"',
      '"true"',
      '"\\ud800"',
      '"\\u0000"',
      '"\\u202e"',
      '"__proto__"',
      '{"__proto__":{"polluted":true}}',
      '{"constructor":{"prototype":{"polluted":true}}}',
      '{"toString":"x","valueOf":"x","length":1e9}',
      '{"toJSON":"x","then":"x","domain":"shop.acme-bikes.com"}',
      '["shop.acme-bikes.com"]',
      quoted(marker),
      // Not JSON.
      'NaN',
      'Infinity',
      'undefined',
      '01',
      '+1',
      '.5',
      '0x10',
      "'text'",
      '"\\x41"',
      '"tab\there"',
      '1n',
    ),
  },
  {
    weight: 1,
    arbitrary: fc
      .tuple(
        fc.constantFrom(['[', ']'], ['{"a":', '}'], ['{"__proto__":', '}'], ['[{"data":', '}]']),
        fc.integer({ min: 2, max: 8_000 }),
      )
      .map(([[open = '', close = ''], depth]) => nested(open, close, depth, '1')),
  },
  { weight: 1, arbitrary: fc.string({ unit: 'binary', maxLength: 30 }).map(quoted) },
  {
    weight: 1,
    arbitrary: fc
      .tuple(fc.constantFrom('9', '0', '1.', '-'), fc.integer({ min: 100, max: 16_000 }))
      .map(([digit, times]) => digit.repeat(times)),
  },
  { weight: 1, arbitrary: fc.json({ maxDepth: 3 }) },
);

const oddKeys = fc.constantFrom(
  '__proto__',
  'constructor',
  'prototype',
  'hasOwnProperty',
  'toString',
  'then',
  'note',
  '',
  'Type',
  'data ',
  'dоmain',
);

/** Members beside the expected ones, which the relay ignores. */
export const extraMembers: fc.Arbitrary<Members> = fc.array(fc.tuple(oddKeys, oddValues), {
  minLength: 1,
  maxLength: 4,
});

/** Bytes that are corrupted between the text and the wire. */
export const recodings: readonly ((text: string) => Buffer)[] = [
  (text) => Buffer.from(`\ufeff${text}`),
  (text) => Buffer.from(`\ufeff\ufeff${text}`),
  (text) => Buffer.from(text, 'utf16le'),
  (text) => Buffer.from(`\ufeff${text}`, 'utf16le').swap16(),
  (text) => Buffer.from(text, 'latin1'),
  (text) => Buffer.concat([Buffer.from(text), Buffer.from([0xc3])]),
  // Overlong, a surrogate in UTF-8, beyond Unicode.
  (text) => Buffer.concat([Buffer.from(text), Buffer.from([0xc0, 0xa0])]),
  (text) => Buffer.from(text.replace('"', '"\u00ff'), 'latin1'),
  (text) => Buffer.concat([Buffer.from([0xed, 0xa0, 0x80]), Buffer.from(text)]),
  (text) => Buffer.concat([Buffer.from(text), Buffer.from([0xf5, 0x80, 0x80, 0x80])]),
  (text) => Buffer.from(text).subarray(0, -1),
  (text) => Buffer.from(text).subarray(0, text.length >> 1),
  (text) => Buffer.concat([Buffer.from(text), Buffer.from([0])]),
  (text) => Buffer.concat([Buffer.from([0x1f, 0x8b, 8, 0]), Buffer.from(text)]),
  (text) => Buffer.from(text.replaceAll('"', "'")),
  (text) => Buffer.from(text.replace(/}$/, ',}')),
  (text) => Buffer.from(`${text} // the end`),
  (text) => Buffer.from(`${text}\n${text}`),
  (text) => Buffer.from(`[${text}]`),
  (text) => Buffer.from(quoted(text)),
  (text) => Buffer.from(`)]}',\n${text}`),
  (text) => Buffer.from(`payload=${encodeURIComponent(text)}`),
  () => Buffer.from('<event type="domain.added"/>'),
  () => Buffer.from('a:1:{s:4:"type";s:12:"domain.added";}'),
  () => Buffer.alloc(0),
  () => Buffer.from('null'),
  () => Buffer.from('{}'),
  (text) => Buffer.from(text.padEnd(16_384, ' ')),
  (text) => Buffer.from(text.padEnd(16_385, ' ')),
  (text) => Buffer.from(text.padStart(16_384, '\t')),
  (text) => Buffer.from(text.padEnd(200_000, '\n')),
];
