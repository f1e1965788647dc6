import type { APIGatewayProxyEventV2 } from 'aws-lambda';
import { receive as receiveConnection } from '../../functions/connection.ts';
import { receive as receiveAdded } from '../../functions/domain-added.ts';
import { receive as receiveRemoved } from '../../functions/domain-removed.ts';
import { receive as receiveStatus } from '../../functions/domain-status.ts';
import type { Receive } from '../../functions/door.ts';
import type { RetryServices } from '../../functions/door-services.ts';
import type { ReadServices } from '../../functions/read-services.ts';
import { receive as receiveRetry } from '../../functions/ssl-retry.ts';
import { createLog } from '../../lib/log.ts';
import { type MemoryLedger, memoryLedger } from '../../lib/memory/ledger.ts';
import { manualClock } from '../../lib/memory/manual-clock.ts';
import { type MemoryQueue, memoryQueue } from '../../lib/memory/queue.ts';
import type { NetworkSettings, Secrets } from '../../lib/settings.ts';
import { domainKey } from '../../lib/sync/items.ts';
import { answer, doorWorld, type Reply } from '../support/door-world.ts';
import { settledItem } from '../support/items.ts';
import { readWorld } from '../support/read-world.ts';
import { type Route, routes } from './call.ts';
import { known, networks, now } from './networks.ts';

export type FuzzServices = RetryServices & ReadServices;

/** The real handler of each route. */
export const handlers: Readonly<Record<Route, Receive<FuzzServices>>> = {
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
  /** Domains that it put into the ledger. */
  readonly stored: readonly { readonly network: string; readonly domain: string }[];
  readonly hinted: MemoryQueue['sent'];
  readonly lines: readonly string[];
  /** How often it asked for a secret, the ledger or the queue. */
  readonly steps: number;
  readonly durationMs: number;
}

/** Counts the calls of every method. */
const counted = <T extends object>(target: T, count: () => void): T =>
  new Proxy(target, {
    get: (object, name) => {
      const value: unknown = Reflect.get(object, name);
      if (typeof value !== 'function') return value;
      return (...given: unknown[]): unknown => {
        count();
        return Reflect.apply(value, object, given);
      };
    },
  });

const seeded = (): MemoryLedger => {
  const ledger = memoryLedger();
  for (const [network, domains] of Object.entries(known)) {
    for (const domain of domains) ledger.put(domainKey(network, domain), settledItem({ network, domain }));
  }
  return ledger;
};

/** Three networks over twins in memory, and what the doors did to them. */
export const fuzzWorld = () => {
  let steps = 0;
  const count = () => {
    steps += 1;
  };
  const clock = manualClock(now);
  const ledger = seeded();
  const before = new Set(ledger.all('domain').map(({ network, domain }) => `${network} ${domain}`));
  const queue = memoryQueue({ clock });
  const lines: string[] = [];
  const write = (line: string) => lines.push(line);
  const secrets: Secrets<NetworkSettings> = { settings: async (network) => networks.get(network) };
  const shared = {
    secrets: counted(secrets, count),
    ledger: counted(ledger, count),
    clock,
    log: createLog({ service: 'runcloud-relay', level: 'DEBUG', now: clock.now, write }),
  };
  const services: FuzzServices = {
    ...readWorld(shared).services,
    ...doorWorld({ ...shared, queue: counted(queue, count) }).services,
    ...shared,
  };
  const stored = () =>
    ledger
      .all('domain')
      .map(({ network, domain }) => ({ network, domain }))
      .filter(({ network, domain }) => !before.has(`${network} ${domain}`));
  return { services, queue, lines, stored, steps: () => steps };
};

/** Calls the real handler of the event's route, in a world of its own. */
export const call = async (event: APIGatewayProxyEventV2): Promise<Answered> => {
  const { services, queue, lines, stored, steps } = fuzzWorld();
  const route = routes.find((one) => one === event.routeKey);
  if (route === undefined) throw new Error(`No handler for ${event.routeKey}`);
  const startedAt = performance.now();
  const reply = await answer(handlers[route], event, services);
  const durationMs = performance.now() - startedAt;
  return { reply, stored: stored(), hinted: queue.sent, lines, steps: steps(), durationMs };
};
