import { mkdtemp, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { ReceiveMessageCommand, SendMessageCommand } from '@aws-sdk/client-sqs';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { z } from 'zod';
import { ledgerTable } from '../../lib/aws/table.ts';
import { SECRET_LEAST_AGE_MS } from '../../lib/sync/ledger/budgets.ts';
import { projectDir } from '../../local/service.ts';
import { askedOf, countedCalls } from './calls/counted-calls.ts';
import { queueUrlOf } from './calls/deliveries.ts';
import { missingRights, unusedRights } from './calls/rights.ts';
import { cloudformationCalls } from './deployer/cloudformation-calls.ts';
import { publishedRights, staleFeatures } from './deployer/published-rights.ts';
import {
  appId,
  builtIn,
  byHand,
  event,
  network,
  nextAppId,
  oldPrimary,
  ownDomain,
  question,
  unspeakable,
} from './multisite.ts';
import { routes } from './rules/api.ts';
import { run } from './run.ts';
import { awsBlocks, blockWith, commandsOf, deployCommand, typeIn } from './runbook.ts';
import { serverless } from './template/osls.ts';
import { resolved } from './template/resolved.ts';
import {
  callsOfLambda,
  deployArguments,
  deployedWorld,
  keyArn,
  placeOf,
  stage,
  type World,
} from './world.ts';

const domain = 'shop.acme-bikes.com';
/** Before an order for all names of a web application its domains are read. The one deployed to has advanced SSL. */
const usedByBasicSsl = expect.stringMatching(/^dynamodb:Query on arn:aws:dynamodb:[^/]+:table\/[^/]+$/);
/** Dead letters are counted at seven in the morning, and no outcome is given up here: this network has no CALLBACK_URL. */
const countedDaily = expect.stringMatching(/^sqs:GetQueueAttributes on .*DeadLetters/);
const sentWhenGivenUp = expect.stringMatching(/^sqs:SendMessage on .*OutcomeDeadLetters/);
/** Post-outcome has nothing to do for a network without CALLBACK_URL. */
const ofAnOutcome = [
  expect.stringMatching(/^secretsmanager:GetSecretValue on /),
  expect.stringMatching(/^dynamodb:GetItem on /),
  expect.stringMatching(/^dynamodb:PutItem on /),
  sentWhenGivenUp,
];
/** No outcome is posted here, and the sweep brings back none whose worker was killed. */
const sentWithOutcome = expect.stringMatching(/^sqs:SendMessage on .*OutcomeQueue/);

/** Few domains are announced here, so none waits in line for a slot. */
const sentBack = expect.stringMatching(/^sqs:SendMessage on .*DomainQueue/);

/** An addition is written at once, and its item read only where another call has changed it in between. */
const readWhenChanged = expect.stringMatching(/^dynamodb:GetItem on /);

function unusedBy(functionName: string): unknown[] {
  if (functionName.endsWith('-domain-added')) return [readWhenChanged];
  if (functionName.endsWith('-sync-domain')) return [sentBack, sentWithOutcome];
  if (functionName.endsWith('-secure-domains')) return [usedByBasicSsl, sentWithOutcome];
  if (functionName.endsWith('-sweep')) return [sentWithOutcome, countedDaily, countedDaily, countedDaily];
  return functionName.endsWith('-post-outcome') ? ofAnOutcome : [];
}

/** What an operator of the runbook has exported. */
const shell = { STAGE: stage, NETWORK: network, AWS_REGION: 'eu-west-1' };
/** The same, about a network whose secret is made without the command line. */
const otherShell = { ...shell, NETWORK: 'by-hand' };
const tableSchema = z.object({
  Table: z.looseObject({
    AttributeDefinitions: z.array(z.object({ AttributeName: z.string(), AttributeType: z.string() })),
  }),
});
const statusSchema = z.object({
  hosting: z.object({ state: z.string(), reason: z.string().nullable() }),
  certificate: z.object({ state: z.string(), reason: z.string().nullable() }),
});

describe('the relay as `serverless deploy` leaves it', () => {
  let world: World;
  let dir: string;

  beforeAll(async () => {
    dir = await mkdtemp(join(tmpdir(), 'deploy-test-'));
    world = await deployedWorld();
  }, 400_000);

  afterAll(async () => {
    await world?.close();
    await rm(dir, { recursive: true });
  }, 60_000);

  const nameOf = (key: string) => `runcloud-relay-${stage}-${key}`;
  const sweep = () =>
    world.relay.invoke(nameOf('sweep'), { source: 'aws.events', 'detail-type': 'Scheduled Event' });
  const hosted = (app = appId) => world.internet.runcloud.app(app).domains.map(({ name }) => name);
  const status = async (name: string) => {
    const call = question('GET /{network}/domains/{domain}', `/domains/${name}`);
    return statusSchema.parse(JSON.parse((await world.relay.call(call)).body));
  };

  /** Sweeps and delivers, as a minute of AWS does, until the domain stands there. */
  const comesTo = async (name: string, hosting: string, certificate?: string): Promise<void> => {
    const wanted = {
      hosting: { state: hosting },
      ...(certificate && { certificate: { state: certificate } }),
    };
    for (let tries = 0; tries < 100; tries++) {
      await world.relay.deliver();
      const now = await status(name);
      if (now.hosting.state === hosting && (certificate ?? now.certificate.state) === now.certificate.state)
        return;
      await sweep();
      await wait(1_000);
    }
    expect(await status(name)).toMatchObject(wanted);
  };

  const queueUrl = (id: string): string => {
    const found = world.inventory.queues.find(({ QueueArn }) => QueueArn.includes(`-${id}-`));
    if (found === undefined) throw new Error(`There is no queue ${id}`);
    return queueUrlOf(found.QueueArn);
  };

  const deadLetters = async (id: string) => {
    const { Messages = [] } = await world.sqs.send(
      new ReceiveMessageCommand({
        QueueUrl: queueUrl(id),
        MaxNumberOfMessages: 10,
        MessageAttributeNames: ['All'],
        VisibilityTimeout: 0,
      }),
    );
    return Messages.map(({ Body, MessageAttributes }) => ({
      body: Body,
      domain: MessageAttributes?.domain?.StringValue,
      code: MessageAttributes?.code?.StringValue,
    }));
  };

  test('cfn-lint finds no error in what was uploaded', async () => {
    const [[bucket = '', keys = []] = []] = Object.entries(world.inventory.buckets);
    const key = keys.find((one) => one.endsWith('compiled-cloudformation-template.json')) ?? '';
    const file = join(dir, 'template.json');
    await writeFile(file, await world.account.download(bucket, key));
    // What CloudFormation takes from a bucket.
    expect((await stat(file)).size).toBeLessThan(1_000_000);
    // W3005 is about dependencies that osls writes down twice.
    const lint = [
      '--regions',
      'eu-west-1',
      '--ignore-checks',
      'W3005',
      '--non-zero-exit-code',
      'error',
      '--',
    ];
    await run(world.tools.cfnLint, [...lint, file]);
    // Actions that IAM does not know, and resources that an action does not take, are found too.
    const strict = ['--include-checks', 'I', '--non-zero-exit-code', 'informational', '--'];
    await run(world.tools.cfnLint, [...strict, join(projectDir, 'infra', 'deployer.yml')]);
  });

  test('everything is there, with the settings that were deployed', () => {
    const { functions, eventSources, queues, logGroups, rules, topics, dashboards, tables } = world.inventory;
    const names = ['connection', 'domain-added', 'domain-removed', 'domain-status', 'secure-domains'];
    expect(functions.map(({ FunctionName }) => FunctionName).toSorted()).toEqual(
      [...names, 'post-outcome', 'ssl-retry', 'sweep', 'sync-domain'].map(nameOf).toSorted(),
    );
    expect(eventSources).toHaveLength(3);
    for (const { FunctionArn, BatchSize, FunctionResponseTypes, ScalingConfig } of eventSources) {
      expect(BatchSize).toBe(1);
      expect(FunctionResponseTypes).toEqual(['ReportBatchItemFailures']);
      expect(ScalingConfig.MaximumConcurrency).toBe(FunctionArn.endsWith('-sync-domain') ? 3 : 2);
    }
    expect(queues).toHaveLength(6);
    for (const { SqsManagedSseEnabled } of queues) expect(SqsManagedSseEnabled).toBe('true');
    const redriven = queues.filter(({ RedrivePolicy }) => RedrivePolicy?.includes('"maxReceiveCount": 5'));
    expect(redriven).toHaveLength(3);
    expect(logGroups).toHaveLength(functions.length + 1);
    expect(rules).toMatchObject([{ ScheduleExpression: 'rate(1 minute)' }]);
    expect(topics).toHaveLength(2);
    expect(dashboards).toEqual([nameOf('').slice(0, -1)]);
    expect(tables).toMatchObject([{ DeletionProtectionEnabled: true }]);
  });

  test('a signed call brings a domain to RunCloud, and a certificate to the domain', async () => {
    world.internet.dns.set(domain, { A: ['127.0.0.1'] });
    const answer = await world.relay.call(event('domain.added', domain));
    expect(answer.statusCode).toBe(202);
    await world.relay.deliver();
    expect(hosted()).toContain(domain);
    await comesTo(domain, 'present', 'valid');
    expect(world.internet.runcloud.orders).toHaveLength(1);
  }, 240_000);

  test('so far it took the calls that docs/reference/cost.md counts its cost from', async () => {
    const counted = await countedCalls();
    const before = askedOf(world.relay.calls().get(nameOf('sweep')));
    await sweep();
    const after = askedOf(world.relay.calls().get(nameOf('sweep')));
    const measured = {
      'an accepted addition': askedOf(world.relay.calls().get(nameOf('domain-added'))),
      'its domain, added in RunCloud': askedOf(world.relay.calls().get(nameOf('sync-domain'))),
      'its certificate, ordered and proven': askedOf(world.relay.calls().get(nameOf('secure-domains'))),
      'a sweep that finds nothing due': after.map((count, i) => count - (before[i] ?? 0)),
    };
    // One read or write more or less, where two workers meet, is no other price.
    const isAbout = (count: number, told = 0) => Math.abs(count - told) <= count / 4;
    const untrue = Object.entries(measured).filter(
      ([what, calls]) => !calls.every((count, i) => isAbout(count, counted.get(what)?.[i])),
    );
    expect(untrue).toEqual([]);
  });

  test('what the emulators stand for is read too: status, list, connection, live', async () => {
    const ask = (path: string, query?: Record<string, string>) => {
      const key = `GET /{network}${path.replace(domain, '{domain}')}`;
      expect(routes[key]).toBeDefined();
      return world.relay.call(question(key, path, query));
    };
    expect(JSON.parse((await ask(`/domains/${domain}`, { live: '1' })).body)).toMatchObject({
      wanted: 'present',
      live: { dns: { verdict: 'here' }, tls: { valid: true }, runcloud: { type: 'alias' } },
    });
    expect(JSON.parse((await ask('/domains')).body)).toMatchObject({ network, domains: [{ domain }] });
    expect(JSON.parse((await ask('/connection')).body)).toMatchObject({ network, ok: true });
  });

  test('the built-in webhook adds, and a wrong signature changes nothing', async () => {
    const added = await world.relay.call(builtIn('parts.acme-bikes.com'));
    expect(added.statusCode).toBe(202);
    await comesTo('parts.acme-bikes.com', 'present');
    const call = event('domain.removed', domain);
    const forged = { ...call, headers: { ...call.headers, 'webhook-signature': 'v1,Zm9yZ2Vk' } };
    expect((await world.relay.call(forged)).statusCode).toBe(401);
    expect((await status(domain)).hosting.state).toBe('present');
  });

  test('a removal that may never be followed ends settled', async () => {
    await world.relay.call(event('domain.removed', oldPrimary));
    await comesTo(oldPrimary, 'present');
    expect(hosted()).toContain(oldPrimary);
  });

  test('a removal that fails becomes a dead letter, sent by the worker itself', async () => {
    await world.relay.call(event('domain.removed', byHand));
    await comesTo(byHand, 'failed');
    expect(await deadLetters('DomainDeadLetters')).toMatchObject([{ domain: byHand, code: 'not-announced' }]);
    expect(hosted()).toContain(byHand);
  });

  test('a certificate that cannot be ordered ends in the dead letters of its own queue', async () => {
    const native = `blog.${ownDomain}`;
    world.internet.dns.set(native, { A: ['127.0.0.1'] });
    await world.relay.call(event('domain.ssl_retry', native, { native: true, reason: 'manual' }));
    await comesTo(native, 'present', 'failed');
    expect(await deadLetters('CertificateDeadLetters')).toMatchObject([{ domain: native }]);
  }, 240_000);

  test.each(['DomainQueue', 'CertificateQueue'])(
    'a message of %s that no function understands is a dead letter after five receives',
    async (id) => {
      const MessageBody = `poison for ${id}`;
      await world.sqs.send(new SendMessageCommand({ QueueUrl: queueUrl(id), MessageBody }));
      await world.relay.deliver();
      const found = await deadLetters(id.replace('Queue', 'DeadLetters'));
      expect(found.map(({ body }) => body)).toContain(MessageBody);
    },
  );

  test('a network that moves has its domains checked, one page after the other', async () => {
    await world.putSecret(nextAppId);
    // A worker reads a secret anew at most every ten seconds, and the removal before this one has just done so.
    await wait(SECRET_LEAST_AGE_MS);
    await world.relay.call(event('domain.removed', 'parts.acme-bikes.com'));
    await comesTo('parts.acme-bikes.com', 'absent');
    const movesOn = async () =>
      hosted(nextAppId).includes(domain) || (await status(domain)).hosting.state === 'pending';
    for (let tries = 0; tries < 60 && !(await movesOn()); tries++) {
      await sweep();
      await world.relay.deliver();
      await wait(1_000);
    }
    expect(await movesOn()).toBe(true);
  });

  test('each function asked of AWS what its role allows, and its role allows nothing that none of this needed', () => {
    expect(world.relay.troubles()).toEqual([]);
    const place = placeOf(world.inventory);
    const found = world.inventory.functions.map(({ FunctionName, Role }) => {
      const role = world.inventory.roles[Role] ?? [];
      const asked = world.relay.calls().get(FunctionName) ?? [];
      const calls = [...asked, ...callsOfLambda(world.inventory, place, FunctionName)];
      return { FunctionName, missing: missingRights(role, calls), unused: unusedRights(role, calls) };
    });
    expect(found).toEqual(
      world.inventory.functions.map(({ FunctionName }) => ({
        FunctionName,
        missing: [],
        unused: unusedBy(FunctionName),
      })),
    );
  });

  test('no function wrote a secret', () => {
    const lines = world.relay.lines();
    expect(lines.some((line) => line.includes('event answered'))).toBe(true);
    for (const text of unspeakable) expect(lines.filter((line) => line.includes(text))).toEqual([]);
  });

  test('a second deploy changes what was changed, and keeps the rest', async () => {
    const environment = { ...world.deployer.environment, ALARM_EMAIL: 'ops@example.org' };
    await serverless([...deployArguments, '--param', 'logLevel=WARN'], environment);
    const after = await world.account.inventory();
    const before = world.inventory;
    const levels = after.functions.map(({ Environment }) => Environment.Variables.LOG_LEVEL);
    expect(levels).toEqual(before.functions.map(() => 'WARN'));
    expect(after.tables).toEqual(before.tables);
    expect(after.functions.map(({ CodeSha256 }) => CodeSha256)).toEqual(
      before.functions.map(({ CodeSha256 }) => CodeSha256),
    );
    expect(after.queues.map(({ QueueArn }) => QueueArn)).toEqual(
      before.queues.map(({ QueueArn }) => QueueArn),
    );
    expect(await status(domain)).toHaveProperty('hosting');
  });

  test('a deploy from a shell without the alarm mail of the running stage stops', async () => {
    await expect(serverless(deployArguments, world.deployer.environment)).rejects.toThrow(
      'The alarms of stage prod are mailed to ops@example.org; this deploy would end that.',
    );
    const { functions } = await world.account.inventory();
    expect(functions.map(({ Environment }) => Environment.Variables.LOG_LEVEL)).not.toContain('INFO');
  });

  test('a rollback brings back the version before, with its settings', async () => {
    const where = deployArguments.slice(1);
    const listed = await serverless(['deploy', 'list', ...where], world.deployer.environment);
    const [, first = ''] = /Timestamp: (\d+)/.exec(listed) ?? [];
    await serverless(['rollback', ...where, '--timestamp', first], world.deployer.environment);
    const { functions } = await world.account.inventory();
    expect(functions.map(({ Environment }) => Environment.Variables.LOG_LEVEL)).not.toContain('WARN');
  });

  test('what the handbook has an operator type into a shell with AWS ends well', async () => {
    const deleted = blockWith('delete-secret');
    const restored = blockWith('restore-secret');
    const elsewhere = [deployCommand(), blockWith('serverless remove'), deleted, restored];
    for (const block of awsBlocks.filter((one) => !elsewhere.includes(one))) {
      const printed = await typeIn(block, world, block.includes('secretsmanager') ? otherShell : shell);
      expect(printed.trim()).not.toBe('');
    }
    // Only a deleted secret can be restored.
    await typeIn(deleted, world, otherShell);
    await typeIn(restored, world, otherShell);
  });

  test('the ledger of prod is not deleted by a slip', async () => {
    const slip = typeIn('aws dynamodb delete-table --table-name "$(output LedgerTableName)"', world, shell);
    await expect(slip).rejects.toThrow(/protect/i);
    expect((await world.account.inventory()).tables).toHaveLength(1);
  });

  /** The command line as an operator uses it who answers each question with yes, and does not wait for passes: none runs here. */
  const answered =
    'relay() { case "$*" in *copy-back*) set -- "$@" --wait 0;; esac; npm run relay --silent -- --stage "$STAGE" "$@" --yes; }';
  const type = (commands: string) => typeIn(`${answered}\n${commands}`, world, shell);

  test('a damaged ledger is restored and copied back as docs/operations/restore.md says', async () => {
    const blocks = await commandsOf('operations/restore.md', 'The ledger is damaged');
    const [restore = '', copyBack = '', bringIn = '', drop = '', ...others] = blocks;
    expect(others).toEqual([]);
    const before = hosted();
    await type(restore);
    await type(copyBack);
    expect(await type('relay network list')).toMatch(/paused .*ledger-restored/);
    await sweep();
    await world.relay.deliver();
    expect(await status(domain)).toMatchObject({ hosting: { state: 'paused', reason: 'ledger-restored' } });
    expect(hosted()).toEqual(before);
    // The list goes to the API over HTTP, which has no address here: test/cli/restore.test.ts brings one in.
    const [, goOn = ''] = /^(relay network resume .*)$/m.exec(bringIn) ?? [];
    await type(goOn);
    expect(await type('relay network list')).not.toContain('ledger-restored');
    expect(hosted()).toEqual(before);
    await type(drop);
    expect((await world.account.inventory()).tables).toHaveLength(1);
  }, 240_000);

  test('a ledger that is gone is restored under its name, and protected again', async () => {
    const [{ TableName: ledger = '' } = {}] = (await world.account.inventory()).tables;
    // AWS keeps such a backup by itself when a table is deleted.
    await type(`aws dynamodb create-backup --table-name ${ledger} --backup-name last
      aws dynamodb update-table --table-name ${ledger} --no-deletion-protection-enabled
      aws dynamodb delete-table --table-name ${ledger}`);
    const [restore = '', protect = ''] = await commandsOf('operations/restore.md', 'The ledger is gone');
    await type(restore);
    const tables = async () => (await world.account.inventory()).tables;
    expect(await tables()).toMatchObject([{ TableName: ledger, DeletionProtectionEnabled: false }]);
    await type(protect);
    expect(await tables()).toMatchObject([{ TableName: ledger, DeletionProtectionEnabled: true }]);
    const settings = await type(`aws dynamodb describe-time-to-live --table-name ${ledger}
      aws dynamodb describe-continuous-backups --table-name ${ledger}`);
    expect(settings).toMatch(/"TimeToLiveStatus": "ENABLED",\s+"AttributeName": "expiresAt"/);
    expect(settings).toMatch(/"PointInTimeRecoveryStatus": "ENABLED"/);
    // The ledger still names the table that is gone, so its network goes on only once it is resumed in this one.
    await type('relay network resume "$NETWORK"');
    expect(await type('relay network list')).not.toContain('ledger-restored');
    expect(await status(domain)).toHaveProperty('hosting');
  }, 240_000);

  test('an empty ledger is made as docs/operations/restore.md says, and is the one of the template', async () => {
    const [{ TableName: ledger = '' } = {}] = (await world.account.inventory()).tables;
    await type(`aws dynamodb update-table --table-name ${ledger} --no-deletion-protection-enabled
      aws dynamodb delete-table --table-name ${ledger}`);
    const create = (await commandsOf('operations/restore.md', 'The ledger is gone')).at(-1) ?? '';
    const [made = ''] = create.split(/^relay sync /m);
    await type(`LEDGER=${ledger}\n${made}`);
    const { Table } = tableSchema.parse(
      JSON.parse(await type(`aws dynamodb describe-table --table-name ${ledger}`)),
    );
    const { AttributeDefinitions = [], KeySchema, GlobalSecondaryIndexes } = ledgerTable(ledger);
    expect(Table).toMatchObject({ KeySchema, GlobalSecondaryIndexes, DeletionProtectionEnabled: true });
    const byName = (a: { AttributeName?: string | undefined }, b: { AttributeName?: string | undefined }) =>
      String(a.AttributeName).localeCompare(String(b.AttributeName));
    expect(Table.AttributeDefinitions.toSorted(byName)).toEqual(AttributeDefinitions.toSorted(byName));
  }, 240_000);

  test('removed as docs/operations/retire.md says, nothing is left but the secrets, which no stack made; then nothing', async () => {
    await typeIn(blockWith('serverless remove'), { ...world, account: world.deployer }, shell);
    const { secrets, ...rest } = await world.account.inventory();
    for (const left of Object.values(rest)) expect(Object.values(left)).toEqual([]);
    const named = [shell, otherShell].map(({ NETWORK }) => `runcloud-relay/${stage}/${NETWORK}`);
    expect(Object.keys(secrets).toSorted()).toEqual(named.toSorted());

    for (const variables of [shell, otherShell]) await typeIn(blockWith('delete-secret'), world, variables);
    const left = Object.entries(await world.account.inventory());
    expect(left.filter(([, all]) => Object.keys(all).length > 0)).toEqual([]);
  });

  test('the deployer was allowed all that it did, and may do nothing that no deploy needs', async () => {
    const { policy, boundaryArn, proxy, sizes } = world.deployer;
    expect(proxy.troubles).toEqual([]);
    const everything = resolved(world.relay.template, {
      AlarmEmail: 'ops@example.org',
      DomainName: 'relay.network.example',
      KmsKeyArn: keyArn,
      RolesBoundaryArn: boundaryArn,
      ReservedConcurrency: 'true',
      ShowDashboard: 'true',
    });
    const types = [...new Set(Object.values(everything.Resources).map(({ Type }) => Type))];
    const published = await publishedRights(world.tools, types);
    expect(staleFeatures(published)).toEqual([]);
    const stack = `runcloud-relay-${stage}`;
    const place = placeOf(world.inventory);
    const calls = [
      // It asks who it is without a right, and takes no for an answer where it looks for images.
      ...proxy.calls.filter(
        ({ action }) => !/^(sts:GetCallerIdentity|ecr:DescribeRepositories)$/.test(action),
      ),
      ...cloudformationCalls(everything, published, { stack, place, boundaryArn, keyArn }),
    ];
    expect(missingRights(policy, calls)).toEqual([]);
    expect(unusedRights(policy, calls)).toEqual([]);
    // IAM takes no longer policy.
    for (const size of sizes) expect(size).toBeLessThan(6_144);
  });

  test("the boundary of the functions' roles allows what these allow, and nothing else", () => {
    const { boundary } = world.deployer;
    const rights = Object.values(world.inventory.roles)
      .flat()
      .flatMap(({ Action, Resource }) =>
        Action.flatMap((action) => Resource.map((resource) => ({ action, resource, leadingKeys: [] }))),
      );
    const ofKey = ['kms:Decrypt', 'kms:GenerateDataKey'].map((action) => ({
      action,
      resource: keyArn,
      leadingKeys: [],
    }));
    expect(rights.length).toBeGreaterThan(50);
    expect(missingRights(boundary, [...rights, ...ofKey])).toEqual([]);
    expect(unusedRights(boundary, [...rights, ...ofKey])).toEqual([]);
  });

  test('the deployer makes no role without the boundary, and reaches no other stage', () => {
    const { policy, boundaryArn } = world.deployer;
    const { accountId } = placeOf(world.inventory);
    const role = (name: string) => `arn:aws:iam::${accountId}:role/${name}`;
    const own = role(`runcloud-relay-${stage}-SweepRole-1A2B3C4D5E6F`);
    const other = role('runcloud-relay-staging-SweepRole-1A2B3C4D5E6F');
    const bounded = { 'iam:PermissionsBoundary': boundaryArn };
    const calls = [
      { action: 'iam:CreateRole', resource: own },
      {
        action: 'iam:PutRolePolicy',
        resource: own,
        context: { 'iam:PermissionsBoundary': `${boundaryArn}-2` },
      },
      { action: 'iam:CreateRole', resource: other, context: bounded },
      { action: 'iam:DeleteRolePermissionsBoundary', resource: own, context: bounded },
      { action: 'iam:CreatePolicyVersion', resource: boundaryArn },
      { action: 'iam:PassRole', resource: own, context: { 'iam:PassedToService': 'ec2.amazonaws.com' } },
      { action: 'lambda:UpdateFunctionCode', resource: 'arn:aws:lambda:eu-west-1:1:function:another' },
      {
        action: 'logs:DeleteLogGroup',
        resource: `arn:aws:logs:eu-west-1:${accountId}:log-group:/aws/http-api/runcloud-relay-production`,
      },
      { action: 'secretsmanager:GetSecretValue', resource: '*' },
    ].map((call) => ({ ...call, leadingKeys: [] }));
    expect(missingRights(policy, calls)).toHaveLength(calls.length);
  });
});
