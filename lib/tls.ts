import { connect, type TLSSocket } from 'node:tls';

/** The certificate that a server shows to whoever asks for a name. */
export interface ShownCertificate {
  /** Trusted, in its time, and made for that name. */
  readonly valid: boolean;
  readonly names: readonly string[];
  /** RFC 3339, UTC, milliseconds. */
  readonly notAfter: string | null;
}

export interface TlsTarget {
  readonly address: string;
  readonly port: number;
  readonly servername: string;
  readonly timeoutMs: number;
  /** Trusted beside none other; default: what Node trusts. */
  readonly ca?: string;
}

export type ProbeTls = (target: TlsTarget) => Promise<ShownCertificate>;

/** No handshake came about. Its message is for an operator, its cause says what the socket met. */
export class TlsFailed extends Error {
  override readonly name = 'TlsFailed';
}

const shownBy = (socket: TLSSocket): ShownCertificate => {
  const { subjectaltname = '', valid_to } = socket.getPeerCertificate();
  const until = Date.parse(valid_to);
  return {
    valid: socket.authorized,
    names: subjectaltname
      .split(', ')
      .filter((name) => name.startsWith('DNS:'))
      .map((name) => name.slice('DNS:'.length)),
    notAfter: Number.isNaN(until) ? null : new Date(until).toISOString(),
  };
};

const reasonOf = (error: Error): string =>
  'code' in error && typeof error.code === 'string' ? error.code : error.name;

/** Makes a handshake that asks for the name and hangs up. A certificate that is not valid is an answer too. */
export const probeTls: ProbeTls = ({ address, port, servername, timeoutMs, ca }) =>
  new Promise((resolve, reject) => {
    const where = `${address} port ${port}`;
    const socket = connect({
      host: address,
      port,
      servername,
      // What is wrong with the certificate is to be told, not to end the call.
      rejectUnauthorized: false,
      ...(ca === undefined ? {} : { ca }),
    });
    // Not the socket's own timeout, which only counts silence.
    const timer = setTimeout(
      () => socket.destroy(new TlsFailed(`No TLS handshake with ${where} within ${timeoutMs / 1_000} s`)),
      timeoutMs,
    );
    socket.once('secureConnect', () => {
      resolve(shownBy(socket));
      socket.destroy();
    });
    socket.once('error', (cause) => {
      const failed = cause instanceof TlsFailed;
      reject(failed ? cause : new TlsFailed(`No TLS handshake with ${where}: ${reasonOf(cause)}`, { cause }));
    });
    socket.once('close', () => {
      clearTimeout(timer);
      reject(new TlsFailed(`${where} hung up before the TLS handshake was over`));
    });
  });
