import { once } from 'node:events';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { Webhook } from 'standardwebhooks';
import { portOf } from '../http/port-of.ts';

export interface ReceivedOutcome {
  readonly request: IncomingMessage;
  readonly text: string;
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
    received.push({ request, text });
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

/** The body, once the public package of Standard Webhooks has proven its signature. Throws if it does not. */
export function verified({ request: { headers }, text }: ReceivedOutcome, secret: string): unknown {
  return new Webhook(secret).verify(text, {
    'webhook-id': String(headers['webhook-id']),
    'webhook-timestamp': String(headers['webhook-timestamp']),
    'webhook-signature': String(headers['webhook-signature']),
  });
}
