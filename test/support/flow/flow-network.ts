import { randomUUID } from 'node:crypto';
import { expect } from '@jest/globals';
import type { CertificateItem } from '../../../lib/sync/ledger/items/certificate-item.ts';
import type { DomainItem } from '../../../lib/sync/ledger/items/domain-item.ts';
import type { NetworkItem } from '../../../lib/sync/ledger/items/network-item.ts';
import { domainKey, networkKey, noticesKey } from '../../../lib/sync/ledger/keys.ts';
import type { Fault } from '../../../local/runcloud/http/faults.ts';
import type { RunningRuncloud } from '../../../local/runcloud/server.ts';
import { signatureHeaders } from '../api/sign.ts';
import { eventually } from '../eventually.ts';
import type { PlacedNetwork, Secret } from '../runcloud/place-network.ts';
import {
  type CertificateSurroundings,
  type FlowCertificates,
  flowCertificates,
} from './flow-certificates.ts';
import type { DeadLetter, deadLetterQueue } from './flow-dead-letters.ts';

export type EventType = 'domain.added' | 'domain.removed' | 'domain.ssl_retry';

const pathOf: Readonly<Record<EventType, string>> = {
  'domain.added': 'domain-added',
  'domain.removed': 'domain-removed',
  'domain.ssl_retry': 'ssl-retry',
};

export interface SendOptions {
  readonly id?: string;
  /** When it happened in the multisite. Default: now, and later than every update sent before. */
  readonly timestamp?: Date;
  /** The last part of the path, where it shall not be the type's. */
  readonly path?: string;
  /** Default: those of the network's secret. */
  readonly secrets?: readonly string[];
}

/** Values, or matchers of Jest. */
type Expected = { readonly [F in keyof DomainItem]?: unknown };

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
  /** Adds a domain; fails unless the API accepts it. */
  add(domain: string, options?: SendOptions): Promise<void>;
  remove(domain: string, options?: SendOptions): Promise<void>;
  retryCertificate(domain: string, reason: 'dns_ready' | 'manual'): Promise<void>;
  /** Posts exactly this to a path below the network, such as `/domain-added`. */
  post(path: string, call: Post): Promise<Response>;
  domain(name: string): Promise<DomainItem | undefined>;
  certificate(name: string): Promise<CertificateItem | undefined>;
  readonly certificates: FlowCertificates;
  record(): Promise<NetworkItem | undefined>;
  /** Waits until the ledger says this about a domain; what it says then. */
  stands(name: string, expected: Expected): Promise<DomainItem>;
  /** The same, with nothing left to do or to send. */
  settles(name: string, expected: Expected): Promise<DomainItem>;
  /** Names in the web application, in their order. */
  hosted(): string[];
  /** Calls about the web application so far, such as `POST /domains`. Numbers in paths stay. */
  calls(): string[];
  /**
   * Makes calls about the web application fail: `rest` is a regular expression for the end of their path.
   * Returns what repairs it.
   */
  arm(rest: string, fault: Omit<Fault, 'path'>): () => void;
  /** Dead letters of this network so far, each once. */
  deadLetters(): Promise<DeadLetter[]>;
  /** Waits for the dead letter of that domain. */
  deadLetter(domain: string): Promise<DeadLetter>;
  /** What people were told so far, by mail or as a notice that waits for one: the sweep mails at once what is no good news. */
  told(): Promise<readonly string[]>;
  /** What the functions read from now on, once they ask again. An empty text takes a key out, and none left the secret. */
  changeSecret(changes: Secret): Promise<void>;
}

/** What a network of a flow shares with the others. */
export interface FlowSurroundings extends CertificateSurroundings {
  readonly url: string;
  readonly runcloud: RunningRuncloud;
  readonly deadLetters: ReturnType<typeof deadLetterQueue>;
  /** Events that a test sends at once wait for each other: together they would outlast an API handler's time on a busy machine. */
  readonly inTurn: <T>(task: () => Promise<T>) => Promise<T>;
  /** Texts of the mails so far, each with the name of its network. */
  readonly mails: readonly string[];
  /** Later than every instant it gave before. */
  readonly nextInstant: () => Date;
  readonly secretOf: (network: string) => Secret;
  readonly setSecret: (network: string, secret: Secret) => Promise<void>;
}

/** A mail names its network first. Each notice has a line of when and where, and one of what happened. */
function messagesIn(mail: string): string[] {
  return mail
    .split('\n\n')
    .slice(1)
    .flatMap((notice) => notice.split('\n')[1] ?? []);
}

export function flowNetwork(place: PlacedNetwork, flow: FlowSurroundings): FlowNetwork {
  const { url, runcloud, ledger, deadLetters, nextInstant, setSecret } = flow;
  const { name, serverId, appId } = place;
  const certificates = flowCertificates(place, flow);
  const appPath = `/servers/${serverId}/webapps/${appId}`;
  const secret = () => flow.secretOf(name);
  const domain = async (of: string) => (await ledger.read(domainKey(name, of)))?.item;

  const event: FlowNetwork['event'] = (type, data, sending = {}) => {
    const { id = `msg_${randomUUID()}`, timestamp = nextInstant(), secrets: by } = sending;
    const body = JSON.stringify({ type, timestamp: timestamp.toISOString(), data });
    const signing = by ?? (secret().RELAY_SECRET ?? '').split(' ');
    const signed = signatureHeaders(body, { secrets: signing, id, nowMs: Date.now() });
    return { body, headers: { 'content-type': 'application/json', ...signed } };
  };
  const post: FlowNetwork['post'] = (path, { body, headers }) =>
    fetch(`${url}/${name}${path}`, { method: 'POST', headers, body });
  const send: FlowNetwork['send'] = (type, data, sending = {}) =>
    post(`/${sending.path ?? pathOf[type]}`, event(type, data, sending));
  const accepted = async (
    type: EventType,
    data: { readonly domain: string; readonly reason?: string },
    sending?: SendOptions,
  ) => {
    const answer = await flow.inTurn(() => send(type, data, sending));
    const expected = expect.objectContaining({ domain: data.domain });
    expect([answer.status, await answer.json()]).toEqual([202, expected]);
  };
  const stands = async (of: string, expected: Expected): Promise<DomainItem> => {
    let item: DomainItem | undefined;
    await eventually(
      async () => {
        item = await domain(of);
        expect(item).toMatchObject({ ...expected });
      },
      { everyMs: 50 },
    );
    if (item === undefined) throw new Error(`The ledger does not know ${of}`);
    return item;
  };

  return {
    ...place,
    event,
    post,
    send,
    add: (of, sending) => accepted('domain.added', { domain: of }, sending),
    remove: (of, sending) => accepted('domain.removed', { domain: of }, sending),
    retryCertificate: (of, reason) => accepted('domain.ssl_retry', { domain: of, reason }),
    domain,
    certificate: certificates.item,
    certificates,
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
    deadLetters: () => deadLetters.of(name),
    deadLetter: async (of) => {
      let deadLetter: DeadLetter | undefined;
      await eventually(
        async () => {
          deadLetter = (await deadLetters.of(name)).findLast(({ attributes }) => attributes.domain === of);
          expect(deadLetter).toBeDefined();
        },
        { everyMs: 100 },
      );
      if (deadLetter === undefined) throw new Error(`There is no dead letter of ${of}`);
      return deadLetter;
    },
    told: async () => {
      const waiting = (await ledger.read(noticesKey(name)))?.item.waiting ?? [];
      const mailed = flow.mails.filter((text) => text.startsWith(`Network ${name} of `)).flatMap(messagesIn);
      return [...new Set([...mailed, ...waiting.map(({ message }) => message)])];
    },
    changeSecret: (changes) => setSecret(name, { ...secret(), ...changes }),
  };
}
