import { once } from 'node:events';
import { createServer, type IncomingMessage } from 'node:http';
import type { Observability, Receive } from '../../../functions/http/api-handler.ts';
import { portOf } from '../http/port-of.ts';
import { apiEvent } from './api-event.ts';
import { answer } from './api-world.ts';
import { joined, pathParametersIn } from './http-api.ts';

async function bytesOf(request: IncomingMessage): Promise<Buffer> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(Buffer.from(chunk));
  return Buffer.concat(chunks);
}

function headersOf({ headersDistinct }: IncomingMessage): Record<string, string> {
  return joined(
    Object.entries(headersDistinct).flatMap(([name, values = []]) =>
      values.map((value) => [name, value] as const),
    ),
  );
}

export interface DoorRoute<S> {
  /** As in serverless.yml: `/{network}/domain-added`. */
  readonly path: string;
  readonly receive: Receive<S>;
}

/** API handlers behind a real HTTP server that hands every call over as an HTTP API does, bodies as base64. */
export async function startApiServer<S extends Observability>(routes: readonly DoorRoute<S>[], services: S) {
  const server = createServer(async (request, response) => {
    // As it was sent: a gateway does not walk over the dots of a path.
    const [path = '', ...query] = (request.url ?? '').split('?');
    for (const { path: template, receive } of routes) {
      const pathParameters = pathParametersIn(template, path);
      if (pathParameters === undefined) continue;
      const reply = await answer(
        receive,
        apiEvent({
          routeKey: `${request.method} ${template}`,
          path,
          pathParameters,
          query: joined(new URLSearchParams(query.join('?'))),
          headers: headersOf(request),
          body: await bytesOf(request),
        }),
        services,
      );
      for (const [name, value] of Object.entries(reply.headers ?? {}))
        response.setHeader(name, String(value));
      response.writeHead(reply.statusCode ?? 200).end(reply.body);
      return;
    }
    response.writeHead(404, { 'content-type': 'application/json' }).end('{"message":"Not Found"}');
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    url: `http://127.0.0.1:${portOf(server)}`,
    stop: async () => {
      server.closeAllConnections();
      server.close();
      await once(server, 'close');
    },
  };
}
