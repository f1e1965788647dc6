import { once } from 'node:events';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { Webhook } from 'standardwebhooks';
import { portOf } from '../http/port-of.ts';

export interface ReceivedOutcome {
  readonly request: IncomingMessage;
  readonly text: string;
  readonly arrivedAt: number;
}

export type Answer = (response: ServerResponse, request: IncomingMessage) => void;

export interface OutcomeReceiver {
  readonly port: number;
  readonly url: string;
  /** Every request that has arrived, in order. */
  readonly received: readonly ReceivedOutcome[];
  answerWith(answer: Answer): void;
  close(): Promise<void>;
}

/** Of every receiver after the specification. */
const TOLERANCE_MS = 300_000;

export function accept(response: ServerResponse): void {
  response.writeHead(202).end();
}

/** What answers at CALLBACK_URL, on a socket of this machine. */
export async function startReceiver(first: Answer = accept): Promise<OutcomeReceiver> {
  let answer = first;
  const received: ReceivedOutcome[] = [];
  const server = createServer(async (request, response) => {
    let text = '';
    for await (const chunk of request) text += String(chunk);
    received.push({ request, text, arrivedAt: Date.now() });
    answer(response, request);
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const port = portOf(server);
  return {
    port,
    url: `http://127.0.0.1:${port}/outcomes?token=x`,
    received,
    answerWith: (next) => {
      answer = next;
    },
    close: async () => {
      server.closeAllConnections();
      server.close();
      await once(server, 'close');
    },
  };
}

/**
 * The body, once the public package of Standard Webhooks has proven its signature. Throws if it does not. The package asks
 * how old a webhook is now; what counts is its age when it arrived, for a test on a busy machine may look minutes later.
 */
export function verified(
  { request: { headers }, text, arrivedAt }: ReceivedOutcome,
  secret: string,
): unknown {
  const webhook = new Webhook(secret);
  const id = String(headers['webhook-id']);
  const ageMs = arrivedAt - Number(headers['webhook-timestamp']) * 1_000;
  const signatures = String(headers['webhook-signature']).split(' ');
  const own = signatures.includes(webhook.sign(id, new Date(arrivedAt - ageMs), text));
  if (!own || !(Math.abs(ageMs) <= TOLERANCE_MS)) throw new Error(`No receiver takes the webhook ${id}`);
  return JSON.parse(text);
}
