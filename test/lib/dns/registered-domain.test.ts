import { expect, test } from '@jest/globals';
import { registeredDomain } from '../../../lib/dns/registered-domain.ts';

test.each([
  ['acme-bikes.com', 'acme-bikes.com'],
  ['a.shop.acme-bikes.com', 'acme-bikes.com'],
  ['shop.acme.co.uk', 'acme.co.uk'],
  ['*.acme-bikes.com', 'acme-bikes.com'],
  ['x.shop.github.io', 'shop.github.io'],
  ['github.io', 'github.io'],
])('%s counts as %s', (name, domain) => {
  expect(registeredDomain(name)).toBe(domain);
});
