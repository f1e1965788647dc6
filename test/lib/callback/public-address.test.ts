import { describe, expect, test } from '@jest/globals';
import { isLoopbackAddress, isPublicAddress } from '../../../lib/callback/public-address.ts';

describe('an address that outcomes may be posted to', () => {
  test.each(['93.184.216.34', '1.1.1.1', '172.15.255.255', '172.32.0.1', '169.253.1.1', '2606:4700::6810:1'])(
    'is %s',
    (address) => expect(isPublicAddress(address)).toBe(true),
  );

  test.each([
    ['this network', '0.0.0.0'],
    ['private', '10.1.2.3'],
    ['private', '172.16.0.1'],
    ['private', '172.31.255.255'],
    ['private', '192.168.1.1'],
    ['a carrier’s', '100.64.0.1'],
    ['loopback', '127.0.0.1'],
    ['the metadata of a cloud', '169.254.169.254'],
    ['the credentials of a container', '169.254.170.2'],
    ['documentation', '203.0.113.10'],
    ['benchmarks', '198.18.0.1'],
    ['multicast', '224.0.0.1'],
    ['broadcast', '255.255.255.255'],
    ['unspecified', '::'],
    ['loopback', '::1'],
    ['an IPv4 address in disguise', '::ffff:169.254.169.254'],
    ['an IPv4 address in disguise', '::ffff:7f00:1'],
    ['translated to IPv4', '64:ff9b::a9fe:a9fe'],
    ['6to4', '2002:a9fe:a9fe::1'],
    ['Teredo', '2001:0:a9fe:a9fe::1'],
    ['documentation', '2001:db8::1'],
    ['unique local', 'fd00:ec2::254'],
    ['link-local', 'fe80::1'],
    ['multicast', 'ff02::1'],
    ['no address', 'example.com'],
  ])('is not one that is %s: %s', (_kind, address) => expect(isPublicAddress(address)).toBe(false));
});

test.each([
  ['127.0.0.1', true],
  ['127.8.8.8', true],
  ['::1', true],
  ['::ffff:127.0.0.1', true],
  ['10.0.0.1', false],
  ['localhost', false],
])('loopback: %s is %s', (address, expected) => expect(isLoopbackAddress(address)).toBe(expected));
