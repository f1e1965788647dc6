import { mkdtemp, readdir, readFile, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { z } from 'zod';
import { idleBill, sum } from '../bench/idle/bill.ts';
import { billable } from '../bench/idle/billable.ts';
import { ledgerTable } from '../lib/aws/table.ts';
import { lineFields } from '../lib/observability/log.ts';
import { outcomesByGroup } from '../lib/observability/metrics.ts';
import { alarmFaults, alarms } from './deploy/rules/alarms.ts';
import { apiFaults } from './deploy/rules/api.ts';
import { queueFaults } from './deploy/rules/queues.ts';
import { allowed, roleFaults } from './deploy/rules/roles.ts';
import { serverless } from './deploy/template/osls.ts';
import { resolved } from './deploy/template/resolved.ts';
import {
  arnOwner,
  ofType,
  type Properties,
  parseTemplate,
  ref,
  type Template,
} from './deploy/template/template.ts';

const functionSchema = z.object({
  Timeout: z.number(),
  MemorySize: z.number(),
  Runtime: z.string(),
  Architectures: z.array(z.string()),
  ReservedConcurrentExecutions: z.undefined().optional(),
  Environment: z.object({ Variables: z.record(z.string(), z.unknown()) }),
});

async function packaged(stage: string, into: string): Promise<Template> {
  await serverless(['package', '--stage', stage, '--package', into]);
  return parseTemplate(await readFile(join(into, 'cloudformation-template-update-stack.json'), 'utf8'));
}

const apis = ['DomainDashadded', 'DomainDashremoved', 'SslDashretry'];
const reads = ['DomainDashstatus', 'Connection'];
const workers = ['SyncDashdomain', 'SecureDashdomains', 'PostDashoutcome'];
const lambdas = Object.keys(allowed);

describe('the stack that serverless.yml deploys', () => {
  let dir: string;
  /** As osls writes it, with CloudFormation's conditions. */
  let written: Template;
  /** As CloudFormation reads it where no parameter is set. */
  let template: Template;

  beforeAll(async () => {
    dir = await mkdtemp(join(tmpdir(), 'serverless-test-'));
    written = await packaged('prod', join(dir, 'prod'));
    template = resolved(written);
  });

  afterAll(() => rm(dir, { recursive: true }));

  const propertiesOf = (id: string, of = template): Properties => {
    const resource = of.Resources[id];
    if (resource === undefined) throw new Error(`The template has no ${id}`);
    return resource.Properties;
  };
  const lambda = (id: string) => functionSchema.parse(propertiesOf(`${id}LambdaFunction`));

  /** The template after a mistake by hand. */
  const spoiled = (slip: (resources: Template['Resources']) => void): Template => {
    const copy = structuredClone(template);
    slip(copy.Resources);
    return copy;
  };

  /** Puts `next` in place of the first `before` in what is written of a resource. */
  const replaced = (id: string, before: string, next: string): Template =>
    spoiled((resources) => {
      const written = JSON.stringify(resources[id]);
      expect(written).toContain(before);
      resources[id] = JSON.parse(written.replace(before, next));
    });

  test('has the functions, each on Node 24 and arm64, none with a share of the account of its own', () => {
    expect(ofType(template, 'AWS::Lambda::Function').map(([id]) => id)).toEqual(
      expect.arrayContaining(lambdas.map((id) => `${id}LambdaFunction`)),
    );
    expect(ofType(template, 'AWS::Lambda::Function')).toHaveLength(lambdas.length);
    for (const id of lambdas) {
      expect(lambda(id)).toMatchObject({ Runtime: 'nodejs24.x', Architectures: ['arm64'] });
    }
  });

  describe('roles', () => {
    test('allow each function what it needs on what it needs it for', () => {
      expect(roleFaults(template)).toEqual([]);
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

  describe('queues', () => {
    test('are encrypted, over TLS only, seen again after six timeouts and given up after five', () => {
      expect(queueFaults(template)).toEqual([]);
    });

    test.each([
      ['a redrive policy goes', 'DomainQueue', 'RedrivePolicy', 'NoPolicy'],
      ['dead letters go nowhere', 'CertificateQueue', '"CertificateDeadLetters"', '"LedgerTable"'],
      ['the tries change', 'DomainQueue', '"maxReceiveCount":5', '"maxReceiveCount":50'],
      ['a message comes back too early', 'CertificateQueue', '1800', '300'],
      ['dead letters are lost too early', 'CertificateDeadLetters', '1209600', '345600'],
      [
        'a queue is not encrypted',
        'DomainQueue',
        '"SqsManagedSseEnabled":true',
        '"SqsManagedSseEnabled":false',
      ],
      ['one may be called in the open', 'QueuesOverTls', '{"Ref":"CertificateQueue"},', ''],
      ['a policy allows', 'QueuesOverTls', '"Deny"', '"Allow"'],
      [
        'a batch is answered as a whole',
        'SyncDashdomainEventSourceMappingSQSDomainQueue',
        '"ReportBatchItemFailures"',
        '',
      ],
      [
        'workers take all calls of a new account',
        'SyncDashdomainEventSourceMappingSQSDomainQueue',
        '"MaximumConcurrency":3',
        '"MaximumConcurrency":4',
      ],
      [
        'workers have no bound',
        'SecureDashdomainsEventSourceMappingSQSCertificateQueue',
        'ScalingConfig',
        'Config',
      ],
    ])('are found faulty when %s', (_, id, before, next) => {
      expect(queueFaults(replaced(id, before, next))).not.toEqual([]);
    });
  });

  describe('alarms', () => {
    test('watch what the service counts, and notify the topic', () => {
      expect(alarmFaults(template)).toEqual([]);
    });

    test.each(Object.keys(alarms))('%s is missed when it goes, and when it notifies no topic', (id) => {
      expect(alarmFaults(spoiled((resources) => delete resources[id]))).toHaveLength(1);
      expect(alarmFaults(replaced(id, '"AlarmActions":[{"Ref":"AlarmTopic"}]', '"AlarmActions":[]'))).toEqual(
        [`${id} does not notify the topic`],
      );
    });

    test.each([
      [
        'a function is watched no longer',
        'FunctionErrorsAlarm',
        '"Ref":"SweepLambdaFunction"',
        '"Ref":"Gone"',
      ],
      ['an API handler is watched no longer', 'ApiFaultsAlarm', '/ssl-retry', '/other'],
      ['a logged text is another', 'NetworkPausedAlarm', '"Value":"network-paused"', '"Value":"paused"'],
      [
        'it watches the other group',
        'UnauthorizedAlarm',
        'runcloud-relay-prod-api',
        'runcloud-relay-prod-workers',
      ],
      ['a dimension has a name that nothing counts by', 'OrderBudgetAlarm', '"function"', '"Function"'],
      ['it takes too much', 'UnavailableAlarm', '"Threshold":1', '"Threshold":1000'],
      ['it takes too long', 'UnavailableAlarm', '"EvaluationPeriods":2', '"EvaluationPeriods":20'],
      ['it waits for less', 'DeadLettersAlarm', 'GreaterThanOrEqualTo', 'LessThanOrEqualTo'],
      ['what is there is told, not what is new', 'DeadLettersAlarm', 'DIFF(visible1)', 'MAX(visible1)'],
      ['it adds up what is no sum', 'QuotaAlarm', 'MAX(METRICS())', 'SUM(METRICS())'],
      ['silence is taken for good news', 'SweepSilentAlarm', '"breaching"', '"notBreaching"'],
      [
        'it says over of what may last',
        'NetworkPausedAlarm',
        '"AlarmActions"',
        '"OKActions":[{"Ref":"AlarmTopic"}],"AlarmActions"',
      ],
    ])('are found faulty when %s', (_, id, before, next) => {
      expect(alarmFaults(replaced(id, before, next))).not.toEqual([]);
    });

    test('that watch a group watch what its functions count by group', () => {
      const byGroup = Object.values(alarms).flatMap(({ watches }) =>
        watches.flatMap(({ name, of }) => (name.endsWith('outcomes') && 'group' in of ? [of] : [])),
      );
      expect(new Set(byGroup.map(({ outcome }) => outcome))).toEqual(outcomesByGroup);
      const groups = new Set(lambdas.map((id) => lambda(id).Environment.Variables.METRIC_GROUP));
      for (const { group } of byGroup) expect(groups).toContain(group);
    });

    test('are mailed where an address is given', () => {
      expect(ofType(template, 'AWS::SNS::Subscription')).toEqual([]);
      const mailed = resolved(written, { AlarmEmail: 'ops@example.org' });
      expect(mailed.Resources.AlarmMail).toMatchObject({
        Type: 'AWS::SNS::Subscription',
        Properties: { Protocol: 'email', TopicArn: ref('AlarmTopic'), Endpoint: ref('AlarmEmail') },
      });
    });

    test('none of them fires for a customer whose DNS points elsewhere', () => {
      const watched = JSON.stringify(ofType(template, 'AWS::CloudWatch::Alarm'));
      expect(watched).not.toMatch(/dns/i);
    });
  });

  describe('the API', () => {
    const named = { DomainName: 'relay.network.example' };

    test('has the routes of the contract, bounded one by one, and logs no path', () => {
      expect(apiFaults(template)).toEqual([]);
    });

    test.each([
      ['a path is logged', 'HttpApiStage', '$context.routeKey', '$context.routeKey $context.path'],
      ['the caller is not logged', 'HttpApiStage', '$context.identity.sourceIp', ''],
      [
        'two routes share a bound',
        'HttpApiStage',
        '"POST /{network}/ssl-retry":{',
        '"POST /{network}/other":{',
      ],
      [
        'one dashboard spends a bound',
        'HttpApiStage',
        '"ThrottlingBurstLimit":20',
        '"ThrottlingBurstLimit":5',
      ],
      ['a route loses its bound', 'HttpApiStage', '"ThrottlingRateLimit":10', '"NoLimit":10'],
      [
        'the stage may come before a route',
        'HttpApiStage',
        '"HttpApiRouteGetNetworkVarConnection"',
        '"HttpApi"',
      ],
      ['a route is another', 'HttpApiRouteGetNetworkVarConnection', '/connection', '/connections'],
      ['any caller may call', 'ConnectionLambdaPermissionHttpApi', '"Ref":"HttpApi"', '"Ref":"Other"'],
    ])('is found faulty when %s', (_, id, before, next) => {
      expect(apiFaults(replaced(id, before, next))).not.toEqual([]);
    });

    test('has a name of its own only where one is given', () => {
      for (const DomainName of ['', 'none']) {
        const { Resources } = resolved(written, { DomainName });
        expect(Resources).not.toHaveProperty('ApiDomainName');
        expect(Resources.HttpApi?.Properties).toHaveProperty('DisableExecuteApiEndpoint', false);
      }
      const { Resources } = resolved(written, named);
      expect(Resources.ApiDomainName).toMatchObject({ Type: 'AWS::ApiGatewayV2::DomainName' });
      expect(Resources.ApiMapping).toMatchObject({ Type: 'AWS::ApiGatewayV2::ApiMapping' });
    });

    test('is closed at its name from AWS beside a name of its own, unless that is to stay', () => {
      const isClosed = (KeepDefaultAddress: string) =>
        resolved(written, { ...named, KeepDefaultAddress }).Resources.HttpApi?.Properties
          .DisableExecuteApiEndpoint;
      expect(isClosed('')).toBe(true);
      expect(isClosed('false')).toBe(true);
      expect(isClosed('true')).toBe(false);
    });
  });

  describe('a key of its own', () => {
    const KmsKeyArn = 'arn:aws:kms:eu-west-1:123456789012:key/5b1c7d2e-8f43-4a0a-9a55-1f0c3d2b4e6f';
    const grantSchema = z.object({
      Roles: z.array(z.object({ Ref: z.string() })),
      PolicyDocument: z.object({
        Statement: z.array(z.object({ Action: z.string(), Resource: z.unknown() })),
      }),
    });

    test('encrypts the table and every queue, in place of the key of AWS', () => {
      const { LedgerTable, ...others } = resolved(written, { KmsKeyArn }).Resources;
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
      const grants = ofType(resolved(written, { KmsKeyArn }), 'AWS::IAM::Policy').map(([, policy]) =>
        grantSchema.parse(policy),
      );
      const rolesWith = (action: string) =>
        grants
          .filter(({ PolicyDocument: { Statement } }) => Statement.some(({ Action }) => Action === action))
          .flatMap(({ Roles }) => Roles.map(({ Ref }) => Ref))
          .toSorted();
      const roles = ofType(template, 'AWS::IAM::Role');
      const sends = ([, role]: [string, Properties]) => JSON.stringify(role).includes('sqs:SendMessage');
      const ids = (of: [string, Properties][]) => of.map(([id]) => id).toSorted();
      expect(rolesWith('kms:Decrypt')).toEqual(ids(roles));
      expect(rolesWith('kms:GenerateDataKey')).toEqual(ids(roles.filter(sends)));
      for (const { PolicyDocument } of grants) {
        for (const { Resource } of PolicyDocument.Statement) expect(Resource).toEqual(ref('KmsKeyArn'));
      }
    });

    test('grants nothing where there is none', () => {
      expect(ofType(template, 'AWS::IAM::Policy')).toEqual([]);
      expect(ofType(resolved(written, { KmsKeyArn: 'none' }), 'AWS::IAM::Policy')).toEqual([]);
    });
  });

  test('every role has the boundary that is set, and none where none is', () => {
    const RolesBoundaryArn = 'arn:aws:iam::123456789012:policy/relay-boundary-prod';
    const bounded = ofType(resolved(written, { RolesBoundaryArn }), 'AWS::IAM::Role');
    expect(bounded.map(([, { PermissionsBoundary }]) => PermissionsBoundary)).toEqual(
      lambdas.map(() => ref('RolesBoundaryArn')),
    );
    for (const [, role] of ofType(template, 'AWS::IAM::Role'))
      expect(role).not.toHaveProperty('PermissionsBoundary');
  });

  test('each function has a share of the account only where that is asked for; workers have theirs in full', () => {
    const shared = resolved(written, { ReservedConcurrency: 'true' });
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
    expect(ofType(template, 'AWS::Lambda::EventInvokeConfig').map(([, config]) => config)).toMatchObject([
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
    const state = await readFile(join(dir, 'prod', 'serverless-state.json'), 'utf8');
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
    const rules = ofType(template, 'AWS::Events::Rule').map(([, properties]) => properties);
    expect(rules).toMatchObject([{ ScheduleExpression: 'rate(1 minute)', State: 'ENABLED' }]);
  });

  test('the table is the one that lib/aws reads and writes', () => {
    const { TableName: _, ...expected } = ledgerTable('ledger');
    expect(propertiesOf('LedgerTable')).toMatchObject(expected);
  });

  test('the table forgets what has expired, can be restored, is encrypted and not deleted by a slip', () => {
    expect(template.Resources.LedgerTable).toMatchObject({
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
    const groups = ofType(template, 'AWS::Logs::LogGroup');
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
      ...ofType(template, 'AWS::SQS::QueuePolicy').map(([, policy]) => policy),
      ...ofType(template, 'AWS::IAM::Role').flatMap(([, { Policies }]) =>
        z.array(z.unknown()).parse(Policies),
      ),
    ];
    const starred = documents
      .flatMap((document) => statementsSchema.parse(document).PolicyDocument.Statement)
      .filter(({ Action }) => JSON.stringify(Action).includes('*'));
    expect(starred).toMatchObject([{ Effect: 'Deny', Action: 'sqs:*' }]);
  });

  test('the stack makes no secret', () => {
    expect(ofType(template, 'AWS::SecretsManager::Secret')).toEqual([]);
  });

  test('one dashboard, where it is asked for, shows every alarm, queue and function; saved queries the life of a domain', () => {
    expect(ofType(template, 'AWS::CloudWatch::Dashboard')).toEqual([]);
    const shown = resolved(written, { ShowDashboard: 'true' });
    const [[, dashboard] = [], ...others] = ofType(shown, 'AWS::CloudWatch::Dashboard');
    expect(others).toEqual([]);
    const { 'Fn::Sub': body } = z.object({ 'Fn::Sub': z.string() }).parse(dashboard?.DashboardBody);
    const { widgets } = z.object({ widgets: z.array(z.unknown()) }).parse(JSON.parse(body));
    expect(widgets.length).toBeGreaterThan(10);
    // A name with a hyphen has to stand in quotes there, or nothing is found.
    const searches = JSON.stringify(widgets).match(/SEARCH\('\{[^}]*\}/g) ?? [];
    expect(new Set(searches)).toEqual(new Set([`SEARCH('{\\"runcloud-relay\\",function,outcome}`]));
    for (const id of Object.keys(alarms)) expect(body).toContain(`:alarm:${propertiesOf(id).AlarmName}"`);
    for (const [id] of ofType(template, 'AWS::SQS::Queue')) expect(body).toContain(`\${${id}.QueueName}`);
    const names = ofType(template, 'AWS::Lambda::Function').map(([, { FunctionName }]) => FunctionName);
    for (const name of names) expect(body).toContain(`"${name}"`);
    const queries = ofType(template, 'AWS::Logs::QueryDefinition').map(([, { Name }]) => Name);
    expect(queries).toEqual([
      'runcloud-relay/prod/the life of one domain',
      'runcloud-relay/prod/the life of one event',
    ]);
  });

  test('a stage in which nothing happens is billed for no more than these', () => {
    expect(billable(template)).toEqual({
      alarmMetrics: 35,
      dashboards: 0,
      polledQueues: 3,
      callsEachMinute: 1,
    });
    const sweep = { reads: 7, writes: 2 };
    expect(sum(idleBill(billable(template), sweep))).toBeLessThan(5);
  });

  test('saved queries ask for nothing that no line holds', () => {
    const queries = ofType(template, 'AWS::Logs::QueryDefinition').map(([, { QueryString }]) =>
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
    const zips = (await readdir(join(dir, 'prod'))).filter((file) => file.endsWith('.zip'));
    expect(zips).toHaveLength(lambdas.length);
    for (const zip of zips) expect((await stat(join(dir, 'prod', zip))).size).toBeLessThan(500 * 1024);
  });

  test('stages differ in what the params say, and in nothing else', async () => {
    const dev = await packaged('dev', join(dir, 'dev'));
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
    expect(plain(dev)).toEqual(plain(written));
  });
});
