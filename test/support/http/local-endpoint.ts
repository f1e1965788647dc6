import { once } from 'node:events';
import { createServer, type RequestListener } from 'node:http';
import { portOf } from './port-of.ts';

/** An HTTP server on a free port of this machine, for a protocol that a test speaks. To be stopped. */
export async function startLocalEndpoint(listener: RequestListener) {
  const server = createServer(listener);
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    endpoint: `http://127.0.0.1:${portOf(server)}`,
    stop: async () => {
      server.closeAllConnections();
      server.close();
      await once(server, 'close');
    },
  };
}
