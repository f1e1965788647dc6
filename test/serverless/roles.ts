import { describe, expect, test } from '@jest/globals';
import { roleFaults } from '../deploy/rules/roles.ts';

import type { PackagedStack } from './packaged-stack.ts';

/** Each function may do what it needs, and no more. */
export function roleTests(stack: PackagedStack): void {
  const { spoiled, replaced } = stack;

  describe('roles', () => {
    test('allow each function what it needs on what it needs it for', () => {
      expect(roleFaults(stack.template)).toEqual([]);
    });

    test.each([
      ['a resource is a star', 'SweepRole', '{"Fn::GetAtt":["LedgerTable","Arn"]}', '"*"'],
      ['an action is a star', 'DomainAddedRole', '"dynamodb:GetItem"', '"dynamodb:*"'],
      [
        'one action is more',
        'DomainStatusRole',
        '"dynamodb:Query"',
        '"dynamodb:Query","dynamodb:DeleteItem"',
      ],
      ['one is missing', 'SyncDomainRole', '"sqs:DeleteMessage",', ''],
      ['the condition goes', 'ConnectionRole', '"token#*"', '"*"'],
      ['secrets of all stages are open', 'SslRetryRole', ':secret:runcloud-relay/prod/*', ':secret:*'],
    ])('are found faulty when %s', (_, role, before, next) => {
      expect(roleFaults(replaced(role, before, next))).not.toEqual([]);
    });

    test('are found faulty when two functions share one, or a managed policy is attached', () => {
      const shared = replaced('SweepLambdaFunction', '["SweepRole","Arn"]', '["SyncDomainRole","Arn"]');
      expect(roleFaults(shared)).toContain('Sweep shares SyncDomainRole');
      const managed = spoiled(({ SweepRole }) => {
        if (SweepRole !== undefined)
          SweepRole.Properties.ManagedPolicyArns = ['arn:aws:iam::aws:policy/ReadOnlyAccess'];
      });
      expect(roleFaults(managed)).not.toEqual([]);
    });
  });
}
