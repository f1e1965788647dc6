import { describe, expect, test } from '@jest/globals';
import { domainSchema, sslSchema, toHostName, webAppSchema } from '../../../lib/runcloud/schemas.ts';

const row = { id: 710, name: 'shop.example', type: 'alias', www: 0, wildcard: 0, status: null };

describe('a domain row', () => {
  test.each([
    [710, 710],
    ['710', 710],
  ])('has an id even if it comes as %p', (id, expected) => {
    expect(domainSchema.parse({ ...row, id }).id).toBe(expected);
  });

  test.each([0, -1, 1.5, '', '07', 'abc', null, undefined])('is unreadable with the id %p', (id) => {
    expect(domainSchema.safeParse({ ...row, id }).success).toBe(false);
  });

  test.each([
    [true, true],
    [1, true],
    ['1', true],
    [false, false],
    [0, false],
    ['0', false],
    [null, undefined],
    ['yes', undefined],
  ])('reads the flag %p as %p', (www, expected) => {
    expect(domainSchema.parse({ ...row, www }).www).toBe(expected);
  });

  test('leaves out what the older API leaves out, and an unknown type', () => {
    expect(domainSchema.parse({ id: 1, name: 'a.example', created_at: '2026-01-01 00:00:00' })).toEqual({
      id: 1,
      name: 'a.example',
      wildcard: false,
    });
    expect(domainSchema.parse({ ...row, type: 'parked' }).type).toBeUndefined();
  });
});

test.each([
  ['Shop.Example.', 'shop.example'],
  ['MÜNCHEN.example', 'xn--mnchen-3ya.example'],
  ['*.Network.example', '*.network.example'],
  ['not a name', 'not a name'],
])('the host name %p compares as %p', (name, expected) => {
  expect(toHostName(name)).toBe(expected);
});

test('keys never get past the schemas', () => {
  const ssl = { id: '88', method: 'letsencrypt', validUntil: '2026-06-01 10:00:00' };
  const keys = { privateKey: 'PEM', certificate: 'PEM', pullKey1: 'k1', pullKey2: 'k2' };
  expect(sslSchema.parse({ ...ssl, ...keys })).toEqual({ ...ssl, id: 88 });
  expect(webAppSchema.parse({ name: 'network', ...keys })).toEqual({ name: 'network' });
});
