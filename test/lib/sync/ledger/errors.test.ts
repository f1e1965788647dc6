import { expect, test } from '@jest/globals';
import {
  AppClaimed,
  ImplausibleAnswer,
  LeaseLost,
  NotAnnounced,
  NotBefore,
  NothingCameOfIt,
  PausedByOwner,
  PrimaryDomain,
  ProtectedDomain,
  RepeatedCrash,
  SecretMissing,
} from '../../../../lib/sync/ledger/errors.ts';
import { NOW } from '../../../support/sync/items.ts';

test.each([
  [new ProtectedDomain('-'), 'ProtectedDomain', 'protected-domain', 'never'],
  [new PrimaryDomain('-'), 'PrimaryDomain', 'primary-domain', 'never'],
  [new NotAnnounced('shop.acme-bikes.com'), 'NotAnnounced', 'not-announced', 'never'],
  [new ImplausibleAnswer('-'), 'ImplausibleAnswer', 'runcloud-unavailable', 'passing'],
  [new NothingCameOfIt('-'), 'NothingCameOfIt', 'runcloud-unavailable', 'passing'],
  [new AppClaimed('-'), 'AppClaimed', 'app-claimed', 'network'],
  [new PausedByOwner('-'), 'PausedByOwner', 'paused', 'network'],
  [new SecretMissing('-'), 'SecretMissing', 'secret-invalid', 'network'],
  [new RepeatedCrash(), 'RepeatedCrash', 'internal-error', 'never'],
])(
  '%s has a name and a code that survive the bundle, and says what it means for a retry',
  (error, name, code, failure) => {
    expect(error).toMatchObject({ name, code, failure });
  },
);

test('what is no failure says when the work goes on, and whether the removal limit holds it', () => {
  const later = { name: 'NotBefore', message: 'The work goes on later', until: NOW };
  expect(new NotBefore(NOW)).toMatchObject({ ...later, reason: null });
  expect(new NotBefore(NOW, 'removals-limited')).toMatchObject({ ...later, reason: 'removals-limited' });
  expect(new LeaseLost().name).toBe('LeaseLost');
});
