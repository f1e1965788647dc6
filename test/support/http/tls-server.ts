import { once } from 'node:events';
import type { Socket } from 'node:net';
import { createSecureContext, createServer } from 'node:tls';
import { portOf } from './port-of.ts';

export interface KeyPair {
  readonly cert: string;
  readonly key: string;
}

/**
 * A TLS server on 127.0.0.1 that shows this certificate, or the one kept for the name that is asked for, and remembers
 * which names were. It answers any request with a page that is empty.
 */
export async function startTls(pair: KeyPair, byName: Readonly<Record<string, KeyPair>> = {}) {
  const askedFor: string[] = [];
  const sockets = new Set<Socket>();
  const SNICallback = (
    name: string,
    done: (error: null, context?: ReturnType<typeof createSecureContext>) => void,
  ) => {
    askedFor.push(name);
    const own = byName[name];
    if (own === undefined) done(null);
    else done(null, createSecureContext(own));
  };
  const server = createServer({ ...pair, SNICallback }, (socket) => {
    socket.on('error', () => socket.destroy());
    socket.once('data', () => socket.end('HTTP/1.1 204 No Content\r\n\r\n'));
  });
  server.on('connection', (socket) => {
    sockets.add(socket);
    socket.once('close', () => sockets.delete(socket));
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    port: portOf(server),
    askedFor,
    close: async () => {
      server.close();
      for (const socket of sockets) socket.destroy();
      await once(server, 'close');
    },
  };
}
