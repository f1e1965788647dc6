import { describe, expect, test } from '@jest/globals';
import { z } from 'zod';
import { resolved } from '../deploy/template/resolved.ts';
import { ofType, type Properties, ref } from '../deploy/template/template.ts';

import type { PackagedStack } from './packaged-stack.ts';

export function ownKeyTests(stack: PackagedStack): void {
  describe('a key of its own', () => {
    const KmsKeyArn = 'arn:aws:kms:eu-west-1:123456789012:key/5b1c7d2e-8f43-4a0a-9a55-1f0c3d2b4e6f';
    const grantSchema = z.object({
      Roles: z.array(z.object({ Ref: z.string() })),
      PolicyDocument: z.object({
        Statement: z.array(z.object({ Action: z.string(), Resource: z.unknown() })),
      }),
    });

    test('encrypts the table and every queue, in place of the key of AWS', () => {
      const { LedgerTable, ...others } = resolved(stack.written, { KmsKeyArn }).Resources;
      expect(LedgerTable?.Properties.SSESpecification).toEqual({
        SSEEnabled: true,
        SSEType: 'KMS',
        KMSMasterKeyId: ref('KmsKeyArn'),
      });
      const queues = Object.values(others).filter(({ Type }) => Type === 'AWS::SQS::Queue');
      expect(queues).toHaveLength(6);
      for (const { Properties } of queues) {
        expect(Properties.KmsMasterKeyId).toEqual(ref('KmsKeyArn'));
        expect(Properties).not.toHaveProperty('SqsManagedSseEnabled');
      }
    });

    test('is for each role that reads, and makes data keys for those that send', () => {
      const grants = ofType(resolved(stack.written, { KmsKeyArn }), 'AWS::IAM::Policy').map(([, policy]) =>
        grantSchema.parse(policy),
      );
      const rolesWith = (action: string) =>
        grants
          .filter(({ PolicyDocument: { Statement } }) => Statement.some(({ Action }) => Action === action))
          .flatMap(({ Roles }) => Roles.map(({ Ref }) => Ref))
          .toSorted();
      const roles = ofType(stack.template, 'AWS::IAM::Role');
      const sends = ([, role]: [string, Properties]) => JSON.stringify(role).includes('sqs:SendMessage');
      const ids = (of: [string, Properties][]) => of.map(([id]) => id).toSorted();
      expect(rolesWith('kms:Decrypt')).toEqual(ids(roles));
      expect(rolesWith('kms:GenerateDataKey')).toEqual(ids(roles.filter(sends)));
      for (const { PolicyDocument } of grants) {
        for (const { Resource } of PolicyDocument.Statement) expect(Resource).toEqual(ref('KmsKeyArn'));
      }
    });

    test('grants nothing where there is none', () => {
      expect(ofType(stack.template, 'AWS::IAM::Policy')).toEqual([]);
      expect(ofType(resolved(stack.written, { KmsKeyArn: 'none' }), 'AWS::IAM::Policy')).toEqual([]);
    });
  });
}
