import type { APIGatewayProxyEventV2 } from 'aws-lambda';
import { receive as receiveConnection } from '../../functions/connection.ts';
import { receive as receiveAdded } from '../../functions/domain-added.ts';
import { receive as receiveRemoved } from '../../functions/domain-removed.ts';
import { receive as receiveStatus } from '../../functions/domain-status.ts';
import type { Receive } from '../../functions/http/api-handler.ts';
import type { RetryServices } from '../../functions/services/api.ts';
import type { ReadServices } from '../../functions/services/read.ts';
import { receive as receiveRetry } from '../../functions/ssl-retry.ts';
import { cachedSecrets } from '../../lib/aws/secret-cache.ts';
import { createLog } from '../../lib/observability/log.ts';
import type { NetworkSettings, Secrets } from '../../lib/settings/settings.ts';
import { manualClock } from '../doubles/manual-clock.ts';
import { memoryQueue } from '../doubles/queue.ts';
import { answer, apiWorld, type Reply } from '../support/api/api-world.ts';
import { readWorld } from '../support/api/read-world.ts';
import { silentMetrics } from '../support/silent-log.ts';
import { type Route, routes } from './asks/call.ts';
import { type Holdings, holdingsOf, seededLedger } from './holdings.ts';
import { networks, now } from './networks.ts';

export type FuzzServices = RetryServices & ReadServices;
export type Api = Receive<FuzzServices>;

/** The real handler of each route. */
export const handlers: Readonly<Record<Route, Api>> = {
  'POST /{network}/domain-added': receiveAdded,
  'POST /{network}/hooks/{token}/domain-created': receiveAdded,
  'POST /{network}/domain-removed': receiveRemoved,
  'POST /{network}/ssl-retry': receiveRetry,
  'GET /{network}/domains/{domain}': receiveStatus,
  'GET /{network}/domains': receiveStatus,
  'GET /{network}/connection': receiveConnection,
};

/** What one call came to. */
export interface Answered {
  readonly reply: Reply;
  readonly before: Holdings;
  readonly after: Holdings;
  readonly lines: readonly string[];
  /** How often it asked for a secret, the ledger or a queue. */
  readonly steps: number;
  readonly durationMs: number;
}

/** Counts the calls of every method. */
function counted<T extends object>(target: T, count: () => void): T {
  return new Proxy(target, {
    get: (object, name) => {
      const value: unknown = Reflect.get(object, name);
      if (typeof value !== 'function') return value;
      return (...given: unknown[]): unknown => {
        count();
        return Reflect.apply(value, object, given);
      };
    },
  });
}

/** Three networks over twins in memory, and what the API handlers did to them. */
export function fuzzWorld() {
  let steps = 0;
  const count = () => {
    steps += 1;
  };
  const clock = manualClock(now);
  const ledger = seededLedger();
  const queue = memoryQueue({ clock });
  const certificateQueue = memoryQueue({ clock });
  const lines: string[] = [];
  const write = (line: string) => lines.push(line);
  const secrets: Secrets<NetworkSettings> = cachedSecrets(async (name) => networks.get(name), clock, {
    limited: true,
  });
  const shared = {
    secrets: counted(secrets, count),
    ledger: counted(ledger, count),
    clock,
    log: createLog({ service: 'runcloud-relay', level: 'DEBUG', now: clock.now, write }),
    metrics: silentMetrics,
  };
  const services: FuzzServices = {
    ...readWorld(shared).services,
    ...apiWorld({
      ...shared,
      queue: counted(queue, count),
      certificateQueue: counted(certificateQueue, count),
    }).services,
    ...shared,
  };
  const holdings = () => holdingsOf(ledger, queue, certificateQueue);
  return { services, lines, holdings, steps: () => steps };
}

/** Calls the real handler of the event's route in a world of its own, or what `planted` makes of that handler. */
export async function call(
  event: APIGatewayProxyEventV2,
  planted: (api: Api) => Api = (api) => api,
): Promise<Answered> {
  const { services, lines, holdings, steps } = fuzzWorld();
  const route = routes.find((one) => one === event.routeKey);
  if (route === undefined) throw new Error(`No handler for ${event.routeKey}`);
  const before = holdings();
  const startedAt = performance.now();
  const reply = await answer(planted(handlers[route]), event, services);
  const durationMs = performance.now() - startedAt;
  return { reply, before, after: holdings(), lines, steps: steps(), durationMs };
}
