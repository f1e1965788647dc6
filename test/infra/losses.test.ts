import { describe, expect, test } from '@jest/globals';
import { lossesOf } from '../../infra/losses.js';

const running = { AlarmEmail: 'ops@example.org', DomainName: 'relay.network.example' };
const nothing = { AlarmEmail: '', DomainName: '' };

describe('what a deploy would take away from a running stage', () => {
  test('is the mail of its alarms, and its custom domain', () => {
    expect(lossesOf(running, nothing, 'prod')).toEqual([
      'The alarms of stage prod are mailed to ops@example.org; this deploy would end that. Set ALARM_EMAIL again, in .env.prod or the environment. To take it away on purpose, set it to none.',
      'The API of stage prod is at relay.network.example; this deploy would end that. Set RELAY_DOMAIN again, in .env.prod or the environment. To take it away on purpose, set it to none.',
    ]);
  });

  test('is nothing where it is kept, changed, or taken away on purpose', () => {
    expect(lossesOf(running, running, 'prod')).toEqual([]);
    const other = { AlarmEmail: 'night@example.org', DomainName: 'api.network.example' };
    expect(lossesOf(running, other, 'prod')).toEqual([]);
    expect(lossesOf(running, { AlarmEmail: 'none', DomainName: 'none' }, 'prod')).toEqual([]);
  });

  test('is its own key', () => {
    const key = { KmsKeyArn: 'arn:aws:kms:eu-west-1:123456789012:key/one' };
    expect(lossesOf(key, { KmsKeyArn: '' }, 'dev')).toEqual([
      expect.stringContaining('arn:aws:kms:eu-west-1:123456789012:key/one; this deploy would end that.'),
    ]);
    expect(lossesOf(key, { KmsKeyArn: 'none' }, 'dev')).toEqual([]);
  });

  test('is the boundary of its roles', () => {
    const bounded = { RolesBoundaryArn: 'arn:aws:iam::123456789012:policy/relay-boundary-prod' };
    expect(lossesOf(bounded, { RolesBoundaryArn: '' }, 'prod')).toEqual([
      expect.stringMatching(
        /^The roles of stage prod are bounded by .*; this deploy would end that\. Set RELAY_ROLES_BOUNDARY_ARN/,
      ),
    ]);
    expect(lossesOf(bounded, { RolesBoundaryArn: 'none' }, 'prod')).toEqual([]);
  });

  describe('is the address from AWS that senders call', () => {
    const unnamed = { DomainName: '', KeepDefaultAddress: '' };
    const named = { DomainName: 'relay.network.example', KeepDefaultAddress: '' };
    const told = [
      expect.stringMatching(/^Stage prod is called at its name from AWS; this deploy would close/),
    ];

    test('when it gets a name of its own', () => {
      expect(lossesOf(unnamed, named, 'prod')).toEqual(told);
    });

    test('when its version left that address open, or it was kept', () => {
      expect(lossesOf({ DomainName: 'relay.network.example' }, named, 'prod')).toEqual(told);
      expect(lossesOf({ ...named, KeepDefaultAddress: 'true' }, named, 'prod')).toEqual(told);
    });

    test('but not when it is kept, closed on purpose, or closed already', () => {
      expect(lossesOf(unnamed, { ...named, KeepDefaultAddress: 'true' }, 'prod')).toEqual([]);
      expect(lossesOf(unnamed, { ...named, KeepDefaultAddress: 'false' }, 'prod')).toEqual([]);
      expect(lossesOf(named, named, 'prod')).toEqual([]);
    });
  });

  test('is nothing where there was nothing', () => {
    expect(lossesOf(nothing, nothing, 'prod')).toEqual([]);
    expect(lossesOf({ AlarmEmail: 'none', DomainName: 'none' }, nothing, 'prod')).toEqual([]);
    expect(lossesOf({}, nothing, 'prod')).toEqual([]);
  });
});
