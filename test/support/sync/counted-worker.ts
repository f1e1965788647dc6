import { randomUUID } from 'node:crypto';
import { receive as secureDomains } from '../../../functions/secure-domains.ts';
import { SERVICE } from '../../../functions/services/common.ts';
import { networksOf } from '../../../functions/services/networks.ts';
import { type WorkerSettings, workerSettings } from '../../../functions/services/secrets.ts';
import type { SecureServices } from '../../../functions/services/secure-domains.ts';
import type { SyncServices } from '../../../functions/services/sync-domain.ts';
import { receive } from '../../../functions/sync-domain.ts';
import { getAll } from '../../../lib/aws/get-all.ts';
import { dynamoLedger } from '../../../lib/aws/ledger.ts';
import { sqsMessages, sqsQueue } from '../../../lib/aws/queue.ts';
import { secretsManager } from '../../../lib/aws/secrets.ts';
import { certificateDelays } from '../../../lib/certificates/delays.ts';
import { KeptModes } from '../../../lib/certificates/kept-modes.ts';
import { createLog } from '../../../lib/observability/log.ts';
import { createMetrics } from '../../../lib/observability/metrics.ts';
import { recordUpdate } from '../../../lib/sync/events/record-update.ts';
import { domainDelays } from '../../../lib/sync/ledger/delays.ts';
import { certificateKey, domainKey } from '../../../lib/sync/ledger/keys.ts';
import type { CallGuard, Networks } from '../../../lib/sync/ledger/runcloud-ports.ts';
import { toInstant } from '../../../lib/sync/ledger/time.ts';
import { KnownCredentials } from '../../../lib/sync/network/known-credentials.ts';
import { KeptListings } from '../../../lib/sync/network/listing/kept-listings.ts';
import { sweep } from '../../../lib/sync/sweep/sweep.ts';
import { startRuncloud } from '../../../local/runcloud/server.ts';
import { type AwsRequest, countedRequests } from '../aws/counted-requests.ts';
import { startDynalite } from '../aws/dynalite.ts';
import { startSqs } from '../aws/fauxqs.ts';
import { noMail } from '../aws/no-mail.ts';
import { secretPrefix, startSecrets } from '../aws/secrets-manager.ts';
import { sqsEvent } from '../aws/sqs-event.ts';

const NETWORK = 'counted';
const TOKEN = 'token-of-the-counted-network';
const BASE_MS = 30_000;
const CERTIFICATE_BASE_MS = 60_000;
const DAY_MS = 24 * 60 * 60_000;
const TIMEOUT_MS = 300_000;
const SWEEP_TIMEOUT_MS = 50_000;
const FUNCTION = 'runcloud-relay-prod-sync-domain';

const secret = {
  WU_RUNCLOUD_API_TOKEN: TOKEN,
  WU_RUNCLOUD_SERVER_ID: '42',
  WU_RUNCLOUD_APP_ID: '7',
  RELAY_SECRET: `whsec_${Buffer.alloc(32, 7).toString('base64')}`,
  PROTECTED_DOMAINS: 'network.example.com',
};

export interface CountedWorker {
  /** One event of the multisite, as an API handler records it: what that asks of the ledger. */
  record(domain: string, wanted: 'present' | 'absent'): Promise<readonly AwsRequest[]>;
  /** One call of sync-domain for its message: what it asks of AWS. */
  pass(domain: string): Promise<readonly AwsRequest[]>;
  /** One call of secure-domains for the network's certificates. RunCloud's orders are served at once. */
  secure(): Promise<readonly AwsRequest[]>;
  certificate(domain: string): Promise<string | undefined>;
  state(domain: string): Promise<string | undefined>;
  /** One sweep: what it asks of AWS. */
  sweep(): Promise<readonly AwsRequest[]>;
  readonly runcloudCalls: () => number;
  /** What the worker has waited for slots and for RunCloud. */
  readonly waitedMs: () => number;
  /** The lines of the log since this was last asked for. */
  readonly logged: () => readonly string[];
  advance(ms: number): void;
  close(): Promise<void>;
}

/** Networks whose RunCloud takes its time for each answer. */
function slowNetworks(networks: Networks, answers: () => Promise<void>): Networks {
  const slow = (guard: CallGuard): CallGuard => ({
    before: () => guard.before(),
    after: async (answer) => {
      await answers();
      await guard.after(answer);
    },
  });
  return {
    access: async (network, terms) => {
      const access = await networks.access(network, terms);
      if (access === undefined) return undefined;
      const { hosting, certificates } = access;
      return {
        ...access,
        hosting: (guard) => hosting(slow(guard)),
        certificates: (guard) => certificates(slow(guard)),
      };
    },
  };
}

/** A warm worker of the domain queue, with the SDK's clients before emulators of AWS and RunCloud. */
export async function startCountedWorker(
  more: Readonly<Record<string, string>> = {},
  /** How long RunCloud takes for an answer. */
  { runcloudMs = 0 } = {},
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
  const taken = countedRequests({
    dynamo: dynamo.client,
    sqs: sqs.client,
    secrets: secrets.client,
  });
  const startedAt = Date.now();
  let aheadMs = 0;
  let waitedMs = 0;
  const advance = (ms: number): void => {
    aheadMs += ms;
  };
  const clock = {
    // Moved by hand alone: a busy machine would else wait less for slots.
    now: () => startedAt + aheadMs,
    sleep: async (ms: number): Promise<void> => {
      waitedMs += ms;
      advance(ms);
    },
  };
  const runcloud = await startRuncloud({ workspaces: [workspace], clock });
  const lines: string[] = [];
  const write = (line: string) => void lines.push(line);
  const log = createLog({ service: SERVICE, level: 'INFO', write, now: clock.now });
  const metrics = createMetrics({ functionName: FUNCTION, group: 'runcloud-relay-prod-workers', write });
  const table = await dynamo.table();
  const ledger = dynamoLedger({ client: dynamo.client, table }, getAll);
  const queueOf = (name: string) => ({ client: sqs.client, url: sqs.queue(name) });
  const settings = secretsManager<WorkerSettings>({
    client: secrets.client,
    prefix: secretPrefix,
    clock,
    pick: workerSettings,
  });
  const shared = {
    ledger,
    clock,
    log,
    metrics,
    random: () => 0.5,
    networks: slowNetworks(networksOf(settings, runcloud.url, metrics), () => clock.sleep(runcloudMs)),
    outcomeQueue: sqsMessages(queueOf('outcomes')),
    successNotices: more.CALLBACK_URL !== undefined,
    askWww: async () => 'here' as const,
    newOwner: randomUUID,
    reportCallsThisMonth: metrics.callsThisMonth,
  };
  const deadLetterUrl = sqs.queue('dead-letters');
  const certificateQueue = sqsQueue({ ...queueOf('certificates'), deadLetterUrl });
  const services: SyncServices = {
    ...shared,
    queue: sqsQueue({ ...queueOf('domains'), deadLetterUrl }),
    certificateQueue,
    listings: new KeptListings(),
    credentials: new KnownCredentials(),
    delays: domainDelays(BASE_MS),
    batchMs: 20_000,
    driftDryRun: false,
  };
  /** How many orders there were when a domain was announced: a later one covers it. */
  const ordersBefore = new Map<string, number>();
  const certificateServices: SecureServices = {
    ...shared,
    queue: certificateQueue,
    modes: new KeptModes(),
    dnsGate: async () => ({ kind: 'here', addresses: ['203.0.113.7'] }),
    prove: async ({ names: [name = ''] }) => {
      if (runcloud.orders.length <= (ordersBefore.get(name) ?? 0))
        return { kind: 'invalid', why: 'Nothing is served yet' };
      const notBefore = clock.now() - DAY_MS;
      return { kind: 'valid', notBefore, notAfter: notBefore + 90 * DAY_MS, via: null, edgeRenews: false };
    },
    delays: certificateDelays(CERTIFICATE_BASE_MS),
    domainDelays: services.delays,
  };
  const context = {
    functionName: FUNCTION,
    awsRequestId: randomUUID(),
    getRemainingTimeInMillis: () => TIMEOUT_MS,
  };
  return {
    record: async (domain, wanted) => {
      taken();
      const now = clock.now();
      ordersBefore.set(domain, runcloud.orders.length);
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
      return taken();
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
    secure: async () => {
      taken();
      const message = sqsEvent(JSON.stringify({ network: NETWORK }));
      const { batchItemFailures } = await secureDomains(message, context, certificateServices);
      if (batchItemFailures.length > 0) throw new Error('The pass over certificates has failed');
      return taken();
    },
    certificate: async (domain) => {
      const item = (await ledger.read(certificateKey(NETWORK, domain)))?.item;
      taken();
      return item?.state;
    },
    state: async (domain) => {
      const item = (await ledger.read(domainKey(NETWORK, domain)))?.item;
      taken();
      return item?.dueAt === null ? item.state : 'open';
    },
    sweep: async () => {
      taken();
      await sweep(clock.now() + SWEEP_TIMEOUT_MS, {
        ...shared,
        queue: services.queue,
        certificateQueue,
        delays: services.delays,
        certificateDelays: certificateServices.delays,
        ...noMail,
        report: (error) => {
          throw error;
        },
      });
      return taken();
    },
    logged: () => lines.splice(0),
    runcloudCalls: () => runcloud.requests.length,
    waitedMs: () => waitedMs,
    advance,
    close: async () => {
      await runcloud.close();
      await secrets.close();
      await sqs.close();
      await dynamo.close();
    },
  };
}
