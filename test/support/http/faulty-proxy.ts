import { once } from 'node:events';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { portOf } from './port-of.ts';

/**
 * `drop`: the connection ends before the call gets through. `lose-answer`: it gets through, then the connection ends.
 * `hang`: nothing is ever answered. `throttle`, `invalid`, `broken`: two answers of AWS's kind, and one of a broken gateway.
 */
type ProxyFault = 'drop' | 'lose-answer' | 'hang' | 'throttle' | 'invalid' | 'broken';

export interface FaultyProxy {
  readonly endpoint: string;
  /** What was done to each call, `undefined`: passed on. */
  readonly seen: readonly (ProxyFault | undefined)[];
  /** `meanwhile`: what others do once the call has got through, before its answer is lost. */
  next(fault: ProxyFault, meanwhile?: () => Promise<void>): void;
  always(fault: ProxyFault | undefined): void;
  close(): Promise<void>;
}

async function bodyOf(request: IncomingMessage) {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk);
  return Buffer.concat(chunks);
}

function headersOf(request: IncomingMessage) {
  return new Headers(
    Object.entries(request.headers).flatMap(([name, value]): [string, string][] =>
      typeof value === 'string' && !['host', 'connection', 'content-length'].includes(name)
        ? [[name, value]]
        : [],
    ),
  );
}

/** Stands before an emulator of AWS and spoils the chosen calls. `watch` receives the body of each call. */
export async function startFaultyProxy(
  target: string | Promise<string>,
  watch: (body: string) => void = () => {},
): Promise<FaultyProxy> {
  const seen: (ProxyFault | undefined)[] = [];
  let forNext: ProxyFault | undefined;
  let meanwhile: (() => Promise<void>) | undefined;
  let always: ProxyFault | undefined;

  const pass = async (request: IncomingMessage, response: ServerResponse) => {
    const body = await bodyOf(request);
    watch(body.toString('utf8'));
    const fault = forNext ?? always;
    forNext = undefined;
    seen.push(fault);
    if (fault === 'hang') return;
    if (fault === 'drop') return void request.socket.destroy();
    if (fault === 'throttle' || fault === 'invalid') {
      const type = fault === 'throttle' ? 'ThrottlingException' : 'ValidationException';
      response.writeHead(400, { 'content-type': 'application/x-amz-json-1.0' });
      return void response.end(JSON.stringify({ __type: type, message: 'Not this call' }));
    }
    if (fault === 'broken') return void response.writeHead(502).end('<html>Bad Gateway</html>');
    const url = (await target) + request.url;
    const answer = await fetch(url, { method: 'POST', headers: headersOf(request), body });
    const text = await answer.text();
    if (fault === 'lose-answer') {
      const others = meanwhile;
      meanwhile = undefined;
      await others?.();
      return void request.socket.destroy();
    }
    response.writeHead(answer.status, Object.fromEntries(answer.headers)).end(text);
  };
  // A hang-up, by the caller or the emulator, ends this one call.
  const server = createServer((request, response) => {
    pass(request, response).catch(() => request.socket.destroy());
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');

  return {
    endpoint: `http://127.0.0.1:${portOf(server)}`,
    seen,
    next: (fault, others) => {
      forNext = fault;
      meanwhile = others;
    },
    always: (fault) => {
      always = fault;
    },
    async close() {
      server.closeAllConnections();
      server.close();
      await once(server, 'close');
    },
  };
}
