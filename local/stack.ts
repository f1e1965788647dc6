import { dynamoLedger } from '../lib/aws/ledger.ts';
import type { Ledger } from '../lib/sync/ledger/ports.ts';
import { type AwsEndpoints, awsEnvironment } from './aws/clients.ts';
import { startAwsEmulators } from './aws/emulators.ts';
import { startLogGroups } from './aws/log-groups.ts';
import type { LocalQueue } from './aws/queues.ts';
import type { ResourceValues } from './aws/references.ts';
import type { PublishedMail } from './aws/topics.ts';
import { type Bundles, bundleFunctions } from './gateway/instances/bundle.ts';
import { resolveFunctions } from './gateway/instances/functions.ts';
import { type Gateway, startGateway } from './gateway/start-gateway.ts';
import type { RuncloudOptions } from './runcloud/model.ts';
import type { RunningRuncloud } from './runcloud/server.ts';
import { readService, type Service } from './service.ts';
import { openState, type State } from './state.ts';
import { startTriggers } from './triggers/triggers.ts';
import { type Internet, startInternet } from './world/internet.ts';

export interface StackOptions {
  /** Of the relay; 0: a free one. */
  readonly port: number;
  /** `{"<network>": {<secret keys>}}`, read again whenever it changes. */
  readonly secretsFile: string;
  /** Our own RunCloud, or the base URL of another one. */
  readonly runcloud: RuncloudOptions | { readonly url: string };
  readonly retryBaseSeconds?: number;
  readonly certificateRetryBaseSeconds?: number;
  /** Passed on to the functions besides. */
  readonly environment?: Readonly<Record<string, string>>;
  readonly sweepEveryMs?: number;
  /** Where ledger, queues and what surrounds the relay are kept across restarts; left out: nothing is. */
  readonly stateDir?: string | undefined;
  /** A line that a function wrote: its log. */
  readonly onLine?: (line: string) => void;
  /** A fault that no answer shows, without anything that was sent. */
  readonly onError?: (text: string) => void;
  /** The secrets file has become faulty while the stack runs. Names the file. */
  readonly onFaultySecrets?: (text: string) => void;
  /** A mail that AWS would send to the operator. */
  readonly onMail?: (mail: PublishedMail) => void;
}

export interface Stack {
  readonly url: string;
  /** Undefined when the relay talks to another one. */
  readonly runcloud: RunningRuncloud | undefined;
  /** What our own RunCloud lives in; undefined when the relay talks to another one. */
  readonly internet: Internet | undefined;
  readonly ledger: Pick<Ledger, 'read' | 'page' | 'due'>;
  /** Of serverless.yml, by logical id; to be reached at `endpoints.sqs`. */
  readonly queues: ReadonlyMap<string, LocalQueue>;
  readonly endpoints: AwsEndpoints;
  /** Queues and tables of serverless.yml, by logical id. */
  readonly resources: ReadonlyMap<string, ResourceValues>;
  readonly region: string;
  /** The start of each secret's name. */
  readonly secretPrefix: string;
  readonly secretsFile: string;
  /** The functions' log, in CloudWatch Logs' protocol. */
  readonly logsUrl: string;
  readonly runcloudUrl: string;
  /** `ip:port,…`; empty: the system's resolvers. */
  readonly dnsServers: string;
  /** Calls a function of serverless.yml. */
  invoke(functionKey: string, event: unknown): Promise<unknown>;
  close(): Promise<void>;
}

/** Where RunCloud is, and the world around it. */
async function surroundings(
  { runcloud, environment }: StackOptions,
  state: State | undefined,
  closing: AsyncDisposableStack,
): Promise<{ readonly internet: Internet | undefined; readonly runcloudUrl: string }> {
  if ('url' in runcloud) return { internet: undefined, runcloudUrl: runcloud.url };
  const internet = await startInternet({ runcloud, environment, state, closing });
  return { internet, runcloudUrl: internet.runcloud.url };
}

function passedOn(
  options: StackOptions,
  { internet, runcloudUrl }: Awaited<ReturnType<typeof surroundings>>,
): Record<string, string> {
  return {
    ...options.environment,
    ...internet?.environment,
    // Its mails are shown.
    SUCCESS_NOTICES: 'true',
    RUNCLOUD_URL: runcloudUrl,
    RETRY_BASE_SECONDS: String(options.retryBaseSeconds ?? 1),
    CERTIFICATE_RETRY_BASE_SECONDS: String(options.certificateRetryBaseSeconds ?? 1),
  };
}

async function prepare(closing: AsyncDisposableStack): Promise<[Service, Bundles]> {
  const service = await readService();
  const bundles = await bundleFunctions(service);
  closing.defer(() => bundles.remove());
  return [service, bundles];
}

async function start(options: StackOptions, closing: AsyncDisposableStack): Promise<Stack> {
  const { onLine = () => {}, onError = () => {} } = options;
  // First: a directory that another stack uses ends the start before anything runs.
  const state = options.stateDir === undefined ? undefined : openState(options.stateDir);
  closing.defer(() => state?.close());
  const [service, bundles] = await prepare(closing);
  const emulators = await startAwsEmulators(service, {
    secretsFile: options.secretsFile,
    onFaultySecrets: options.onFaultySecrets ?? (() => {}),
    onMail: options.onMail ?? (() => {}),
    state,
    closing,
  });
  const { endpoints, queues, tables, topics, dynamo } = emulators;
  const around = await surroundings(options, state, closing);

  const resources = new Map([...queues, ...tables, ...topics]);
  const functions = resolveFunctions(service, resources, passedOn(options, around));
  const logs = await startLogGroups();
  closing.defer(() => logs.close());
  const environment = awsEnvironment(service.provider.region, endpoints);
  const gateway: Gateway = await startGateway(
    {
      service: service.service,
      provider: { name: 'aws', ...service.provider },
      functions,
      codeDir: bundles.dir,
      port: options.port,
    },
    environment,
    {
      onLine: (line) => {
        logs.write(line);
        onLine(line);
      },
      onError,
    },
  );
  closing.defer(() => gateway.close());
  const triggers = startTriggers(service, emulators, {
    gateway,
    onError,
    timetableEveryMs: options.sweepEveryMs ?? 1_000,
  });
  closing.defer(() => triggers.stop());

  const table = [...tables.values()][0];
  if (table === undefined) throw new Error('serverless.yml has no table');
  return {
    url: `http://localhost:${gateway.port}`,
    runcloud: around.internet?.runcloud,
    internet: around.internet,
    ledger: dynamoLedger({ client: dynamo, table: table.ref }),
    queues,
    endpoints,
    resources,
    region: service.provider.region,
    secretPrefix: service.custom.secretPrefix,
    secretsFile: options.secretsFile,
    logsUrl: logs.endpoint,
    runcloudUrl: around.runcloudUrl,
    dnsServers: around.internet?.environment.DNS_SERVERS ?? options.environment?.DNS_SERVERS ?? '',
    invoke: gateway.invoke,
    close: () => closing.disposeAsync(),
  };
}

/** Brings up everything on one machine; when it cannot, nothing is left running. */
export async function startStack(options: StackOptions): Promise<Stack> {
  const closing = new AsyncDisposableStack();
  try {
    return await start(options, closing);
  } catch (error) {
    await closing.disposeAsync();
    throw error;
  }
}
