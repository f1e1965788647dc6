import { execFile } from 'node:child_process';
import { mkdtemp, readdir, readFile, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { z } from 'zod';
import { ledgerTable } from '../lib/aws/table.ts';

const run = promisify(execFile);
const root = join(import.meta.dirname, '..');

const resourceSchema = z.object({
  Type: z.string(),
  DeletionPolicy: z.string().optional(),
  Properties: z.record(z.string(), z.unknown()).default({}),
});
const templateSchema = z.object({ Resources: z.record(z.string(), resourceSchema) });
type Resource = z.infer<typeof resourceSchema>;

const statementSchema = z.object({
  Effect: z.literal('Allow'),
  Action: z.union([z.string(), z.array(z.string())]).transform((action) => [action].flat()),
  Resource: z.unknown(),
  Condition: z.unknown().optional(),
});
const roleSchema = z.object({
  Policies: z.array(z.object({ PolicyDocument: z.object({ Statement: z.array(statementSchema) }) })),
});
const functionSchema = z.object({
  Timeout: z.number(),
  MemorySize: z.number(),
  Runtime: z.string(),
  Architectures: z.array(z.string()),
  Role: z.object({ 'Fn::GetAtt': z.tuple([z.string(), z.literal('Arn')]) }),
  Environment: z.object({ Variables: z.record(z.string(), z.unknown()) }),
});

const packaged = async (stage: string, into: string) => {
  const env = { PATH: process.env.PATH, HOME: into, CI: 'true' };
  const osls = join(root, 'node_modules', 'serverless', 'bin', 'serverless.js');
  await run(process.execPath, [osls, 'package', '--stage', stage, '--package', into], { cwd: root, env });
  const text = await readFile(join(into, 'cloudformation-template-update-stack.json'), 'utf8');
  return templateSchema.parse(JSON.parse(text)).Resources;
};

describe('the stack that serverless.yml deploys', () => {
  let dir: string;
  let resources: Record<string, Resource>;

  beforeAll(async () => {
    dir = await mkdtemp(join(tmpdir(), 'serverless-test-'));
    resources = await packaged('prod', dir);
  }, 120_000);

  afterAll(() => rm(dir, { recursive: true }));

  const get = (id: string): Resource => {
    const resource = resources[id];
    if (resource === undefined) throw new Error(`The template has no ${id}`);
    return resource;
  };
  const ofType = (type: string) => Object.entries(resources).filter(([, { Type }]) => Type === type);
  const lambda = (id: string) => functionSchema.parse(get(`${id}LambdaFunction`).Properties);
  const doors = ['DomainDashadded', 'DomainDashremoved', 'SslDashretry'];
  const reads = ['DomainDashstatus', 'Connection'];
  const lambdas = [...doors, ...reads, 'SyncDashdomain', 'Sweep'];

  /** Actions of a function's role, each with the resource it is for. */
  const rights = (id: string) => {
    const [role] = lambda(id).Role['Fn::GetAtt'];
    return roleSchema
      .parse(get(role).Properties)
      .Policies.flatMap(({ PolicyDocument }) => PolicyDocument.Statement)
      .flatMap(({ Action, Resource, Condition }) =>
        Action.map((action) => ({
          action,
          on: JSON.stringify(Resource),
          ...(Condition === undefined ? {} : { if: Condition }),
        })),
      )
      .filter(({ action }) => !action.startsWith('logs:'));
  };

  test('has the functions, each on Node 24 and arm64', () => {
    expect(
      ofType('AWS::Lambda::Function')
        .map(([id]) => id)
        .sort(),
    ).toEqual(lambdas.map((id) => `${id}LambdaFunction`).sort());
    for (const id of lambdas) {
      expect(lambda(id)).toMatchObject({ Runtime: 'nodejs24.x', Architectures: ['arm64'] });
    }
  });

  test('has the routes of the contract and no other', () => {
    expect(
      ofType('AWS::ApiGatewayV2::Route')
        .map(([, { Properties }]) => Properties.RouteKey)
        .sort(),
    ).toEqual([
      'GET /{network}/connection',
      'GET /{network}/domains',
      'GET /{network}/domains/{domain}',
      'POST /{network}/domain-added',
      'POST /{network}/domain-removed',
      'POST /{network}/hooks/{token}/domain-created',
      'POST /{network}/ssl-retry',
    ]);
  });

  test('the access log names the route and never the path, which may hold a token', () => {
    const log = JSON.stringify(get('HttpApiStage').Properties.AccessLogSettings);
    expect(log).toContain('$context.routeKey');
    expect(log).not.toContain('$context.path');
    expect(get('HttpApiStage').Properties.DefaultRouteSettings).toMatchObject({
      ThrottlingBurstLimit: expect.any(Number),
      ThrottlingRateLimit: expect.any(Number),
    });
  });

  test('whatever is called over HTTP answers before the gateway gives up, and the sweep ends before the next one', () => {
    for (const id of [...doors, ...reads]) expect(lambda(id).Timeout).toBeLessThan(30);
    // A live read takes up to 25 s and then still has to be told.
    for (const id of reads) expect(lambda(id).Timeout).toBeGreaterThan(27);
    expect(lambda('Sweep').Timeout).toBeLessThan(60);
  });

  test('a message comes again after six timeouts of its function, five times, then it is a dead letter', () => {
    const { VisibilityTimeout, RedrivePolicy, MessageRetentionPeriod } = get('DomainQueue').Properties;
    expect(VisibilityTimeout).toBe(6 * lambda('SyncDashdomain').Timeout);
    expect(RedrivePolicy).toEqual({
      deadLetterTargetArn: { 'Fn::GetAtt': ['DomainDeadLetters', 'Arn'] },
      maxReceiveCount: 5,
    });
    expect(MessageRetentionPeriod).toBe(4 * 86_400);
    expect(get('DomainDeadLetters').Properties.MessageRetentionPeriod).toBe(14 * 86_400);
  });

  test('the worker takes one message a call, answers in part, and leaves room for the doors', () => {
    const [mapping, ...others] = ofType('AWS::Lambda::EventSourceMapping').map(
      ([, { Properties }]) => Properties,
    );
    expect(others).toEqual([]);
    expect(mapping).toMatchObject({
      EventSourceArn: { 'Fn::GetAtt': ['DomainQueue', 'Arn'] },
      BatchSize: 1,
      FunctionResponseTypes: ['ReportBatchItemFailures'],
      ScalingConfig: { MaximumConcurrency: 5 },
    });
  });

  test('the sweep runs every minute', () => {
    const rules = ofType('AWS::Events::Rule').map(([, { Properties }]) => Properties);
    expect(rules).toMatchObject([{ ScheduleExpression: 'rate(1 minute)', State: 'ENABLED' }]);
  });

  test('the table is the one that lib/aws reads and writes', () => {
    const { TableName: _, ...expected } = ledgerTable('ledger');
    expect(get('LedgerTable').Properties).toMatchObject(expected);
  });

  test('the table forgets what has expired, can be restored, is encrypted and not deleted by a slip', () => {
    const { DeletionPolicy, Properties } = get('LedgerTable');
    expect(DeletionPolicy).toMatch(/^Retain/);
    expect(Properties).toMatchObject({
      TimeToLiveSpecification: { AttributeName: 'expiresAt', Enabled: true },
      PointInTimeRecoverySpecification: { PointInTimeRecoveryEnabled: true },
      SSESpecification: { SSEEnabled: true },
      DeletionProtectionEnabled: true,
    });
  });

  test('every log ends some day', () => {
    const groups = ofType('AWS::Logs::LogGroup');
    expect(groups).toHaveLength(lambdas.length + 1);
    for (const [, { Properties }] of groups) expect(Properties.RetentionInDays).toBeGreaterThan(0);
  });

  test.each([
    ['DomainDashadded', ['DOMAIN_QUEUE_URL', 'LEDGER_TABLE', 'LOG_LEVEL', 'SECRET_PREFIX']],
    ['DomainDashremoved', ['DOMAIN_QUEUE_URL', 'LEDGER_TABLE', 'LOG_LEVEL', 'SECRET_PREFIX']],
    [
      'SslDashretry',
      ['CERTIFICATE_QUEUE_URL', 'DOMAIN_QUEUE_URL', 'LEDGER_TABLE', 'LOG_LEVEL', 'SECRET_PREFIX'],
    ],
    ['DomainDashstatus', ['LEDGER_TABLE', 'LOG_LEVEL', 'SECRET_PREFIX']],
    ['Connection', ['LEDGER_TABLE', 'LOG_LEVEL', 'SECRET_PREFIX']],
    [
      'SyncDashdomain',
      [
        'CERTIFICATE_QUEUE_URL',
        'DOMAIN_DLQ_URL',
        'DOMAIN_QUEUE_URL',
        'LEDGER_TABLE',
        'LOG_LEVEL',
        'SECRET_PREFIX',
      ],
    ],
    ['Sweep', ['CERTIFICATE_QUEUE_URL', 'DOMAIN_QUEUE_URL', 'LEDGER_TABLE', 'LOG_LEVEL']],
  ])('%s is told what it uses', (id, variables) => {
    expect(Object.keys(lambda(id).Environment.Variables).sort()).toEqual(variables);
  });

  test('secrets are named after the stage', () => {
    expect(lambda('DomainDashadded').Environment.Variables).toMatchObject({
      SECRET_PREFIX: 'runcloud-relay/prod',
    });
  });

  test('every function has a role of its own, and no role may do anything at will', () => {
    const roles = ofType('AWS::IAM::Role').map(([id]) => id);
    expect(roles.sort()).toEqual(lambdas.map((id) => lambda(id).Role['Fn::GetAtt'][0]).sort());
    for (const [, { Properties }] of ofType('AWS::IAM::Role')) {
      for (const { PolicyDocument } of roleSchema.parse(Properties).Policies) {
        for (const { Action, Resource } of PolicyDocument.Statement) {
          expect(Action.filter((action) => action.includes('*'))).toEqual([]);
          expect(JSON.stringify(Resource)).not.toMatch(/^"\*"|\["\*"/);
        }
      }
    }
  });

  const table = JSON.stringify({ 'Fn::GetAtt': ['LedgerTable', 'Arn'] });
  const queue = JSON.stringify({ 'Fn::GetAtt': ['DomainQueue', 'Arn'] });
  const certificateQueue = JSON.stringify({ 'Fn::GetAtt': ['CertificateQueue', 'Arn'] });
  const letters = JSON.stringify({ 'Fn::GetAtt': ['DomainDeadLetters', 'Arn'] });
  const secrets = expect.stringContaining(':secret:runcloud-relay/prod/*');

  test.each(reads)('%s reads, and writes nothing but the pace of a credential', (id) => {
    expect(rights(id)).toEqual([
      { action: 'secretsmanager:GetSecretValue', on: secrets },
      { action: 'dynamodb:GetItem', on: table },
      { action: 'dynamodb:Query', on: table },
      {
        action: 'dynamodb:PutItem',
        on: table,
        if: { 'ForAllValues:StringLike': { 'dynamodb:LeadingKeys': ['token#*'] } },
      },
    ]);
  });

  test.each(doors)('%s has the rights of a door', (id) => {
    expect(rights(id)).toEqual([
      { action: 'secretsmanager:GetSecretValue', on: secrets },
      { action: 'dynamodb:GetItem', on: table },
      { action: 'dynamodb:PutItem', on: table },
      { action: 'sqs:SendMessage', on: queue },
      ...(id === 'SslDashretry' ? [{ action: 'sqs:SendMessage', on: certificateQueue }] : []),
    ]);
  });

  test('the worker reads its queue, writes the ledger and sends letters', () => {
    expect(rights('SyncDashdomain')).toEqual([
      { action: 'secretsmanager:GetSecretValue', on: secrets },
      { action: 'dynamodb:GetItem', on: table },
      { action: 'dynamodb:PutItem', on: table },
      { action: 'dynamodb:Query', on: table },
      { action: 'sqs:ReceiveMessage', on: queue },
      { action: 'sqs:DeleteMessage', on: queue },
      { action: 'sqs:GetQueueAttributes', on: queue },
      { action: 'sqs:SendMessage', on: letters },
      { action: 'sqs:SendMessage', on: certificateQueue },
    ]);
  });

  test('the sweep reads no secret', () => {
    expect(rights('Sweep').map(({ action }) => action)).toEqual([
      'dynamodb:GetItem',
      'dynamodb:PutItem',
      'dynamodb:Query',
      'sqs:SendMessage',
      'sqs:SendMessage',
    ]);
  });

  test.each([
    ['DeadLettersAlarm', 'ApproximateNumberOfMessagesVisible', 'DomainDeadLetters', 1],
    ['OldestHintAlarm', 'ApproximateAgeOfOldestMessage', 'DomainQueue', 3_600],
  ])('%s watches %s of %s and tells the topic', (id, metric, queueId, threshold) => {
    expect(get(id).Properties).toMatchObject({
      Namespace: 'AWS/SQS',
      MetricName: metric,
      Dimensions: [{ Name: 'QueueName', Value: { 'Fn::GetAtt': [queueId, 'QueueName'] } }],
      Threshold: threshold,
      AlarmActions: [{ Ref: 'AlarmTopic' }],
    });
  });

  test('an alarm tells that a network was paused, under the very names the worker counts with', () => {
    expect(get('NetworkPausedAlarm').Properties).toMatchObject({
      Namespace: 'runcloud-relay',
      MetricName: 'outcomes',
      Dimensions: [
        { Name: 'function', Value: { Ref: 'SyncDashdomainLambdaFunction' } },
        { Name: 'outcome', Value: 'network-paused' },
      ],
      AlarmActions: [{ Ref: 'AlarmTopic' }],
    });
  });

  test('calls are counted for each route', () => {
    expect(get('HttpApiStage').Properties.DefaultRouteSettings).toMatchObject({
      DetailedMetricsEnabled: true,
    });
  });

  test('each function is packed alone, small enough for a quick cold start', async () => {
    const zips = (await readdir(dir)).filter((file) => file.endsWith('.zip'));
    expect(zips.sort()).toEqual([
      'connection.zip',
      'domain-added.zip',
      'domain-removed.zip',
      'domain-status.zip',
      'ssl-retry.zip',
      'sweep.zip',
      'sync-domain.zip',
    ]);
    for (const zip of zips) expect((await stat(join(dir, zip))).size).toBeLessThan(500 * 1024);
  });
});
