import { describe, expect, test } from '@jest/globals';
import { defaultWww } from '../../../lib/webhook/default-www.ts';

describe('defaultWww', () => {
  test.each([
    ['acme-bikes.com', true],
    ['acme-bikes.co.uk', true],
    ['xn--bcher-kva.de', true],
    ['a.b', true],
    ['shop.acme-bikes.com', false],
    ['www.acme-bikes.com', false],
    ['www.com', false],
    ['co.uk', false],
    // The list's private part: every customer of such a host has a registrable name of their own.
    ['acme.github.io', true],
    ['shop.acme.github.io', false],
    ['github.io', false],
  ])('%s: %s', async (domain, www) => {
    expect(await defaultWww(domain)).toBe(www);
  });
});
