import { describe, expect, test } from '@jest/globals';
import { holdsProtected, isProtected } from '../../../../../lib/sync/network/listing/protected-names.ts';
import { row } from '../../../../support/sync/items.ts';

describe('a name', () => {
  test.each([
    ['network.example', true],
    ['www.network.example', true],
    ['www.www.network.example', false],
    ['shop.network.example', false],
    ['notnetwork.example', false],
    ['example', false],
  ])('%s, beside a protected network.example: %s', (name, own) => {
    expect(isProtected(name, ['network.example'])).toBe(own);
  });

  test('whose www. is protected is protected too, for one row serves both', () => {
    expect(isProtected('network.example', ['www.network.example'])).toBe(true);
    expect(isProtected('www.network.example', ['www.network.example'])).toBe(true);
    expect(isProtected('shop.network.example', ['www.network.example'])).toBe(false);
  });
});

describe('a row', () => {
  const own = ['network.example'];
  test.each([
    ['of the name', { name: 'network.example' }, true],
    ['of its www.', { name: 'www.network.example' }, true],
    ['that sends the visitors of the name elsewhere', { name: 'network.example', type: 'redirect' }, true],
    ['of a name under it', { name: 'shop.network.example' }, false],
    ['of another name with its wildcard', { name: 'other.example', wildcard: true }, false],
  ] as const)('%s: holds a protected name: %s', (_, part, holds) => {
    expect(holdsProtected(row(part), own)).toBe(holds);
  });

  test('holds a protected name by its wildcard, whether that is a flag or the name itself', () => {
    const under = ['main.network.example'];
    expect(holdsProtected(row({ name: 'network.example', wildcard: true }), under)).toBe(true);
    expect(holdsProtected(row({ name: '*.network.example' }), under)).toBe(true);
    expect(holdsProtected(row({ name: 'network.example' }), under)).toBe(false);
  });
});
