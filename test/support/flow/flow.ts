import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect } from '@jest/globals';
import { dynamoLedger } from '../../../lib/aws/ledger.ts';
import type { Ledger, WorkMessage } from '../../../lib/sync/ledger/ports.ts';
import { localDynamo, localSqs } from '../../../local/aws/clients.ts';
import type { RuncloudOptions } from '../../../local/runcloud/model.ts';
import type { RunningRuncloud } from '../../../local/runcloud/server.ts';
import { type Stack, startStack } from '../../../local/stack.ts';
import type { Internet } from '../../../local/world/internet.ts';
import { startWatchedApi } from '../api/watched-api.ts';
import { type FaultyProxy, startFaultyProxy } from '../http/faulty-proxy.ts';
import { inTurn } from '../in-turn.ts';
import { type NetworkSeed, placeNetwork } from '../runcloud/place-network.ts';
import { canary, keyMaterial } from './canary.ts';
import { type DeadLetter, deadLetterQueue } from './flow-dead-letters.ts';
import { type FlowNetwork, type FlowSurroundings, flowNetwork } from './flow-network.ts';
import { flowQueue } from './flow-queue.ts';
import { flowSecrets } from './flow-secrets.ts';

const region = 'eu-west-1';

export interface FlowOptions {
  readonly networks: Readonly<Record<string, NetworkSeed>>;
  /** Of our own RunCloud, beside the networks' workspaces. Calls are not limited unless `switches` say so. */
  readonly runcloud?: Partial<RuncloudOptions>;
  /** Every wait of a domain is a multiple (docs/rules.md, "Delays"). Waits under 5 s are over at the next message. */
  readonly retryBaseSeconds?: number;
  /** The same for certificates. Default: long enough that no other flow reaches them. */
  readonly certificateRetryBaseSeconds?: number;
  readonly sweepEveryMs?: number;
  /** For the functions, besides. */
  readonly environment?: Readonly<Record<string, string>>;
}

export interface Flow extends Omit<Stack, 'ledger' | 'runcloud' | 'internet'> {
  readonly runcloud: RunningRuncloud;
  /** Knows the networks' own domains only, until a test adds more. */
  readonly dns: Internet['dns'];
  readonly edge: Internet['edge'];
  readonly proxies: Internet['proxies'];
  /** The functions trust what it issues. */
  readonly authority: Internet['authority'];
  /** The real table, to be written by the real rules too. */
  readonly ledger: Ledger;
  /** What stands between the functions and AWS; RunCloud and the queues' event sources do not go through them. */
  readonly reach: {
    readonly queue: FaultyProxy;
    readonly ledger: FaultyProxy;
    readonly secrets: FaultyProxy;
  };
  network(name: string): FlowNetwork;
  /** Puts a message on the domain queue, as an operator or an old sender might. */
  message(message: WorkMessage): Promise<void>;
  /** Dead letters that name no network: what the queue itself gave up. */
  unexpectedDeadLetters(): Promise<DeadLetter[]>;
  /** Waits until no message is on its way to a worker: whatever they caused is done. */
  quiet(): Promise<void>;
  /** Everything the functions wrote so far. */
  readonly lines: readonly string[];
  /** Makes further texts unspeakable: what is personal in a payload, for instance. */
  hush(...texts: readonly string[]): void;
  /**
   * What the functions wrote, answered, stored, sent, or asked RunCloud for that holds a secret, a token, a signature or
   * something hushed of this run, in whatever form. To be empty once the flow is closed (`closeFlow`).
   */
  leaks(): string[];
}

/** The whole relay on free ports of this machine, with a RunCloud of its own. To be closed. */
export async function startFlow(options: FlowOptions): Promise<Flow> {
  const closing = new AsyncDisposableStack();
  try {
    return await start(options, closing);
  } catch (error) {
    await closing.disposeAsync();
    throw error;
  }
}

async function start(options: FlowOptions, closing: AsyncDisposableStack): Promise<Flow> {
  const placed = Object.entries(options.networks).map(([name, seed], index) =>
    placeNetwork(name, seed, index),
  );
  const { watch, hush, places, leaks } = canary();
  hush(...keyMaterial);
  const lines: string[] = [];
  const mails: string[] = [];
  const write = (line: string) => {
    lines.push(line);
    watch('log', line);
  };

  const dir = await mkdtemp(join(tmpdir(), 'flow-'));
  closing.defer(() => rm(dir, { recursive: true }));
  const secrets = await flowSecrets(dir, placed, hush);

  // The functions get the addresses of the proxies before the proxies get theirs.
  const started = Promise.withResolvers<Stack>();
  const before = async (service: keyof Stack['endpoints']) => {
    const target = started.promise.then(({ endpoints }) => endpoints[service]);
    const proxy = await startFaultyProxy(target, (body) => watch(service, body));
    closing.defer(() => proxy.close());
    return proxy;
  };
  const reach = {
    queue: await before('sqs'),
    ledger: await before('dynamo'),
    secrets: await before('secrets'),
  };

  const api = await startWatchedApi(
    started.promise.then(({ url }) => url),
    { watch, hush },
  );
  closing.defer(() => api.close());

  const stack = await startStack({
    port: 0,
    secretsFile: secrets.file,
    retryBaseSeconds: options.retryBaseSeconds ?? 0.1,
    certificateRetryBaseSeconds: options.certificateRetryBaseSeconds ?? 3_600,
    sweepEveryMs: options.sweepEveryMs ?? 200,
    environment: {
      AWS_ENDPOINT_URL_SQS: reach.queue.endpoint,
      AWS_ENDPOINT_URL_DYNAMODB: reach.ledger.endpoint,
      AWS_ENDPOINT_URL_SECRETS_MANAGER: reach.secrets.endpoint,
      LOG_LEVEL: 'DEBUG',
      ...options.environment,
    },
    runcloud: {
      ...options.runcloud,
      workspaces: [...placed.map(({ workspace }) => workspace), ...(options.runcloud?.workspaces ?? [])],
      switches: { callsPerMinute: 6_000, sslIssueMs: 300, ...options.runcloud?.switches },
    },
    onLine: write,
    onError: write,
    onMail: ({ text }) => mails.push(text),
  });
  closing.defer(() => stack.close());
  started.resolve(stack);
  const { internet } = stack;
  if (internet === undefined) throw new Error('A flow has a RunCloud of its own');

  const { runcloud, dns, edge, proxies, authority } = internet;
  for (const { ownDomain, serverAddress } of placed) dns.set(ownDomain, { A: [serverAddress] });

  const dynamo = localDynamo(stack.endpoints.dynamo, region);
  closing.defer(() => dynamo.destroy());
  const ledger = dynamoLedger({ client: dynamo, table: 'LedgerTable' });
  const sqs = localSqs(stack.endpoints.sqs, region);
  closing.defer(() => sqs.destroy());

  const queue = flowQueue(sqs, stack.queues.get('DomainQueue')?.ref ?? '');

  let latestUpdateAt = 0;
  const nextInstant = (): Date => {
    latestUpdateAt = Math.max(Date.now(), latestUpdateAt + 1);
    return new Date(latestUpdateAt);
  };

  const surroundings: FlowSurroundings = {
    url: api.url,
    runcloud,
    internet,
    ledger,
    certificateDeadLetters: deadLetterQueue(sqs, stack.queues.get('CertificateDeadLetters')?.ref ?? ''),
    deadLetters: deadLetterQueue(sqs, stack.queues.get('DomainDeadLetters')?.ref ?? ''),
    inTurn: inTurn(),
    mails,
    nextInstant,
    secretOf: secrets.of,
    setSecret: secrets.set,
  };
  const networks = new Map(placed.map((place) => [place.name, flowNetwork(place, surroundings)]));
  return {
    ...stack,
    url: api.url,
    runcloud,
    dns,
    edge,
    proxies,
    authority,
    ledger,
    reach,
    network: (name) => {
      const network = networks.get(name);
      if (network === undefined) throw new Error(`The flow was started without network ${name}`);
      return network;
    },
    message: queue.message,
    unexpectedDeadLetters: () => surroundings.deadLetters.of(undefined),
    quiet: queue.quiet,
    lines,
    hush,
    leaks: () => {
      // The canary has proven nothing if nothing was written.
      expect(places()).toEqual(expect.arrayContaining(['log', 'dynamo', 'secrets']));
      for (const request of runcloud.requests) watch('RunCloud', JSON.stringify(request));
      return leaks();
    },
    close: () => closing.disposeAsync(),
  };
}
