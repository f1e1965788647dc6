import { readdir, readFile, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, test } from '@jest/globals';
import { z } from 'zod';
import { idleBill, sum } from '../bench/idle/bill.ts';
import { billable } from '../bench/idle/billable.ts';
import { ledgerTable } from '../lib/aws/table.ts';
import { lineFields } from '../lib/observability/log.ts';
import { alarms } from './deploy/rules/alarms.ts';
import { allowed } from './deploy/rules/roles.ts';
import { resolved } from './deploy/template/resolved.ts';
import { arnOwner, ofType, ref, type Template } from './deploy/template/template.ts';
import { alarmTests } from './serverless/alarms.ts';
import { apiTests } from './serverless/api.ts';
import { ownKeyTests } from './serverless/own-key.ts';
import { packaged, packagedStack } from './serverless/packaged-stack.ts';
import { queueTests } from './serverless/queues.ts';
import { roleTests } from './serverless/roles.ts';

const apis = ['DomainDashadded', 'DomainDashremoved', 'SslDashretry'];
const reads = ['DomainDashstatus', 'Connection'];
const workers = ['SyncDashdomain', 'SecureDashdomains', 'PostDashoutcome'];
const lambdas = Object.keys(allowed);

describe('the stack that serverless.yml deploys', () => {
  const stack = packagedStack();
  const { propertiesOf, lambda } = stack;

  test('has the functions, each on Node 24 and arm64, none with a share of the account of its own', () => {
    expect(ofType(stack.template, 'AWS::Lambda::Function').map(([id]) => id)).toEqual(
      expect.arrayContaining(lambdas.map((id) => `${id}LambdaFunction`)),
    );
    expect(ofType(stack.template, 'AWS::Lambda::Function')).toHaveLength(lambdas.length);
    for (const id of lambdas) {
      expect(lambda(id)).toMatchObject({ Runtime: 'nodejs24.x', Architectures: ['arm64'] });
    }
  });

  roleTests(stack);

  queueTests(stack);

  alarmTests(stack);

  apiTests(stack);

  ownKeyTests(stack);

  test('every role has the boundary that is set, and none where none is', () => {
    const RolesBoundaryArn = 'arn:aws:iam::123456789012:policy/relay-boundary-prod';
    const bounded = ofType(resolved(stack.written, { RolesBoundaryArn }), 'AWS::IAM::Role');
    expect(bounded.map(([, { PermissionsBoundary }]) => PermissionsBoundary)).toEqual(
      lambdas.map(() => ref('RolesBoundaryArn')),
    );
    for (const [, role] of ofType(stack.template, 'AWS::IAM::Role'))
      expect(role).not.toHaveProperty('PermissionsBoundary');
  });

  test('each function has a share of the account only where that is asked for; workers have theirs in full', () => {
    const shared = resolved(stack.written, { ReservedConcurrency: 'true' });
    const shares = new Map(
      lambdas.map((id) => [id, propertiesOf(`${id}LambdaFunction`, shared).ReservedConcurrentExecutions]),
    );
    expect([...shares.values()].every((share) => Number(share) > 0)).toBe(true);
    const bounds = ofType(shared, 'AWS::Lambda::EventSourceMapping').map(
      ([, { FunctionName, ScalingConfig }]) => [
        arnOwner(FunctionName)?.replace(/LambdaFunction$/, ''),
        z.object({ MaximumConcurrency: z.number() }).parse(ScalingConfig).MaximumConcurrency,
      ],
    );
    expect(bounds).toEqual(workers.map((id) => [id, shares.get(id)]));
  });

  test('a sweep that failed is neither repeated nor kept for later, because the next one does its work', () => {
    expect(
      ofType(stack.template, 'AWS::Lambda::EventInvokeConfig').map(([, config]) => config),
    ).toMatchObject([
      { FunctionName: ref('SweepLambdaFunction'), MaximumRetryAttempts: 0, MaximumEventAgeInSeconds: 60 },
    ]);
  });

  test('what a deploy uploads is closed to the public', () => {
    expect(propertiesOf('ServerlessDeploymentBucket').PublicAccessBlockConfiguration).toEqual({
      BlockPublicAcls: true,
      BlockPublicPolicy: true,
      IgnorePublicAcls: true,
      RestrictPublicBuckets: true,
    });
  });

  test('the stack tells its service and its stage to everything in it', async () => {
    const state = await readFile(join(stack.dir, 'prod', 'serverless-state.json'), 'utf8');
    expect(JSON.parse(state)).toMatchObject({
      service: { provider: { stackTags: { service: 'runcloud-relay', stage: 'prod' } } },
    });
  });

  test('whatever is called over HTTP answers before the gateway gives up, and the sweep ends before the next one', () => {
    for (const id of [...apis, ...reads]) expect(lambda(id).Timeout).toBeLessThan(30);
    // A live read takes up to 25 s and then still has to be answered.
    for (const id of reads) expect(lambda(id).Timeout).toBeGreaterThan(27);
    expect(lambda('Sweep').Timeout).toBeLessThan(60);
  });

  test('a function that a caller waits for has more CPU than one that waits for RunCloud', () => {
    for (const id of [...apis, ...reads]) expect(lambda(id).MemorySize).toBe(512);
    for (const id of [...workers, 'Sweep']) expect(lambda(id).MemorySize).toBe(256);
  });

  test('the sweep runs every minute', () => {
    const rules = ofType(stack.template, 'AWS::Events::Rule').map(([, properties]) => properties);
    expect(rules).toMatchObject([{ ScheduleExpression: 'rate(1 minute)', State: 'ENABLED' }]);
  });

  test('the table is the one that lib/aws reads and writes', () => {
    const { TableName: _, ...expected } = ledgerTable('ledger');
    expect(propertiesOf('LedgerTable')).toMatchObject(expected);
  });

  test('the table forgets what has expired, can be restored, is encrypted and not deleted by a slip', () => {
    expect(stack.template.Resources.LedgerTable).toMatchObject({
      DeletionPolicy: 'Delete',
      UpdateReplacePolicy: 'Retain',
    });
    expect(propertiesOf('LedgerTable')).toMatchObject({
      TimeToLiveSpecification: { AttributeName: 'expiresAt', Enabled: true },
      PointInTimeRecoverySpecification: { PointInTimeRecoveryEnabled: true },
      SSESpecification: { SSEEnabled: true },
      DeletionProtectionEnabled: true,
    });
  });

  test('every log ends some day', () => {
    const groups = ofType(stack.template, 'AWS::Logs::LogGroup');
    expect(groups).toHaveLength(lambdas.length + 1);
    for (const [, { RetentionInDays }] of groups) expect(RetentionInDays).toBeGreaterThan(0);
  });

  const everywhere = ['LEDGER_TABLE', 'LOG_LEVEL', 'METRIC_GROUP'];
  const api = [...everywhere, 'DOMAIN_QUEUE_URL', 'SECRET_PREFIX'];
  test.each([
    ['DomainDashadded', api],
    ['DomainDashremoved', api],
    ['SslDashretry', [...api, 'CERTIFICATE_QUEUE_URL']],
    ['DomainDashstatus', [...everywhere, 'SECRET_PREFIX']],
    ['Connection', [...everywhere, 'SECRET_PREFIX']],
    [
      'SyncDashdomain',
      [
        ...api,
        'DOMAIN_DLQ_URL',
        'CERTIFICATE_QUEUE_URL',
        'OUTCOME_QUEUE_URL',
        'SUCCESS_NOTICES',
        'DRIFT_DRY_RUN',
      ],
    ],
    [
      'SecureDashdomains',
      [
        ...everywhere,
        'SECRET_PREFIX',
        'CERTIFICATE_QUEUE_URL',
        'CERTIFICATE_DLQ_URL',
        'OUTCOME_QUEUE_URL',
        'SUCCESS_NOTICES',
      ],
    ],
    ['PostDashoutcome', [...everywhere, 'SECRET_PREFIX', 'OUTCOME_DLQ_URL']],
    [
      'Sweep',
      [
        ...everywhere,
        ...['DOMAIN', 'CERTIFICATE', 'OUTCOME'].flatMap((of) => [`${of}_QUEUE_URL`, `${of}_DLQ_URL`]),
        'NOTICE_TOPIC_ARN',
      ],
    ],
  ])('%s is told what it uses', (id, variables) => {
    expect(Object.keys(lambda(id).Environment.Variables).sort()).toEqual(variables.toSorted());
  });

  test('secrets are named after the stage', () => {
    expect(lambda('DomainDashadded').Environment.Variables).toMatchObject({
      SECRET_PREFIX: 'runcloud-relay/prod',
    });
  });

  test('no action is a star but in what is denied', () => {
    const statementsSchema = z.object({
      PolicyDocument: z.object({ Statement: z.array(z.looseObject({ Effect: z.string() })) }),
    });
    const documents = [
      ...ofType(stack.template, 'AWS::SQS::QueuePolicy').map(([, policy]) => policy),
      ...ofType(stack.template, 'AWS::IAM::Role').flatMap(([, { Policies }]) =>
        z.array(z.unknown()).parse(Policies),
      ),
    ];
    const starred = documents
      .flatMap((document) => statementsSchema.parse(document).PolicyDocument.Statement)
      .filter(({ Action }) => JSON.stringify(Action).includes('*'));
    expect(starred).toMatchObject([{ Effect: 'Deny', Action: 'sqs:*' }]);
  });

  test('the stack makes no secret', () => {
    expect(ofType(stack.template, 'AWS::SecretsManager::Secret')).toEqual([]);
  });

  test('one dashboard, where it is asked for, shows every alarm, queue and function; saved queries the life of a domain', () => {
    expect(ofType(stack.template, 'AWS::CloudWatch::Dashboard')).toEqual([]);
    const shown = resolved(stack.written, { ShowDashboard: 'true' });
    const [[, dashboard] = [], ...others] = ofType(shown, 'AWS::CloudWatch::Dashboard');
    expect(others).toEqual([]);
    const { 'Fn::Sub': body } = z.object({ 'Fn::Sub': z.string() }).parse(dashboard?.DashboardBody);
    const { widgets } = z.object({ widgets: z.array(z.unknown()) }).parse(JSON.parse(body));
    expect(widgets.length).toBeGreaterThan(10);
    // A name with a hyphen has to stand in quotes there, or nothing is found.
    const searches = JSON.stringify(widgets).match(/SEARCH\('\{[^}]*\}/g) ?? [];
    expect(new Set(searches)).toEqual(new Set([`SEARCH('{\\"runcloud-relay\\",function,outcome}`]));
    for (const id of Object.keys(alarms)) expect(body).toContain(`:alarm:${propertiesOf(id).AlarmName}"`);
    for (const [id] of ofType(stack.template, 'AWS::SQS::Queue'))
      expect(body).toContain(`\${${id}.QueueName}`);
    const names = ofType(stack.template, 'AWS::Lambda::Function').map(([, { FunctionName }]) => FunctionName);
    for (const name of names) expect(body).toContain(`"${name}"`);
    const queries = ofType(stack.template, 'AWS::Logs::QueryDefinition').map(([, { Name }]) => Name);
    expect(queries).toEqual([
      'runcloud-relay/prod/the life of one domain',
      'runcloud-relay/prod/the life of one event',
    ]);
  });

  test('a stage in which nothing happens is billed for no more than these', () => {
    expect(billable(stack.template)).toEqual({
      alarmMetrics: 35,
      dashboards: 0,
      polledQueues: 3,
      callsEachMinute: 1,
    });
    const sweep = { reads: 7, writes: 2 };
    expect(sum(idleBill(billable(stack.template), sweep))).toBeLessThan(5);
  });

  test('saved queries ask for nothing that no line holds', () => {
    const queries = ofType(stack.template, 'AWS::Logs::QueryDefinition').map(([, { QueryString }]) =>
      z.string().parse(QueryString),
    );
    expect(queries).toHaveLength(2);
    // What is between quotes is a value; `@` is what CloudWatch itself adds.
    const asked = queries.flatMap((query) =>
      query
        .replace(/"[^"]*"/g, '')
        .split('\n')
        .filter((line) => /^\|? ?(fields|filter) /.test(line))
        .flatMap((line) => line.match(/[@\w]+/g) ?? []),
    );
    const updates = ['fields', 'filter', 'and', 'not', 'ispresent'];
    const fields = asked.filter((name) => !name.startsWith('@') && !updates.includes(name));
    expect(fields).toEqual(expect.arrayContaining(['network', 'domain', 'webhookId', 'outcome']));
    expect(fields.filter((name) => !lineFields.includes(name))).toEqual([]);
  });

  test('each function is packed alone, small enough for a quick cold start', async () => {
    const zips = (await readdir(join(stack.dir, 'prod'))).filter((file) => file.endsWith('.zip'));
    expect(zips).toHaveLength(lambdas.length);
    for (const zip of zips) expect((await stat(join(stack.dir, 'prod', zip))).size).toBeLessThan(500 * 1024);
  });

  test('stages differ in what the params say, and in nothing else', async () => {
    const dev = await packaged('dev', join(stack.dir, 'dev'));
    const plain = (of: Template): unknown =>
      JSON.parse(
        JSON.stringify(of.Resources)
          .replace(/\b(prod|dev)\b/g, 'stage')
          .replace(/LambdaVersion\w+/g, 'LambdaVersion')
          .replace(/"CodeSha256":"[^"]*"/g, '"CodeSha256":""')
          .replace(/"S3Key":"[^"]*"/g, '"S3Key":""')
          .replace(/"LOG_LEVEL":"\w+"/g, '"LOG_LEVEL":""')
          .replace(/"RetentionInDays":\d+/g, '"RetentionInDays":0')
          .replace(/"DeletionProtectionEnabled":\w+/g, '"DeletionProtectionEnabled":0'),
      );
    expect(plain(dev)).toEqual(plain(stack.written));
  });
});
