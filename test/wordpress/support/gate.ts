import { once } from 'node:events';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { portOf } from '../../support/http/port-of.ts';

/** What the relay's address does with a call: `pass` it on, answer in the relay's place, or say nothing until the gate opens. */
export type GateMode =
  | 'pass'
  | 'hold'
  | { readonly status: number; readonly headers?: Readonly<Record<string, string>>; readonly body?: string };

export interface GateCall {
  readonly method: string;
  readonly path: string;
  readonly headers: IncomingMessage['headers'];
  readonly body: string;
  /** Of the answer; undefined: there was none. */
  status: number | undefined;
}

/** The address that a network knows the relay by. It stays the same while the relay behind it is away. */
export interface Gate {
  readonly url: string;
  readonly calls: readonly GateCall[];
  set(mode: GateMode): void;
  /** Refuses connections, as a machine does where nothing listens. */
  down(): Promise<void>;
  up(): Promise<void>;
  close(): Promise<void>;
}

async function bodyOf(request: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk);
  return Buffer.concat(chunks).toString('utf8');
}

const sentOn = ['content-type', 'authorization', 'webhook-id', 'webhook-timestamp', 'webhook-signature'];

function headersOf({ headers }: IncomingMessage) {
  return Object.fromEntries(
    sentOn.flatMap((name): [string, string][] => {
      const value = headers[name];
      return typeof value === 'string' ? [[name, value]] : [];
    }),
  );
}

async function listen(server: Server, port: number): Promise<void> {
  server.listen(port, '127.0.0.1');
  await once(server, 'listening');
}

export async function startGate(relayUrl: string): Promise<Gate> {
  const calls: GateCall[] = [];
  let mode: GateMode = 'pass';

  async function handle(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const call: GateCall = {
      method: request.method ?? '',
      path: request.url ?? '',
      headers: request.headers,
      body: await bodyOf(request),
      status: undefined,
    };
    calls.push(call);
    if (mode === 'hold') return;
    if (mode !== 'pass') {
      call.status = mode.status;
      response.writeHead(mode.status, mode.headers).end(mode.body);
      return;
    }
    const body = call.method === 'GET' ? null : call.body;
    const answer = await fetch(relayUrl + call.path, {
      method: call.method,
      headers: headersOf(request),
      body,
    });
    const text = await answer.text();
    call.status = answer.status;
    const retryAfter = answer.headers.get('retry-after');
    response.writeHead(answer.status, {
      'content-type': answer.headers.get('content-type') ?? 'text/plain',
      ...(retryAfter === null ? {} : { 'retry-after': retryAfter }),
    });
    response.end(text);
  }

  const newServer = () =>
    createServer((request, response) => {
      handle(request, response).catch(() => request.socket.destroy());
    });
  let server = newServer();
  await listen(server, 0);
  const port = portOf(server);

  async function down(): Promise<void> {
    if (!server.listening) return;
    server.closeAllConnections();
    server.close();
    await once(server, 'close');
  }

  return {
    url: `http://127.0.0.1:${port}`,
    calls,
    set: (next) => {
      mode = next;
    },
    down,
    up: async () => {
      server = newServer();
      await listen(server, port);
    },
    close: down,
  };
}
