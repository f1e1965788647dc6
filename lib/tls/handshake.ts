import { connect, type TLSSocket } from 'node:tls';
import { type ShownCertificate, shownCertificate } from './shown-certificate.ts';

export interface HandshakeTarget {
  readonly address: string;
  readonly port: number;
  readonly servername: string;
  /** Ends the handshake, whatever the peer does. */
  readonly signal: AbortSignal;
  /** The only CA to trust; default: those that Node trusts. */
  readonly ca?: string;
}

export type Handshake = (target: HandshakeTarget) => Promise<ShownCertificate>;

/** No handshake completed. The message is for an operator, the cause is the socket's error. */
export class TlsFailed extends Error {
  override readonly name = 'TlsFailed';
  /** The server spoke TLS, and ended the handshake with this alert (RFC 8446, 6). */
  readonly alert: number | null;

  constructor(message: string, { alert = null, ...options }: ErrorOptions & { alert?: number | null } = {}) {
    super(message, options);
    this.alert = alert;
  }
}

const unrecognizedName = 112;

/** OpenSSL gives the number only at the end of its message. */
function alertIn({ message }: Error): number | null {
  const [, number] = /SSL alert number (\d+)/.exec(message) ?? [];
  return number === undefined ? null : Number(number);
}

function reasonOf(error: Error): string {
  return 'code' in error && typeof error.code === 'string' ? error.code : error.name;
}

function failure(where: string, servername: string, cause: Error): TlsFailed {
  const alert = alertIn(cause);
  const reason = alert === unrecognizedName ? `it knows no certificate for ${servername}` : reasonOf(cause);
  return new TlsFailed(`No TLS handshake with ${where}: ${reason}`, { cause, alert });
}

/** Makes a handshake for the name and hangs up. An invalid certificate is a result too. */
export const handshake: Handshake = ({ address, port, servername, signal, ca }) =>
  new Promise((resolve, reject) => {
    const where = `${address} port ${port}`;
    const late = () => new TlsFailed(`No TLS handshake with ${where} in time`);
    if (signal.aborted) {
      reject(late());
      return;
    }
    const socket: TLSSocket = connect({
      host: address,
      port,
      servername,
      // A bad certificate is reported and must not end the call.
      rejectUnauthorized: false,
      ...(ca === undefined ? {} : { ca }),
    });
    const giveUp = () => socket.destroy(late());
    signal.addEventListener('abort', giveUp, { once: true });
    socket.once('secureConnect', () => {
      resolve(shownCertificate(socket, servername));
      socket.destroy();
    });
    // Not `once`: a later error, while the socket closes, must not end the process.
    socket.on('error', (error) =>
      reject(error instanceof TlsFailed ? error : failure(where, servername, error)),
    );
    socket.once('close', () => {
      signal.removeEventListener('abort', giveUp);
      reject(new TlsFailed(`${where} hung up before the TLS handshake was over`));
    });
  });
