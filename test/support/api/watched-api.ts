import { once } from 'node:events';
import { connect, createServer, type Socket } from 'node:net';
import type { Canary } from '../flow/canary.ts';
import { portOf } from '../http/port-of.ts';

/** What a caller shows of itself: a signature, a token. */
const credentials = /^(?:webhook-signature:\s*|authorization:\s*\w+\s+)(.+?)\s*$/gim;

/**
 * Stands before the relay, passes every byte on, and shows each answer to the canary. What callers sign and identify
 * themselves with must not come back out anywhere.
 */
export async function startWatchedApi(
  target: Promise<string>,
  { watch, hush }: Pick<Canary, 'watch' | 'hush'>,
) {
  const open = new Set<Socket>();
  const server = createServer(async (caller) => {
    open.add(caller);
    const { port } = new URL(await target);
    const relay = connect({ host: '127.0.0.1', port: Number(port) });
    open.add(relay);
    const asked: Buffer[] = [];
    const answered: Buffer[] = [];
    caller.on('data', (chunk) => asked.push(chunk));
    relay.on('data', (chunk) => answered.push(chunk));
    const end = () => {
      caller.destroy();
      relay.destroy();
    };
    for (const socket of [caller, relay]) {
      socket.on('error', end);
      socket.on('close', () => open.delete(socket));
    }
    relay.on('close', () => {
      const heads = Buffer.concat(asked).toString('latin1');
      hush(...[...heads.matchAll(credentials)].flatMap(([, text = '']) => text.split(/\s+|v1,/)));
      watch('answer', Buffer.concat(answered).toString('utf8'));
      caller.destroy();
    });
    caller.on('close', () => relay.destroy());
    caller.pipe(relay);
    relay.pipe(caller);
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    url: `http://localhost:${portOf(server)}`,
    close: async () => {
      const closed = [...open].map((socket) => once(socket, 'close'));
      for (const socket of open) socket.destroy();
      server.close();
      await Promise.all([...closed, once(server, 'close')]);
    },
  };
}
