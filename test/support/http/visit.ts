import { once } from 'node:events';
import { connect } from 'node:tls';

/**
 * A TLS handshake as a visitor makes it who trusts that CA alone: the names in the certificate and what is wrong with
 * it (null: nothing); or, where none came about, why not.
 */
export async function visit(
  port: number,
  servername: string | undefined,
  ca: string,
  withinMs = 60_000,
): Promise<unknown> {
  const socket = connect({
    host: '127.0.0.1',
    port,
    ca,
    rejectUnauthorized: false,
    ...(servername === undefined ? {} : { servername }),
  });
  try {
    await once(socket, 'secureConnect', { signal: AbortSignal.timeout(withinMs) });
    return { names: socket.getPeerX509Certificate()?.subjectAltName, error: socket.authorizationError };
  } catch (error) {
    return error;
  } finally {
    socket.destroy();
  }
}
