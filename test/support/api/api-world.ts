import type { APIGatewayProxyEventV2, APIGatewayProxyStructuredResultV2, Context } from 'aws-lambda';
import { apiHandler, type Observability, type Receive } from '../../../functions/http/api-handler.ts';
import type { RetryServices } from '../../../functions/services/api.ts';
import type { ApiSettings } from '../../../functions/services/secrets.ts';
import { createLog } from '../../../lib/observability/log.ts';
import type { Secrets } from '../../../lib/settings/settings.ts';
import { memoryLedger } from '../../doubles/ledger.ts';
import { manualClock } from '../../doubles/manual-clock.ts';
import { memoryQueue } from '../../doubles/queue.ts';
import { silentMetrics } from '../silent-log.ts';
import { apiEvent, type Call } from './api-event.ts';
import { secretOf, signatureHeaders } from './sign.ts';

export const nowMs = Date.parse('2026-11-21T05:00:30.250Z');
export const relaySecret = secretOf('the relay secret of network demo');
export const otherSecret = secretOf('the secret of somebody else, 24+');
export const hookToken = 'hook-token-of-32-characters-0123';

export const demoSettings: ApiSettings = {
  relaySecrets: [relaySecret],
  hookTokens: [hookToken],
  protectedDomains: ['network.example', 'www.main.example'],
  removalGraceMinutes: 0,
};

/** Secrets that keep their first answer until a caller asks for a fresh one, and count how often that was. */
export function rotatingSecrets<T>(first: T | undefined) {
  let kept = first;
  let current = first;
  const asked: { network: string; fresh: boolean }[] = [];
  const secrets: Secrets<T> = {
    settings: async (network, { fresh = false } = {}) => {
      asked.push({ network, fresh });
      if (network !== 'demo') return undefined;
      if (fresh) kept = current;
      return kept;
    },
  };
  const rotate = (to: T | undefined) => {
    current = to;
  };
  return { secrets, rotate, asked };
}

/** An API handler's world in memory; `part` replaces what a test is about. */
export function apiWorld(part: Partial<RetryServices> = {}) {
  const clock = manualClock(nowMs);
  const ledger = memoryLedger();
  const queue = memoryQueue({ clock });
  const certificateQueue = memoryQueue({ clock });
  const { secrets, rotate, asked } = rotatingSecrets<ApiSettings>(demoSettings);
  const lines: string[] = [];
  const services: RetryServices = {
    secrets,
    ledger,
    queue,
    certificateQueue,
    clock,
    log: createLog({
      service: 'runcloud-relay',
      level: 'DEBUG',
      now: clock.now,
      write: (line) => lines.push(line),
    }),
    metrics: silentMetrics,
    domainBaseMs: 30_000,
    certificateBaseMs: 60_000,
    ...part,
  };
  return { services, ledger, queue, certificateQueue, clock, rotate, asked, lines };
}

export const apiContext: Context = {
  callbackWaitsForEmptyEventLoop: true,
  functionName: 'domain-added',
  functionVersion: '$LATEST',
  invokedFunctionArn: 'arn:aws:lambda:eu-west-1:000000000000:function:API handler',
  memoryLimitInMB: '512',
  awsRequestId: 'request',
  logGroupName: 'domain-added',
  logStreamName: 'domain-added',
  getRemainingTimeInMillis: () => 10_000,
  done: () => undefined,
  fail: () => undefined,
  succeed: () => undefined,
};

export type Reply = APIGatewayProxyStructuredResultV2;

/** What the API handler answers, errors turned into replies as for Lambda. */
export function answer<S extends Observability>(
  receive: Receive<S>,
  event: APIGatewayProxyEventV2,
  services: S,
  remainingMs = 10_000,
): Promise<Reply> {
  return apiHandler(receive, () => services)(event, {
    ...apiContext,
    getRemainingTimeInMillis: () => remainingMs,
  });
}

export function json(reply: Reply): unknown {
  return JSON.parse(reply.body ?? '');
}

export interface SignedCall {
  readonly body: string;
  readonly network?: string;
  readonly id?: string;
  readonly secrets?: readonly string[];
  readonly signedAtMs?: number;
  readonly headers?: Readonly<Record<string, string>>;
}

/** A well signed call to one of the three API handlers; a test spoils one part of it. */
export function signedCall(
  name: 'domain-added' | 'domain-removed' | 'ssl-retry',
  {
    body,
    network = 'demo',
    id = 'msg_1',
    secrets = [relaySecret],
    signedAtMs = nowMs,
    headers = {},
  }: SignedCall,
  part: Partial<Call> = {},
): APIGatewayProxyEventV2 {
  return apiEvent({
    routeKey: `POST /{network}/${name}`,
    path: `/${network}/${name}`,
    pathParameters: { network },
    headers: {
      host: 'relay.acme-bikes.com',
      'x-forwarded-proto': 'https',
      'content-type': 'application/json',
      ...signatureHeaders(body, { secrets, id, nowMs: signedAtMs }),
      ...headers,
    },
    body,
    ...part,
  });
}

/** A call of the built-in webhook. */
export function hookCall(body: string, token = hookToken, network = 'demo', part: Partial<Call> = {}) {
  return apiEvent({
    routeKey: 'POST /{network}/hooks/{token}/domain-created',
    path: `/${network}/hooks/${token}/domain-created`,
    pathParameters: { network, token },
    headers: {
      host: 'relay.acme-bikes.com',
      'x-forwarded-proto': 'https',
      'content-type': 'application/json',
    },
    body,
    ...part,
  });
}
