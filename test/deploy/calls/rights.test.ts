import { describe, expect, test } from '@jest/globals';
import type { Statement } from '../emulator/account.ts';
import { toAwsCall } from './aws-call.ts';
import { missingRights, unusedRights } from './rights.ts';

const place = { region: 'eu-west-1', accountId: '123456789012' };
const table = 'arn:aws:dynamodb:eu-west-1:123456789012:table/ledger';

function statement(Action: string[], Resource: string[], Condition: Statement['Condition'] = {}): Statement {
  return {
    Effect: 'Allow',
    Action,
    Resource,
    Condition,
  };
}

function put(network: string) {
  return toAwsCall(
    'DynamoDB_20120810.PutItem',
    { TableName: 'ledger', Item: { network: { S: network } } },
    place,
  );
}

describe('a call in the terms of a policy', () => {
  test('names the index that is asked', () => {
    const call = toAwsCall('DynamoDB_20120810.Query', { TableName: 'ledger', IndexName: 'due' }, place);
    expect(call).toMatchObject({ action: 'dynamodb:Query', resource: `${table}/index/due` });
  });

  test('needs the right to send for a batch too', () => {
    const QueueUrl = 'https://sqs.eu-west-1.amazonaws.com/123456789012/messages';
    const call = toAwsCall('AmazonSQS.SendMessageBatch', { QueueUrl, Entries: [] }, place);
    expect(call).toMatchObject({
      action: 'sqs:SendMessage',
      resource: 'arn:aws:sqs:eu-west-1:123456789012:messages',
    });
  });

  test('is of a service that a role may name', () => {
    expect(() => toAwsCall('AWSEvents.PutEvents', {}, place)).toThrow('AWSEvents.PutEvents');
  });
});

describe('rights held against calls', () => {
  test('a call without a right is missing, once however often it was made', () => {
    const role = [statement(['dynamodb:GetItem'], [table])];
    expect(missingRights(role, [put('a'), put('a')])).toEqual([`dynamodb:PutItem on ${table} for a`]);
  });

  test('a right for the table is none for its index', () => {
    const call = toAwsCall('DynamoDB_20120810.Query', { TableName: 'ledger', IndexName: 'due' }, place);
    expect(missingRights([statement(['dynamodb:Query'], [table])], [call])).toHaveLength(1);
  });

  test('a condition on the leading keys holds for those keys only', () => {
    const condition = { 'ForAllValues:StringLike': { 'dynamodb:LeadingKeys': ['token#*'] } };
    const role = [statement(['dynamodb:PutItem'], [table], condition)];
    expect(missingRights(role, [put('token#0123')])).toEqual([]);
    expect(missingRights(role, [put('acme')])).toHaveLength(1);
  });

  test('what a statement denies is allowed by no other', () => {
    const deny: Statement = { ...statement(['dynamodb:Put*'], [table]), Effect: 'Deny' };
    expect(missingRights([statement(['dynamodb:PutItem'], [table]), deny], [put('acme')])).toHaveLength(1);
    expect(unusedRights([deny], [])).toEqual([]);
  });

  test('a condition on a key holds for its values only, and not where the call has no such key', () => {
    const role = 'arn:aws:iam::123456789012:role/relay-sweep';
    const policy = [
      statement(['iam:CreateRole'], [role], { StringEquals: { 'iam:PermissionsBoundary': ['bounded'] } }),
      statement(['lambda:*'], ['*'], { ArnLike: { 'lambda:FunctionArn': ['function:relay-*'] } }),
    ];
    const create = { action: 'iam:CreateRole', resource: role, leadingKeys: [] };
    const update = { action: 'lambda:UpdateEventSourceMapping', resource: 'any', leadingKeys: [] };
    expect(
      missingRights(policy, [
        { ...create, context: { 'iam:PermissionsBoundary': 'bounded' } },
        { ...update, context: { 'lambda:FunctionArn': 'function:relay-sweep' } },
      ]),
    ).toEqual([]);
    expect(
      missingRights(policy, [
        { ...create, context: { 'iam:PermissionsBoundary': 'bounded-less' } },
        { ...update, context: { 'lambda:FunctionArn': 'function:other' } },
      ]),
    ).toHaveLength(2);
    expect(missingRights(policy, [create, update])).toHaveLength(2);
  });

  test('an unknown condition does not hold', () => {
    const role = [statement(['dynamodb:PutItem'], [table], { Bool: { 'aws:SecureTransport': ['true'] } })];
    expect(() => missingRights(role, [put('acme')])).toThrow('Bool');
  });

  test('a secret is found under the prefix of its stage only', () => {
    const arn = 'arn:aws:secretsmanager:eu-west-1:123456789012:secret:relay/prod/*';
    const role = [statement(['secretsmanager:GetSecretValue'], [arn])];
    const get = (SecretId: string) => toAwsCall('secretsmanager.GetSecretValue', { SecretId }, place);
    expect(missingRights(role, [get('relay/prod/acme')])).toEqual([]);
    expect(missingRights(role, [get('relay/production/acme')])).toHaveLength(1);
  });

  test('every action on every resource has to be of use', () => {
    const role = [statement(['dynamodb:PutItem', 'dynamodb:GetItem'], [table, `${table}/index/due`])];
    expect(unusedRights(role, [put('acme')])).toEqual([
      `dynamodb:PutItem on ${table}/index/due`,
      `dynamodb:GetItem on ${table}`,
      `dynamodb:GetItem on ${table}/index/due`,
    ]);
  });
});
