import { once } from 'node:events';
import type { Socket } from 'node:net';
import { createSecureContext, createServer, type SecureContext } from 'node:tls';
import { type Authority, type Material, selfSigned } from './ca/authority.ts';

/**
 * What visitors of a name meet in place of what is installed for it: no answer at all (`hang`), the end of the
 * connection (`refuse`), or a certificate that is expired, for another name, or not trusted.
 */
export type EdgeFault = 'hang' | 'refuse' | 'expired' | 'wrong-name' | 'untrusted';

export interface Edge {
  readonly port: number;
  /** The names visitors asked for last, in order. */
  readonly asked: readonly string[];
  /** From now on, until it is set again; null: what is installed. */
  set(name: string, fault: EdgeFault | null): void;
  close(): Promise<void>;
}

export interface EdgeOptions {
  readonly authority: Authority;
  /** What is currently installed for a name. */
  readonly installed: (name: string) => Promise<Material | undefined>;
}

const dayMs = 24 * 60 * 60 * 1000;

const mostAsked = 1_000;

function badCertificate(authority: Authority, name: string, fault: 'expired' | 'wrong-name' | 'untrusted') {
  const now = Date.now();
  const inTime = { notBefore: now - dayMs, notAfter: now + dayMs };
  switch (fault) {
    case 'expired':
      return authority.issue({ names: [name], notBefore: now - 90 * dayMs, notAfter: now - dayMs });
    case 'wrong-name':
      return authority.issue({ names: ['somebody-else.example'], ...inTime });
    case 'untrusted':
      return selfSigned({ names: [name], ...inTime });
  }
}

/** The port 443 of every server of our RunCloud: shows a visitor the certificate of the name that was asked for. */
export async function startEdge({ authority, installed }: EdgeOptions): Promise<Edge> {
  const asked: string[] = [];
  const faults = new Map<string, EdgeFault>();
  const contexts = new WeakMap<Material, SecureContext>();
  const nobodys = selfSigned({ names: ['default.invalid'], notBefore: 0, notAfter: Date.UTC(2049, 0, 1) });

  const contextOf = (shown: Material): SecureContext => {
    const context = contexts.get(shown) ?? createSecureContext(shown);
    contexts.set(shown, context);
    return context;
  };

  const shownFor = async (name: string): Promise<Material | 'hang' | 'refuse'> => {
    const fault = faults.get(name);
    if (fault === 'hang' || fault === 'refuse') return fault;
    if (fault !== undefined) return badCertificate(authority, name, fault);
    return (await installed(name)) ?? nobodys;
  };

  const server = createServer({
    // For visitors that name no name.
    ...nobodys,
    SNICallback: (servername, done) => {
      const name = servername.toLowerCase();
      asked.push(name);
      if (asked.length > mostAsked) asked.shift();
      shownFor(name).then(
        (shown) => {
          if (shown === 'refuse') done(new Error(`Visitors of ${name} are turned away`));
          else if (shown !== 'hang') done(null, contextOf(shown));
        },
        (error: unknown) => done(error instanceof Error ? error : new Error(String(error))),
      );
    },
  });
  server.on('secureConnection', (socket) => {
    // There is nothing here but the handshake.
    socket.on('error', () => socket.destroy());
    socket.end();
  });
  const connections = new Set<Socket>();
  server.on('connection', (socket: Socket) => {
    connections.add(socket);
    socket.once('close', () => connections.delete(socket));
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('The edge listens on no port');

  return {
    port: address.port,
    asked,
    set: (name, fault) => {
      if (fault === null) faults.delete(name.toLowerCase());
      else faults.set(name.toLowerCase(), fault);
    },
    close: async () => {
      const end = once(server, 'close');
      server.close();
      for (const socket of connections) socket.destroy();
      await end;
    },
  };
}
