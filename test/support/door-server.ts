import { once } from 'node:events';
import { createServer, type IncomingMessage } from 'node:http';
import type { Receive, Telling } from '../../functions/door.ts';
import { doorEvent } from './door-event.ts';
import { answer } from './door-world.ts';
import { portOf } from './port-of.ts';

const bytesOf = async (request: IncomingMessage): Promise<Buffer> => {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(Buffer.from(chunk));
  return Buffer.concat(chunks);
};

/** An HTTP API joins what is repeated with commas. */
const headersOf = ({ headersDistinct }: IncomingMessage): Record<string, string> =>
  Object.fromEntries(Object.entries(headersDistinct).map(([name, values = []]) => [name, values.join(',')]));

const queryOf = (params: URLSearchParams): Record<string, string> =>
  Object.fromEntries([...new Set(params.keys())].map((name) => [name, params.getAll(name).join(',')]));

export interface DoorRoute<S> {
  /** As in serverless.yml: `/{network}/domain-added`. */
  readonly path: string;
  readonly receive: Receive<S>;
}

const matched = (template: string, path: string): Record<string, string> | undefined =>
  new RegExp(`^${template.replace(/\{(\w+)\}/g, '(?<$1>[^/]+)')}$`).exec(path)?.groups;

/** Doors behind a real HTTP server that hands every call over as an HTTP API does, bodies as base64. */
export const startDoorServer = async <S extends Telling>(routes: readonly DoorRoute<S>[], services: S) => {
  const server = createServer(async (request, response) => {
    // As it was sent: a gateway does not walk over the dots of a path.
    const [path = '', ...query] = (request.url ?? '').split('?');
    for (const { path: template, receive } of routes) {
      const groups = matched(template, path);
      if (groups === undefined) continue;
      const reply = await answer(
        receive,
        doorEvent({
          routeKey: `${request.method} ${template}`,
          path,
          pathParameters: { ...groups },
          query: queryOf(new URLSearchParams(query.join('?'))),
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
};
