import fc from 'fast-check';
import { knownNames } from '../holdings.ts';
import { mostly } from '../mostly.ts';
import { networkNames, networks } from '../networks.ts';
import type { FuzzCall } from './call.ts';
import { hosts } from './hosts.ts';
import { networkParts } from './paths.ts';

const tokens = networkNames.flatMap((name) => networks.get(name)?.readTokens ?? []);

const rightHeader: readonly ((token: string) => string)[] = [
  (token) => `Bearer ${token}`,
  (token) => `bearer   ${token}  `,
];
const wrongHeader: readonly ((token: string) => string)[] = [
  () => '',
  () => 'Bearer',
  () => 'Bearer ',
  () => 'Bearer undefined',
  (token) => token,
  (token) => `Basic ${Buffer.from(`${token}:`).toString('base64')}`,
  (token) => `Bearer${token}`,
  (token) => `Bearer "${token}"`,
  (token) => `Bearer ${token},Bearer ${token}`,
  (token) => `Bearer ${token} ${token}`,
  (token) => `Bearer ${token.slice(0, -1)}`,
  (token) => `Bearer ${token}\u00a0`,
  (token) => `Bearer ${token.toUpperCase()}`,
  () => `Bearer ${' '.repeat(8_000)}x y`,
  () => `Bearer ${'x'.repeat(8_000)} ${'y'.repeat(100)}`,
];

const domainParts = fc.oneof(
  { weight: 4, arbitrary: fc.constantFrom(...knownNames).map(encodeURIComponent) },
  {
    weight: 1,
    arbitrary: fc.constantFrom(
      'B%C3%BCcher.de',
      'SHOP.acme-bikes.com.',
      'shop%252eacme-bikes.com',
      '%ff',
      '%',
      '%00',
    ),
  },
  {
    weight: 3,
    arbitrary: hosts
      .filter((host) => host.isWellFormed())
      .map((host) => encodeURIComponent(host))
      .filter((part) => part !== ''),
  },
);

function cursorOf(text: string) {
  return Buffer.from(text).toString('base64url');
}
const cursors = fc.oneof(
  { weight: 3, arbitrary: fc.constantFrom(...knownNames).map((name) => cursorOf(`1:${name}`)) },
  {
    weight: 3,
    arbitrary: fc.constantFrom(
      '',
      'x',
      cursorOf('1:'),
      cursorOf('2:shop.acme-bikes.com'),
      cursorOf('1:SHOP.acme-bikes.com'),
      cursorOf('1:shop'),
      cursorOf('1:other#acme.com'),
      cursorOf('1:bücher.de'),
      `${cursorOf('1:shop.acme-bikes.com')}=`,
      `${cursorOf('1:shop.acme-bikes.com')}!`,
      Buffer.from('1:shop.acme-bikes.com>?').toString('base64'),
      cursorOf('{"network":"other"}'),
      'A'.repeat(6_000),
    ),
  },
  { weight: 1, arbitrary: fc.string({ maxLength: 30 }) },
);

function pair(name: string, values: fc.Arbitrary<string>): fc.Arbitrary<string> {
  return values
    .filter((value) => value.isWellFormed())
    .map((value) => `${name}=${encodeURIComponent(value)}`);
}

const queryParts = fc.oneof(
  { weight: 2, arbitrary: pair('state', fc.constantFrom('open', 'failed', 'waiting-dns')) },
  {
    weight: 1,
    arbitrary: pair('state', fc.constantFrom('', 'Open', 'toString', '__proto__', 'open,failed')),
  },
  { weight: 3, arbitrary: pair('limit', fc.constantFrom('1', '2', '100', '001')) },
  {
    weight: 2,
    arbitrary: pair(
      'limit',
      fc.constantFrom('0', '101', '-1', '1.5', '1e2', '٣', '', ' 1', '9'.repeat(3_000), 'NaN'),
    ),
  },
  { weight: 3, arbitrary: pair('cursor', cursors) },
  // Not `1`: what a live read asks of others is not part of this search.
  { weight: 1, arbitrary: pair('live', fc.constant('0')) },
  { weight: 1, arbitrary: pair('live', fc.constantFrom('', 'true', '2', '1,1', '__proto__')) },
  {
    weight: 1,
    arbitrary: fc.constantFrom(
      '__proto__=1',
      'constructor[prototype]=1',
      'toString',
      '=',
      '&&',
      '%ff=%ff',
      'network=other',
      'limit',
    ),
  },
);

/** Calls to the reads. */
export const asks: fc.Arbitrary<FuzzCall> = fc
  .record({
    network: networkParts,
    place: fc.oneof(
      { weight: 5, arbitrary: domainParts.map((part) => `domains/${part}`) },
      { weight: 4, arbitrary: fc.constant('domains') },
      {
        weight: 1,
        arbitrary: fc.constantFrom('connection', 'connection/', 'domains/', 'Domains', 'secrets'),
      },
    ),
    query: fc.array(queryParts, { maxLength: 3 }),
    own: fc.boolean(),
    token: fc.constantFrom(...tokens, 'nobody-has-this-token-0123456789'),
    header: mostly(fc.constantFrom(...rightHeader), fc.constantFrom(...wrongHeader), 5),
    twice: mostly(fc.constant(false), fc.constant(true), 20),
  })
  .map(({ network, place, query, own, token, header, twice }): FuzzCall => {
    const offered = (own ? networks.get(network)?.readTokens[0] : undefined) ?? token;
    const authorization = ['Authorization', header(offered)] as const;
    return {
      method: 'GET',
      target: `/${network}/${place}${query.length === 0 ? '' : `?${query.join('&')}`}`,
      headers: [['host', 'relay.acme-bikes.com'], authorization, ...(twice ? [authorization] : [])],
      body: Buffer.alloc(0),
    };
  });
