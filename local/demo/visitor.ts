import { connect } from 'node:tls';
import type { Internet } from '../world/internet.ts';

/** Whether a visitor who opens a domain over HTTPS is shown a certificate that a browser accepts. */
export type Visitors = (domain: string) => Promise<boolean>;

const withinMs = 3_000;

/** Makes a handshake with our own servers, without asking the relay. */
export function visitorsOf({ edge, authority }: Pick<Internet, 'edge' | 'authority'>): Visitors {
  return (domain) =>
    new Promise((resolve) => {
      const socket = connect({
        host: '127.0.0.1',
        port: edge.port,
        servername: domain,
        ca: authority.certificate,
        timeout: withinMs,
      });
      const end = (content: boolean) => {
        socket.destroy();
        resolve(content);
      };
      // Only a certificate that is trusted, in time and for that name brings the handshake to its end.
      socket.once('secureConnect', () => end(true));
      socket.once('timeout', () => end(false));
      socket.on('error', () => end(false));
    });
}
