import { expect, test } from '@jest/globals';
import { KnownCredentials } from '../../../../lib/sync/network/known-credentials.ts';

test('the credential of a network is the one noted last', () => {
  const known = new KnownCredentials();
  expect(known.of('a')).toBeUndefined();
  known.note('a', 'old');
  known.note('b', 'other');
  known.note('a', 'new');
  expect([known.of('a'), known.of('b')]).toEqual(['new', 'other']);
});

test('a thousand networks are kept, and the longest unused is forgotten', () => {
  const known = new KnownCredentials();
  for (let network = 0; network <= 1_000; network += 1) known.note(String(network), 'fingerprint');
  expect([known.of('0'), known.of('1'), known.of('1000')]).toEqual([undefined, 'fingerprint', 'fingerprint']);
});
