import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { type RuncloudModel, type RuncloudOptions, runcloudModel } from './model.ts';
import type { RuncloudRequest } from './request-handler.ts';

export interface RunningRuncloud extends RuncloudModel {
  /** Without a slash at its end; what `RUNCLOUD_URL` wants. */
  readonly url: string;
  close(): Promise<void>;
}

async function toRequest(incoming: IncomingMessage): Promise<RuncloudRequest> {
  const chunks: Uint8Array[] = [];
  for await (const chunk of incoming) chunks.push(chunk);
  const url = new URL(incoming.url ?? '/', 'http://runcloud.invalid');
  const headers = Object.entries(incoming.headers).map(([name, value]) => [name, [value].flat().join(', ')]);
  return {
    method: incoming.method ?? 'GET',
    path: url.pathname,
    query: url.search,
    headers: Object.fromEntries(headers),
    body: Buffer.concat(chunks).toString('utf8'),
  };
}

async function answer(model: RuncloudModel, incoming: IncomingMessage, outgoing: ServerResponse) {
  const reply = await model.answer(await toRequest(incoming));
  if (reply === 'silence') return;
  if (reply === 'drop') {
    incoming.socket.resetAndDestroy();
    return;
  }
  outgoing.writeHead(reply.status, reply.headers).end(reply.body);
}

/** Our own RunCloud on a port of this machine (0: any free one). */
export async function startRuncloud({
  port = 0,
  ...options
}: RuncloudOptions & { readonly port?: number }): Promise<RunningRuncloud> {
  const model = runcloudModel(options);
  const server = createServer((incoming, outgoing) => {
    // A caller that hung up in the middle of its request is no fault of ours; whatever else it is, it must be seen.
    answer(model, incoming, outgoing).catch((error: unknown) => {
      if (incoming.errored === null) outgoing.writeHead(500).end(String(error));
    });
  });
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(port, '127.0.0.1', resolve);
  });
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('RunCloud is not listening on a port');

  return {
    ...model,
    url: `http://127.0.0.1:${address.port}`,
    close: () =>
      new Promise((resolve, reject) => {
        server.close((error) => (error ? reject(error) : resolve()));
        server.closeAllConnections();
      }),
  };
}
