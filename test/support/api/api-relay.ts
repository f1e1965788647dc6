import { receive as receiveAdded } from '../../../functions/domain-added.ts';
import { receive as receiveRead } from '../../../functions/domain-status.ts';
import type { Observability, Receive } from '../../../functions/http/api-handler.ts';
import { systemClock } from '../../../lib/clock.ts';
import { memoryLedger } from '../../doubles/ledger.ts';
import { startApiServer } from './api-server.ts';
import { apiWorld, json } from './api-world.ts';
import { readWorld } from './read-world.ts';

export interface ApiRelay {
  /** Its network is `demo`. */
  readonly url: string;
  /** The statuses that the updates of a domain were answered with. */
  readonly answers: ReadonlyMap<string, readonly unknown[]>;
  /** How many updates are being received. */
  underWay(): number;
  stop(): Promise<void>;
}

/** The real API handlers over a ledger in memory, without workers. */
export async function startApiRelay(): Promise<ApiRelay> {
  const part = { ledger: memoryLedger(), clock: systemClock };
  const { services: api } = apiWorld(part);
  const { services: read } = readWorld(part);
  const answers = new Map<string, unknown[]>();
  let underWay = 0;
  const added: Receive<Observability> = async (event) => {
    underWay += 1;
    try {
      const reply = await receiveAdded(event, api);
      const { domain, status } = Object(json(reply));
      answers.set(domain, [...(answers.get(domain) ?? []), status]);
      return reply;
    } finally {
      underWay -= 1;
    }
  };
  const server = await startApiServer<Observability>(
    [
      { path: '/{network}/domain-added', receive: added },
      { path: '/{network}/domains', receive: (event) => receiveRead(event, read) },
      { path: '/{network}/domains/{domain}', receive: (event) => receiveRead(event, read) },
    ],
    api,
  );
  return { ...server, answers, underWay: () => underWay };
}
