import { expect, test } from '@jest/globals';
import { OrderUnconfirmed, ServerAddressUnknown, SslModeUnknown } from '../../../lib/certificates/errors.ts';
import { givenUp } from '../../../lib/certificates/outcome/given-up.ts';
import { NetworkPaused } from '../../../lib/sync/ledger/errors.ts';
import { NOW } from '../../support/sync/items.ts';

test.each([
  [new SslModeUnknown('-'), 'SslModeUnknown', 'runcloud-refused'],
  [new ServerAddressUnknown('7'), 'ServerAddressUnknown', 'runcloud-unavailable'],
  [new OrderUnconfirmed('-'), 'OrderUnconfirmed', 'runcloud-unavailable'],
])('%s passes, and has a name and a code that survive the bundle', (error, name, code) => {
  expect(error).toMatchObject({ name, code, failure: 'passing' });
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
