import { randomUUID } from 'node:crypto';
import { Webhook } from 'standardwebhooks';
import type { EventType } from '../../lib/webhook/event.ts';
import { CommandFailed } from '../errors.ts';
import type { Io } from '../io.ts';
import type { Relay } from '../target/relay.ts';
import { bodyOf } from './answer.ts';
import { callRelay } from './call.ts';
import { type Accepted, acceptedSchema } from './schemas.ts';

export interface EventData {
  readonly domain: string;
  readonly siteId?: number | undefined;
  readonly domainId?: number | undefined;
  readonly www?: boolean | undefined;
  readonly native?: boolean | undefined;
  readonly reason?: string | undefined;
}

const routes: Readonly<Record<EventType, string>> = {
  'domain.added': 'domain-added',
  'domain.removed': 'domain-removed',
  'domain.ssl_retry': 'ssl-retry',
};

/** Headers of Standard Webhooks, signed with each secret of the network, as its rotation wants it. */
function signed(id: string, body: string, secrets: readonly string[], nowMs: number): Record<string, string> {
  const at = new Date(nowMs);
  return {
    'content-type': 'application/json',
    'webhook-id': id,
    'webhook-timestamp': String(Math.floor(nowMs / 1_000)),
    'webhook-signature': secrets.map((secret) => new Webhook(secret).sign(id, at, body)).join(' '),
  };
}

/**
 * Announces an update as the multisite does. It keeps its id however often it is sent, so that the relay counts it once.
 * Throws `Refused` or `RelayUnusable`.
 */
export async function sendEvent(
  type: EventType,
  data: EventData,
  relay: Relay,
  io: Pick<Io, 'signal' | 'sleep' | 'now'>,
): Promise<Accepted> {
  const { network, target, credentials } = relay;
  const { relaySecrets } = credentials;
  if (relaySecrets.length === 0) {
    throw new CommandFailed(
      `No RELAY_SECRET for network ${network}: set it in its secret, with --url in the environment.`,
    );
  }
  const id = `cli_${randomUUID()}`;
  const body = JSON.stringify({ type, timestamp: new Date(io.now()).toISOString(), data });
  // Signed anew for each try: a repeat may come minutes later.
  const headers = () => {
    try {
      return signed(id, body, relaySecrets, io.now());
    } catch {
      // The library's own message may quote the secret.
      throw new CommandFailed(`The RELAY_SECRET for network ${network} is no whsec_… in base64: correct it.`);
    }
  };
  const response = await callRelay(
    target,
    { path: `/${network}/${routes[type]}`, method: 'POST', headers, body },
    io,
  );
  const { parsed } = await bodyOf(response, acceptedSchema, { relay, used: 'RELAY_SECRET', nowMs: io.now() });
  return parsed;
}
