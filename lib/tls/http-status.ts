import { request } from 'node:https';
import type { HandshakeTarget } from './handshake.ts';

/**
 * The status with which a server answers a visitor of a name; null: no answer over a trusted connection, which says nothing
 * about the status.
 */
export function httpStatus({
  address,
  port,
  servername,
  signal,
  ca,
}: HandshakeTarget): Promise<number | null> {
  return new Promise((resolve) => {
    const asked = request({
      host: address,
      port,
      servername,
      method: 'HEAD',
      path: '/',
      headers: { host: servername },
      // A kept connection would outlive the function's call.
      agent: false,
      signal,
      ...(ca === undefined ? {} : { ca }),
    });
    asked.on('response', (answer) => {
      resolve(answer.statusCode ?? null);
      asked.destroy();
    });
    // Not `once`: a later error, while the socket closes, must not end the process.
    asked.on('error', () => resolve(null));
    asked.end();
  });
}
