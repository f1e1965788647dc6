import { once } from 'node:events';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { addressOf } from '../../../local/address-of.ts';
import type { AwsCall, AwsRequest } from './aws-call.ts';

export interface RecordingProxy {
  readonly endpoint: string;
  /** Every call so far. */
  readonly calls: readonly AwsCall[];
  /** What could not be passed on or understood. */
  readonly troubles: readonly string[];
  close(): Promise<void>;
}

const notPassedOn = new Set(['host', 'connection', 'content-length', 'expect', 'transfer-encoding']);

function passedOn(request: IncomingMessage): [string, string][] {
  return Object.entries(request.headers).flatMap(([name, value]) =>
    typeof value === 'string' && !notPassedOn.has(name) ? [[name, value] as [string, string]] : [],
  );
}

/** Stands between a caller and AWS, and writes down what the caller asks of it. */
export async function startRecordingProxy(
  target: string,
  toCall: (request: AwsRequest) => AwsCall,
): Promise<RecordingProxy> {
  const calls: AwsCall[] = [];
  const troubles: string[] = [];

  const pass = async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk);
    const body = Buffer.concat(chunks);
    const { method = '', url = '', headers: sent } = request;
    calls.push(toCall({ method, url, headers: sent, body: body.toString() }));
    const answer = await fetch(target + url, {
      method,
      headers: passedOn(request),
      ...(body.length > 0 && { body }),
    });
    const bytes = Buffer.from(await answer.arrayBuffer());
    const headers = [...answer.headers].filter(([name]) => !notPassedOn.has(name));
    response.writeHead(answer.status, Object.fromEntries(headers)).end(bytes);
  };
  const server = createServer((request, response) => {
    pass(request, response).catch((error: unknown) => {
      troubles.push(String(error));
      request.socket.destroy();
    });
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');

  return {
    endpoint: addressOf(server),
    calls,
    troubles,
    close: async () => {
      server.closeAllConnections();
      server.close();
      await once(server, 'close');
    },
  };
}
