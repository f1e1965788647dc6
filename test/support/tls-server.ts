import { once } from 'node:events';
import { createServer } from 'node:tls';
import { portOf } from './port-of.ts';

/** A TLS server on 127.0.0.1 that shows this certificate and remembers which names were asked for. */
export const startTls = async (pair: { readonly cert: string; readonly key: string }) => {
  const askedFor: string[] = [];
  const SNICallback = (name: string, done: (error: null) => void) => {
    askedFor.push(name);
    done(null);
  };
  const server = createServer({ ...pair, SNICallback }, (socket) => {
    socket.on('error', () => socket.destroy());
    socket.resume();
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    port: portOf(server),
    askedFor,
    close: async () => {
      server.close();
      await once(server, 'close');
    },
  };
};
