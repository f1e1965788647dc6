import { randomUUID } from 'node:crypto';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { SendMessageCommand } from '@aws-sdk/client-sqs';
import { expect } from '@jest/globals';
import { dynamoLedger } from '../../lib/aws/ledger.ts';
import {
  type CertificateItem,
  certificateKey,
  type DomainItem,
  domainKey,
  type NetworkItem,
  networkKey,
} from '../../lib/sync/items.ts';
import type { Hint, Ledger } from '../../lib/sync/ports.ts';
import { localDynamo, localSqs } from '../../local/aws.ts';
import { closers } from '../../local/closers.ts';
import type { Fault } from '../../local/runcloud/faults.ts';
import type { RuncloudOptions } from '../../local/runcloud/model.ts';
import type { RunningRuncloud } from '../../local/runcloud/server.ts';
import { type Stack, startStack } from '../../local/stack.ts';
import { eventually } from './eventually.ts';
import { type FaultyProxy, startFaultyProxy } from './faulty-proxy.ts';
import { type Letter, letterBox } from './flow-letters.ts';
import {
  type NetworkSeed,
  type PlacedNetwork,
  placeNetwork,
  type Secret,
  unspeakable,
} from './flow-networks.ts';
import { secretOf, signatureHeaders } from './sign.ts';

export type EventType = 'domain.added' | 'domain.removed' | 'domain.ssl_retry';

const pathOf: Readonly<Record<EventType, string>> = {
  'domain.added': 'domain-added',
  'domain.removed': 'domain-removed',
  'domain.ssl_retry': 'ssl-retry',
};

const region = 'eu-west-1';

export interface FlowOptions {
  readonly networks: Readonly<Record<string, NetworkSeed>>;
  /** Of our own RunCloud, beside the networks' workspaces. Calls are not limited unless `switches` say so. */
  readonly runcloud?: Partial<RuncloudOptions>;
  /** Every wait of a domain is a multiple (design §5). Waits under 5 s are over at the next hint. */
  readonly retryBaseSeconds?: number;
  readonly certificateRetryBaseSeconds?: number;
  readonly sweepEveryMs?: number;
  /** For the functions, besides. */
  readonly environment?: Readonly<Record<string, string>>;
}

export interface SendOptions {
  readonly id?: string;
  /** When it happened in the multisite. Default: now, and later than every word sent before. */
  readonly timestamp?: Date;
  /** The last part of the path, where it shall not be the type's. */
  readonly path?: string;
  /** Default: those of the network's secret. */
  readonly secrets?: readonly string[];
}

/** A call in detail, for a test that spoils one part of it. */
export interface Post {
  readonly body: string;
  readonly headers: Readonly<Record<string, string>>;
}

/** One network of the stack: what its multisite sends, and what became of it. */
export interface FlowNetwork extends PlacedNetwork {
  /** A well-formed event and its headers, signed with the public package. Not sent. */
  event(type: EventType, data: object, options?: SendOptions): Post;
  /** Posts a signed event as the multisite does. */
  send(type: EventType, data: object, options?: SendOptions): Promise<Response>;
  /** Adds a domain; fails unless the door accepts it. */
  add(domain: string, options?: SendOptions): Promise<void>;
  remove(domain: string, options?: SendOptions): Promise<void>;
  /** Posts exactly this to a path below the network, such as `/domain-added`. */
  post(path: string, call: Post): Promise<Response>;
  domain(name: string): Promise<DomainItem | undefined>;
  certificate(name: string): Promise<CertificateItem | undefined>;
  record(): Promise<NetworkItem | undefined>;
  /** Waits until the ledger says this about a domain; what it says then. */
  stands(name: string, expected: Partial<DomainItem>): Promise<DomainItem>;
  /** The same, with nothing left to do or to send. */
  settles(name: string, expected: Partial<DomainItem>): Promise<DomainItem>;
  /** Names in the web application, in their order. */
  hosted(): string[];
  /** Calls about the web application so far, such as `POST /domains`. Numbers in paths stay. */
  calls(): string[];
  /** Something goes wrong with calls about the web application: `rest` is a regular expression for the end of their path. */
  arm(rest: string, fault: Omit<Fault, 'path'>): void;
  /** Dead letters of this network so far, each once. */
  letters(): Promise<Letter[]>;
  /** Waits for the dead letter of that domain. */
  letter(domain: string): Promise<Letter>;
  /** What the functions read from now on, once they ask again. An empty text takes a key out. */
  changeSecret(changes: Secret): Promise<void>;
}

export interface Flow extends Omit<Stack, 'ledger' | 'runcloud'> {
  readonly runcloud: RunningRuncloud;
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
  hint(hint: Hint): Promise<void>;
  /** Everything the functions wrote so far. */
  readonly lines: readonly string[];
  /** Lines that hold a secret, a token or a signature of this run. To be empty at the end of every flow. */
  leaks(): string[];
}

const withoutEmpty = (secret: Secret): Secret =>
  Object.fromEntries(Object.entries(secret).filter(([, value]) => value !== ''));

/** The whole relay on free ports of this machine, with a RunCloud of its own. To be closed. */
export const startFlow = async (options: FlowOptions): Promise<Flow> => {
  const closing = closers();
  try {
    return await start(options, closing);
  } catch (error) {
    await closing.close();
    throw error;
  }
};

const start = async (options: FlowOptions, closing: ReturnType<typeof closers>): Promise<Flow> => {
  const placed = Object.entries(options.networks).map(([name, seed], index) =>
    placeNetwork(name, seed, index),
  );
  const secrets = new Map(placed.map(({ name, secret }) => [name, secret]));
  const unsaid = new Set([...secrets.values()].flatMap(unspeakable));
  const lines: string[] = [];

  const dir = await mkdtemp(join(tmpdir(), 'flow-'));
  closing.add(() => rm(dir, { recursive: true }));
  const secretsFile = join(dir, 'secrets.json');
  const writeSecrets = () =>
    writeFile(
      secretsFile,
      JSON.stringify(Object.fromEntries([...secrets].map(([name, secret]) => [name, withoutEmpty(secret)]))),
    );
  await writeSecrets();

  // The functions are told of the proxies before it is known what lies behind them.
  const started = Promise.withResolvers<Stack>();
  started.promise.catch(() => {});
  const before = async (service: keyof Stack['endpoints']) => {
    const target = started.promise.then(({ endpoints }) => endpoints[service]);
    target.catch(() => {});
    const proxy = await startFaultyProxy(target);
    closing.add(() => proxy.close());
    return proxy;
  };
  const reach = {
    queue: await before('sqs'),
    ledger: await before('dynamo'),
    secrets: await before('secrets'),
  };

  const stack = await startStack({
    port: 0,
    secretsFile,
    retryBaseSeconds: options.retryBaseSeconds ?? 0.1,
    certificateRetryBaseSeconds: options.certificateRetryBaseSeconds ?? 0.1,
    sweepEveryMs: options.sweepEveryMs ?? 200,
    environment: {
      AWS_ENDPOINT_URL_SQS: reach.queue.endpoint,
      AWS_ENDPOINT_URL_DYNAMODB: reach.ledger.endpoint,
      AWS_ENDPOINT_URL_SECRETS_MANAGER: reach.secrets.endpoint,
      // Nobody answers there: no flow asks the world about its made-up names.
      DNS_SERVERS: '127.0.0.1:9',
      LOG_LEVEL: 'DEBUG',
      ...options.environment,
    },
    runcloud: {
      ...options.runcloud,
      workspaces: [...placed.map(({ workspace }) => workspace), ...(options.runcloud?.workspaces ?? [])],
      switches: { callsPerMinute: 6_000, ...options.runcloud?.switches },
    },
    onLine: (line) => lines.push(line),
    onTrouble: (text) => lines.push(text),
  });
  closing.add(() => stack.close());
  started.resolve(stack);
  const { runcloud } = stack;
  if (runcloud === undefined) throw new Error('A flow has a RunCloud of its own');

  const dynamo = localDynamo(stack.endpoints.dynamo, region);
  closing.add(() => dynamo.destroy());
  const ledger = dynamoLedger({ client: dynamo, table: 'LedgerTable' });
  const sqs = localSqs(stack.endpoints.sqs, region);
  closing.add(() => sqs.destroy());
  const letters = letterBox(sqs, stack.queues.get('DomainDeadLetters')?.ref ?? '');

  let lastWordAt = 0;
  const nextInstant = (): Date => {
    lastWordAt = Math.max(Date.now(), lastWordAt + 1);
    return new Date(lastWordAt);
  };

  const networkOf = (place: PlacedNetwork): FlowNetwork => {
    const { name, serverId, appId } = place;
    const appPath = `/servers/${serverId}/webapps/${appId}`;
    const secret = (): Secret => secrets.get(name) ?? {};
    const domain = async (of: string) => (await ledger.read(domainKey(name, of)))?.item;

    const event: FlowNetwork['event'] = (type, data, sending = {}) => {
      const { id = `msg_${randomUUID()}`, timestamp = nextInstant(), secrets: by } = sending;
      const body = JSON.stringify({ type, timestamp: timestamp.toISOString(), data });
      const signing = by ?? (secret().RELAY_SECRET ?? '').split(' ');
      const signed = signatureHeaders(body, { secrets: signing, id, nowMs: Date.now() });
      return { body, headers: { 'content-type': 'application/json', ...signed } };
    };
    const post: FlowNetwork['post'] = (path, { body, headers }) =>
      fetch(`${stack.url}/${name}${path}`, { method: 'POST', headers, body });
    const send: FlowNetwork['send'] = (type, data, sending = {}) =>
      post(`/${sending.path ?? pathOf[type]}`, event(type, data, sending));
    const accepted = async (type: EventType, of: string, sending?: SendOptions) => {
      const answer = await send(type, { domain: of }, sending);
      expect([answer.status, await answer.json()]).toEqual([202, expect.objectContaining({ domain: of })]);
    };
    const stands = async (of: string, expected: Partial<DomainItem>): Promise<DomainItem> => {
      let item: DomainItem | undefined;
      await eventually(
        async () => {
          item = await domain(of);
          expect(item).toMatchObject({ ...expected });
        },
        { withinMs: 20_000, everyMs: 50 },
      );
      if (item === undefined) throw new Error(`The ledger does not know ${of}`);
      return item;
    };

    return {
      ...place,
      event,
      post,
      send,
      add: (of, sending) => accepted('domain.added', of, sending),
      remove: (of, sending) => accepted('domain.removed', of, sending),
      domain,
      certificate: async (of) => (await ledger.read(certificateKey(name, of)))?.item,
      record: async () => (await ledger.read(networkKey(name)))?.item,
      stands,
      settles: (of, expected) =>
        stands(of, { ...expected, dueAt: null, sendAt: null, owner: null, toSend: [] }),
      hosted: () => runcloud.app(appId).domains.map((row) => row.name),
      calls: () =>
        runcloud.requests.flatMap(({ method, path }) => {
          const [, rest] = path.split(appPath);
          return rest === undefined ? [] : [`${method} ${rest}`];
        }),
      arm: (rest, fault) => runcloud.arm({ ...fault, path: new RegExp(`${appPath}${rest}$`) }),
      letters: () => letters.of(name),
      letter: async (of) => {
        let letter: Letter | undefined;
        await eventually(
          async () => {
            letter = (await letters.of(name)).findLast(({ attributes }) => attributes.domain === of);
            expect(letter).toBeDefined();
          },
          { everyMs: 100 },
        );
        if (letter === undefined) throw new Error(`There is no dead letter of ${of}`);
        return letter;
      },
      changeSecret: async (changes) => {
        const next = { ...secret(), ...changes };
        for (const text of unspeakable(next)) unsaid.add(text);
        secrets.set(name, next);
        await writeSecrets();
      },
    };
  };

  const networks = new Map(placed.map((place) => [place.name, networkOf(place)]));
  return {
    ...stack,
    runcloud,
    ledger,
    reach,
    network: (name) => {
      const network = networks.get(name);
      if (network === undefined) throw new Error(`The flow was started without network ${name}`);
      return network;
    },
    hint: async (hint) => {
      const QueueUrl = stack.queues.get('DomainQueue')?.ref;
      await sqs.send(new SendMessageCommand({ QueueUrl, MessageBody: JSON.stringify(hint) }));
    },
    lines,
    leaks: () => {
      // Nothing was looked at if nothing was written.
      expect(lines).not.toEqual([]);
      return lines.filter(
        (line) => /whsec_|v1,/.test(line) || [...unsaid].some((text) => line.includes(text)),
      );
    },
    close: closing.close,
  };
};

/** A secret that no network of a flow has. */
export const strangersSecret = secretOf('the secret of somebody else entirely');
