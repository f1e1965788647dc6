import type { APIGatewayProxyEventV2 } from 'aws-lambda';
import { Webhook } from 'standardwebhooks';
import { receive as receiveAdded } from '../../../functions/domain-added.ts';
import { receive as receiveRemoved } from '../../../functions/domain-removed.ts';
import { toProblem } from '../../../functions/http/problem.ts';
import { receive as receiveRetry } from '../../../functions/ssl-retry.ts';
import type { Secrets } from '../../../lib/settings/settings.ts';
import type { Ledger } from '../../../lib/sync/ledger/ports.ts';
import { nobodysQueue } from '../../support/aws/unread-queue.ts';
import { silentLog, silentMetrics } from '../../support/silent-log.ts';
import type { Actor } from '../chance/scheduler.ts';
import {
  actorClock,
  unreliableLedger,
  unreliableQueue,
  unreliableSecrets,
} from '../chance/unreliable-ports.ts';
import { meaningOf } from '../watch/api-answers.ts';
import type { CertificateWatch } from '../watch/certificates/certificate-watch.ts';
import { type KeptSecret, keptSecrets, skewOf } from './workers/cached-secrets.ts';
import { BASE_MS, NETWORK, RELAY_SECRET, type World } from './world.ts';

/** For one event: an update is read and written, a retry reads and writes two items. A second writer doubles that. */
const MOST_LEDGER_CALLS = 12;
const API_TIMEOUT_MS = 10_000;

/** The event, the same in every copy. */
export interface SentEvent {
  readonly api: 'domain-added' | 'domain-removed' | 'ssl-retry';
  readonly id: string;
  readonly timestamp: string;
  readonly data: { readonly domain: string; readonly [field: string]: unknown };
}

export interface Listeners {
  readonly arrived: (delaySeconds: number) => void;
  readonly certificatesArrived: (delaySeconds: number) => void;
  readonly certificates: CertificateWatch | null;
  /** An update about the domain counts if it reached its API handler at that moment. */
  readonly accepted: (domain: string, calledAt: number, api: SentEvent['api']) => void;
  /** The ledger, as the watch shows it to an actor. */
  readonly guarding: (ledger: Ledger, actor: Actor) => Ledger;
  /** The secret as each process of the API handlers has cached it. */
  readonly apis: readonly Secrets<KeptSecret>[];
}

/** The final result of one copy of an update. `refused`: its domain is protected now. */
export type Confirmation = 'confirmed' | 'refused';

const API_PROCESSES = {
  'domain-added': receiveAdded,
  'domain-removed': receiveRemoved,
  'ssl-retry': receiveRetry,
};

function eventOf({ api, id, timestamp, data }: SentEvent, now: number): APIGatewayProxyEventV2 {
  const type = { 'domain-added': 'added', 'domain-removed': 'removed', 'ssl-retry': 'ssl_retry' }[api];
  const body = JSON.stringify({ type: `domain.${type}`, timestamp, data });
  const sentAt = new Date(now);
  const path = `/${NETWORK}/${api}`;
  const routeKey = `POST /{network}/${api}`;
  return {
    version: '2.0',
    routeKey,
    rawPath: path,
    rawQueryString: '',
    headers: {
      host: 'relay.example',
      'content-type': 'application/json',
      'webhook-id': id,
      'webhook-timestamp': String(Math.floor(now / 1_000)),
      'webhook-signature': new Webhook(RELAY_SECRET).sign(id, sentAt, body),
    },
    pathParameters: { network: NETWORK },
    requestContext: {
      accountId: '000000000000',
      apiId: 'api',
      domainName: 'relay.example',
      domainPrefix: 'relay',
      http: { method: 'POST', path, protocol: 'HTTP/1.1', sourceIp: '127.0.0.1', userAgent: 'simulator' },
      requestId: id,
      routeKey,
      stage: '$default',
      time: sentAt.toUTCString(),
      timeEpoch: now,
    },
    body,
    isBase64Encoded: false,
  };
}

/** Counts what a customer waits for. */
function countedLedger(ledger: Ledger): { readonly counted: Ledger; readonly calls: { made: number } } {
  const calls = { made: 0 };
  const counted: Ledger = {
    ...ledger,
    read: (key) => {
      calls.made++;
      return ledger.read(key);
    },
    readAll: (keys) => {
      calls.made++;
      return ledger.readAll(keys);
    },
    write: (key, item, writes) => {
      calls.made++;
      return ledger.write(key, item, writes);
    },
    create: (key, item) => {
      calls.made++;
      return ledger.create(key, item);
    },
  };
  return { counted, calls };
}

/** Delivers one copy of an event to the real API handler, and again, as the multisite does, until its final answer. */
export function callApi(
  world: World,
  sent: SentEvent,
  listeners: Listeners,
  answered: (how: Confirmation) => void,
): void {
  const { scheduler, random, ledger, queue, ssl } = world;
  let over = false;
  const host = random.between(0, listeners.apis.length - 1);
  const secrets = listeners.apis[host] ?? keptSecrets(world, host);
  const calledAt = scheduler.now();
  const actor: Actor = {
    name: `API handler(${sent.id})`,
    deadlineAt: calledAt + API_TIMEOUT_MS + 60_000,
    skewMs: () => skewOf(world, host),
    mortal: true,
  };
  const { certificates, arrived, certificatesArrived } = listeners;
  const { counted, calls } = countedLedger(listeners.guarding(ledger, actor));
  const call = async (): Promise<void> => {
    try {
      const answer = await API_PROCESSES[sent.api](eventOf(sent, scheduler.now()), {
        secrets: unreliableSecrets(world, actor, secrets),
        ledger: unreliableLedger(world, actor, certificates?.guarding(counted, actor) ?? counted),
        queue: unreliableQueue(world, actor, queue, arrived),
        certificateQueue:
          ssl === null ? nobodysQueue : unreliableQueue(world, actor, ssl.queue, certificatesArrived),
        clock: actorClock(scheduler, actor),
        log: silentLog,
        metrics: silentMetrics,
        domainBaseMs: BASE_MS,
        certificateBaseMs: 2 * BASE_MS,
      });
      if (answer.statusCode !== 202)
        throw new Error(`The API handler answered ${answer.statusCode}: ${answer.body}`);
      if (world.scenario.contention === 0 && calls.made > MOST_LEDGER_CALLS)
        throw new Error(`${actor.name} calls the ledger ${calls.made} times`);
      over = true;
      if (sent.api !== 'ssl-retry') world.arrivals.arrived(sent.data.domain, sent.id);
      if (sent.api === 'domain-added') certificates?.returned.answered(sent.data.domain, sent.id);
      answered('confirmed');
      const { status } = JSON.parse(answer.body ?? '{}');
      if (status === 'accepted') listeners.accepted(sent.data.domain, calledAt, sent.api);
      scheduler.note(`${actor.name} ${sent.api} ${sent.data.domain}: ${status}`);
    } catch (error) {
      const problem = toProblem(error);
      const meaning = meaningOf(problem, sent, world, host);
      if (meaning === 'bug') throw problem.cause ?? error;
      if (meaning === 'send again') return;
      over = true;
      if (meaning === 'protected') answered('refused');
      scheduler.note(`${actor.name} ${sent.api} ${sent.data.domain}: ${meaning}`);
    }
  };
  scheduler.start(actor, call, () => {
    if (over) return;
    scheduler.at(scheduler.now() + random.between(10, 900) * 1_000, () =>
      callApi(world, sent, listeners, answered),
    );
  });
}
