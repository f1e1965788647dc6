import { randomUUID } from 'node:crypto';
import { networksOf } from '../../functions/services/networks.ts';
import { type WorkerSettings, workerSettings } from '../../functions/services/secrets.ts';
import type { SyncServices } from '../../functions/services/sync-domain.ts';
import { receive } from '../../functions/sync-domain.ts';
import { dynamoLedger } from '../../lib/aws/ledger.ts';
import { sqsMessages, sqsQueue } from '../../lib/aws/queue.ts';
import { secretsManager } from '../../lib/aws/secrets.ts';
import { recordUpdate } from '../../lib/sync/events/record-update.ts';
import { domainDelays } from '../../lib/sync/ledger/delays.ts';
import { domainKey } from '../../lib/sync/ledger/keys.ts';
import { toInstant } from '../../lib/sync/ledger/time.ts';
import { KeptListings } from '../../lib/sync/network/kept-listings.ts';
import { KnownCredentials } from '../../lib/sync/network/known-credentials.ts';
import { startRuncloud } from '../../local/runcloud/server.ts';
import { type AwsRequest, countedRequests } from './counted-requests.ts';
import { startDynalite } from './dynalite.ts';
import { startSqs } from './fauxqs.ts';
import { secretPrefix, startSecrets } from './secrets-manager.ts';
import { silentLog, silentMetrics } from './silent-log.ts';
import { sqsEvent } from './sqs-event.ts';

const NETWORK = 'counted';
const TOKEN = 'token-of-the-counted-network';
const BASE_MS = 30_000;
const TIMEOUT_MS = 300_000;

const secret = {
  WU_RUNCLOUD_API_TOKEN: TOKEN,
  WU_RUNCLOUD_SERVER_ID: '42',
  WU_RUNCLOUD_APP_ID: '7',
  RELAY_SECRET: `whsec_${Buffer.alloc(32, 7).toString('base64')}`,
  PROTECTED_DOMAINS: 'network.example.com',
};

export interface CountedWorker {
  /** One event of the multisite, as an API handler records it. */
  record(domain: string, wanted: 'present' | 'absent'): Promise<void>;
  /** One call of sync-domain for its message: what it asks of AWS. */
  pass(domain: string): Promise<readonly AwsRequest[]>;
  state(domain: string): Promise<string | undefined>;
  readonly runcloudCalls: () => number;
  advance(ms: number): void;
  close(): Promise<void>;
}

/** A warm worker of the domain queue, with the SDK's clients before emulators of AWS and RunCloud. */
export async function startCountedWorker(
  more: Readonly<Record<string, string>> = {},
): Promise<CountedWorker> {
  const dynamo = await startDynalite();
  const sqs = await startSqs();
  const secrets = await startSecrets();
  secrets.secrets[NETWORK] = { ...secret, ...more };
  const workspace = {
    tokens: [TOKEN],
    servers: [
      { id: 42, apps: [{ id: 7, domains: [{ name: 'network.example.com', type: 'primary' as const }] }] },
    ],
  };
  const runcloud = await startRuncloud({ workspaces: [workspace], switches: { callsPerMinute: 60_000 } });
  const taken = countedRequests({
    dynamo: dynamo.client,
    sqs: sqs.client,
    secrets: secrets.client,
  });
  let aheadMs = 0;
  const advance = (ms: number): void => {
    aheadMs += ms;
  };
  const clock = {
    now: () => Date.now() + aheadMs,
    sleep: async (ms: number): Promise<void> => advance(ms),
  };
  const table = await dynamo.table();
  const ledger = dynamoLedger({ client: dynamo.client, table });
  const queueOf = (name: string) => ({ client: sqs.client, url: sqs.queue(name) });
  const settings = secretsManager<WorkerSettings>({
    client: secrets.client,
    prefix: secretPrefix,
    clock,
    pick: workerSettings,
  });
  const services: SyncServices = {
    ledger,
    clock,
    log: silentLog,
    metrics: silentMetrics,
    random: () => 0.5,
    networks: networksOf(settings, runcloud.url, silentMetrics),
    queue: sqsQueue({ ...queueOf('domains'), deadLetterUrl: sqs.queue('dead-letters') }),
    certificateQueue: sqsMessages(queueOf('certificates')),
    outcomeQueue: sqsMessages(queueOf('outcomes')),
    successNotices: more.CALLBACK_URL !== undefined,
    askWww: async () => 'here',
    newOwner: randomUUID,
    reportCallsThisMonth: () => undefined,
    listings: new KeptListings(),
    credentials: new KnownCredentials(),
    delays: domainDelays(BASE_MS),
    batchMs: 20_000,
    driftDryRun: false,
  };
  const context = {
    functionName: 'sync-domain',
    awsRequestId: 'request',
    getRemainingTimeInMillis: () => TIMEOUT_MS,
  };
  return {
    record: async (domain, wanted) => {
      const now = clock.now();
      const version = { timestamp: toInstant(now), id: `msg_${randomUUID()}` };
      const update = {
        network: NETWORK,
        domain,
        wanted,
        version,
        www: true,
        native: false,
        siteId: 5,
        domainId: 9,
      };
      await recordUpdate(ledger, update, { now, baseMs: BASE_MS });
      taken();
    },
    pass: async (domain) => {
      taken();
      const { batchItemFailures } = await receive(
        sqsEvent(JSON.stringify({ network: NETWORK, domain })),
        context,
        services,
      );
      if (batchItemFailures.length > 0) throw new Error(`The pass over ${domain} has failed`);
      return taken();
    },
    state: async (domain) => {
      const item = (await ledger.read(domainKey(NETWORK, domain)))?.item;
      taken();
      return item?.dueAt === null ? item.state : 'open';
    },
    runcloudCalls: () => runcloud.requests.length,
    advance,
    close: async () => {
      await runcloud.close();
      await secrets.close();
      await sqs.close();
      await dynamo.close();
    },
  };
}
