import {
  CreateSecretCommand,
  PutSecretValueCommand,
  SecretsManagerClient,
} from '@aws-sdk/client-secrets-manager';
import { localSqs } from '../../local/aws/clients.ts';
import { type Internet, startInternet } from '../../local/world/internet.ts';
import type { AwsCall, Place } from './calls/aws-call.ts';
import { type RecordingProxy, startRecordingProxy } from './calls/recording-proxy.ts';
import { bootstrap, type Deployer } from './deployer/bootstrap.ts';
import { toDeployerCall } from './deployer/requests.ts';
import { type Account, type Inventory, openAccount, region } from './emulator/account.ts';
import { type Relay, startRelay } from './emulator/relay.ts';
import { ensureTools, type Tools } from './emulator/tools.ts';
import { appId, network, secret, workspace } from './multisite.ts';
import { deployCommand, typeIn } from './runbook.ts';

export const stage = 'prod';

interface RunningDeployer extends Deployer {
  readonly proxy: RecordingProxy;
  /** What its shell holds. */
  readonly environment: Readonly<Record<string, string>>;
}

/** A deployed relay, and everything around it. */
export interface World {
  readonly tools: Tools;
  readonly account: Account;
  /** Who deployed it. */
  readonly deployer: RunningDeployer;
  /** The account once the relay was deployed. */
  readonly inventory: Inventory;
  readonly relay: Relay;
  readonly internet: Internet;
  readonly sqs: ReturnType<typeof localSqs>;
  /** Puts the network's secret, as docs/operations/without-cli.md says. */
  putSecret(app: number): Promise<void>;
  close(): Promise<void>;
}

/** The emulator would call functions itself, in containers, as soon as a message comes. */
async function disableEventSources({ endpoint }: Account, { eventSources }: Inventory): Promise<void> {
  const authorization = `AWS4-HMAC-SHA256 Credential=test/20260101/${region}/lambda/aws4_request`;
  for (const { UUID } of eventSources) {
    const url = `${endpoint}/2015-03-31/event-source-mappings/${UUID}`;
    const answer = await fetch(url, {
      method: 'PUT',
      headers: { authorization, 'content-type': 'application/json' },
      body: JSON.stringify({ Enabled: false }),
    });
    if (!answer.ok) throw new Error(`An event source cannot be disabled: ${answer.status}`);
  }
}

function placeOf({ functions }: Inventory): Place {
  return {
    region,
    accountId: functions[0]?.FunctionArn.split(':')[4] ?? '',
  };
}

export const keyArn = `arn:aws:kms:${region}:123456789012:key/5b1c7d2e-8f43-4a0a-9a55-1f0c3d2b4e6f`;

/** The role of a pipeline, whose calls are recorded. */
async function startDeployer(
  account: Account,
  tools: Tools,
  closing: AsyncDisposableStack,
): Promise<RunningDeployer> {
  const deployer = await bootstrap(tools, {
    STAGE: stage,
    SUBJECT: `repo:acme/relay:environment:${stage}`,
    RELAY_KMS_KEY_ARN: keyArn,
  });
  const accountId = deployer.boundaryArn.split(':')[4] ?? '';
  const proxy = await startRecordingProxy(account.endpoint, (request) =>
    toDeployerCall(request, { region, accountId }),
  );
  closing.defer(() => proxy.close());
  return {
    ...deployer,
    proxy,
    environment: {
      ...account.environment,
      AWS_ENDPOINT_URL: proxy.endpoint,
      RELAY_ROLES_BOUNDARY_ARN: deployer.boundaryArn,
      DASHBOARD: 'true',
    },
  };
}

export const deployArguments = ['deploy', '--stage', stage, '--region', region];

async function build(closing: AsyncDisposableStack): Promise<World> {
  const tools = await ensureTools();
  const account = await openAccount(tools);
  closing.defer(() => account.close());
  const deployer = await startDeployer(account, tools, closing);
  await typeIn(deployCommand(), { tools, account: deployer }, { STAGE: stage, AWS_REGION: region });
  const inventory = await account.inventory();
  await disableEventSources(account, inventory);

  const internet = await startInternet({
    runcloud: { workspaces: [workspace], switches: { callsPerMinute: 6_000, sslIssue: 'immediate' } },
    closing,
  });
  const sqs = localSqs(account.endpoint, region);
  closing.defer(() => sqs.destroy());
  const credentials = { accessKeyId: 'test', secretAccessKey: 'test' };
  const secrets = new SecretsManagerClient({ endpoint: account.endpoint, region, credentials });
  closing.defer(() => secrets.destroy());
  const named = `runcloud-relay/${stage}/${network}`;
  await secrets.send(new CreateSecretCommand({ Name: named, SecretString: JSON.stringify(secret(appId)) }));

  const relay = await startRelay({
    account,
    inventory,
    tools,
    place: placeOf(inventory),
    sqs,
    world: { ...internet.environment, RUNCLOUD_URL: internet.runcloud.url },
    closing,
  });
  return {
    tools,
    account,
    deployer,
    inventory,
    relay,
    internet,
    sqs,
    putSecret: async (app) => {
      await secrets.send(
        new PutSecretValueCommand({ SecretId: named, SecretString: JSON.stringify(secret(app)) }),
      );
    },
    close: () => closing.disposeAsync(),
  };
}

/** Deploys as an operator does, puts one secret, and runs what was deployed. */
export async function deployedWorld(): Promise<World> {
  const closing = new AsyncDisposableStack();
  try {
    return await build(closing);
  } catch (error) {
    await closing.disposeAsync();
    throw error;
  }
}

/**
 * What Lambda asks of AWS with the function's role on its own: it writes its log, and takes messages from the queue
 * that feeds it (https://docs.aws.amazon.com/lambda/latest/dg/services-sqs-configure.html).
 */
export function callsOfLambda(
  { eventSources, logGroups }: Inventory,
  { region: at, accountId }: Place,
  functionName: string,
): AwsCall[] {
  const group = logGroups.find(({ logGroupName }) => logGroupName === `/aws/lambda/${functionName}`);
  const logs = `arn:aws:logs:${at}:${accountId}:log-group:${group?.logGroupName ?? 'none'}`;
  const feeds = eventSources.filter(({ FunctionArn }) => FunctionArn.endsWith(`:${functionName}`));
  const calls = [
    ...['logs:CreateLogStream', 'logs:PutLogEvents'].map((action) => ({ action, resource: logs })),
    ...feeds.flatMap(({ EventSourceArn: resource }) =>
      ['sqs:ReceiveMessage', 'sqs:DeleteMessage', 'sqs:GetQueueAttributes'].map((action) => ({
        action,
        resource,
      })),
    ),
  ];
  return calls.map((call) => ({ ...call, leadingKeys: [] }));
}

export { placeOf };
