import { expect, test } from '@jest/globals';
import {
  CertificateUnknown,
  OrderUnconfirmed,
  ServerAddressUnknown,
  SslModeUnknown,
} from '../../../lib/certificates/errors.ts';
import { givenUp } from '../../../lib/certificates/outcome/given-up.ts';
import { NetworkPaused } from '../../../lib/sync/ledger/errors.ts';
import { NOW } from '../../support/sync/items.ts';

test.each([
  ['SslModeUnknown', () => new SslModeUnknown('-'), 'runcloud-refused', 'passing'],
  ['ServerAddressUnknown', () => new ServerAddressUnknown('7'), 'runcloud-unavailable', 'passing'],
  ['OrderUnconfirmed', () => new OrderUnconfirmed('-'), 'runcloud-unavailable', 'passing'],
  ['CertificateUnknown', () => new CertificateUnknown(7), 'runcloud-not-found', 'refused'],
])(
  '%s has a name and a code that survive the bundle, and says whether it passes',
  (name, make, code, failure) => {
    expect(make()).toMatchObject({ name, code, failure });
  },
);

test('an order that nothing confirms is told with what RunCloud said of it', () => {
  expect(new OrderUnconfirmed('nothing answers', 'Too many requests').message).toContain('Too many requests');
  expect(new OrderUnconfirmed('nothing answers').message).toMatch(/nothing answers$/);
});

test('a paused network says so, with its pause', () => {
  const pause = { since: '-', code: 'paused', message: '-', probeAt: NOW } as const;
  expect(new NetworkPaused(pause)).toMatchObject({
    name: 'NetworkPaused',
    message: 'The network is paused',
    pause,
  });
});

test('a request whose passes all crash has failed by a bug of ours, and says how often', () => {
  expect(givenUp().result).toMatchObject({
    kind: 'failed',
    reason: 'order-failed',
    error: { code: 'internal-error', message: '5 passes in a row ended without an outcome' },
  });
});
