import { once } from 'node:events';
import { createServer } from 'node:https';
import type { Socket } from 'node:net';
import { connect, createSecureContext, type SecureContext } from 'node:tls';
import { type Authority, selfSigned } from './ca/authority.ts';

/** How a proxy serves a name, as Cloudflare calls it. */
export interface ProxySettings {
  /** `full` takes any certificate of the server, `strict` a trusted one only. */
  readonly mode: 'full' | 'strict';
  /** What it shows visitors itself. */
  readonly certificate: 'trusted' | 'untrusted';
}

export interface RunningProxy {
  /** From now on; left out: as before. */
  set(name: string, settings: Partial<ProxySettings>): void;
  /** Requests of visitors, as `HEAD name: status`. */
  readonly answers: readonly string[];
  close(): Promise<void>;
}

export interface ProxyOptions {
  /** An address of its own, at which it listens on the server's port. */
  readonly address: string;
  readonly origin: { readonly address: string; readonly port: number };
  readonly authority: Authority;
}

const dayMs = 24 * 60 * 60 * 1000;
const usual: ProxySettings = { mode: 'full', certificate: 'trusted' };

/** What Cloudflare answers: 525 where no handshake with the server comes about, 526 where its certificate is not good. */
function statusFor(name: string, mode: ProxySettings['mode'], { origin, authority }: ProxyOptions) {
  return new Promise<number>((resolve) => {
    const socket = connect({
      host: origin.address,
      port: origin.port,
      servername: name,
      ca: authority.certificate,
      rejectUnauthorized: mode === 'strict',
      timeout: 1_000,
    });
    socket.once('secureConnect', () => {
      resolve(200);
      socket.destroy();
    });
    socket.once('timeout', () => socket.destroy(new Error('The server does not answer')));
    socket.on('error', (error) => resolve('code' in error && isDistrust(error.code) ? 526 : 525));
  });
}

function isDistrust(code: unknown): boolean {
  return typeof code === 'string' && /CERT|SELF_SIGNED|ISSUER|ALTNAME|SIGNATURE/.test(code);
}

/** What visitors of a proxied name meet in place of the server: a certificate of its own, and an answer. */
export async function startProxy(options: ProxyOptions): Promise<RunningProxy> {
  const { address, origin, authority } = options;
  const settings = new Map<string, ProxySettings>();
  const contexts = new Map<string, SecureContext>();
  const answers: string[] = [];
  const of = (name: string) => settings.get(name) ?? usual;
  const now = Date.now();
  const terms = (name: string) => ({ names: [name], notBefore: now - dayMs, notAfter: now + 90 * dayMs });

  const contextOf = (name: string): SecureContext => {
    const { certificate } = of(name);
    const key = `${certificate} ${name}`;
    const made = certificate === 'trusted' ? authority.issue : selfSigned;
    const context = contexts.get(key) ?? createSecureContext(made(terms(name)));
    contexts.set(key, context);
    return context;
  };

  const server = createServer(
    {
      ...selfSigned(terms('default.invalid')),
      SNICallback: (servername, done) => done(null, contextOf(servername.toLowerCase())),
    },
    (request, response) => {
      const [name = ''] = (request.headers.host ?? '').split(':');
      void statusFor(name, of(name).mode, options).then((status) => {
        answers.push(`${request.method} ${name}: ${status}`);
        response.writeHead(status).end();
      });
    },
  );
  const connections = new Set<Socket>();
  server.on('connection', (socket: Socket) => {
    connections.add(socket);
    socket.once('close', () => connections.delete(socket));
  });
  server.listen(origin.port, address);
  await once(server, 'listening');

  return {
    answers,
    set: (name, part) => settings.set(name, { ...of(name), ...part }),
    close: async () => {
      const end = once(server, 'close');
      server.close();
      for (const socket of connections) socket.destroy();
      await end;
    },
  };
}
