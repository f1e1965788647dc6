import { once } from 'node:events';
import type { AddressInfo, Socket } from 'node:net';
import dns2, { type DnsHandler, type TCPServer, type UDPServer } from 'dns2';
import { answerTo, dnsType, refusal } from './answer.ts';
import { type DnsRecords, type DnsType, type DnsZone, findInZone, zoneKey } from './zone.ts';

const address = '127.0.0.1';

export interface DnsQuestion {
  readonly name: string;
  /** Undefined: one this server keeps no records of. */
  readonly type: DnsType | undefined;
}

export interface DnsServer {
  readonly port: number;
  /** `ip:port`, as `DNS_SERVERS` wants it. */
  readonly address: string;
  /** All records of a name, in place of what it had; null: there is no such name any more. */
  set(name: string, records: DnsRecords | null): void;
  close(): Promise<void>;
}

interface Options {
  readonly zone: DnsZone;
  readonly onQuestion?: (question: DnsQuestion) => void;
}

async function listenTcp(server: TCPServer): Promise<number> {
  server.listen(0, address);
  await once(server, 'listening');
  const bound: AddressInfo | string | null = server.address();
  if (bound === null || typeof bound === 'string') throw new Error('The DNS server listens on no port');
  return bound.port;
}

async function listenUdp(server: UDPServer, port: number): Promise<void> {
  server.bind(port, address);
  await once(server, 'listening');
}

async function closed(server: TCPServer | UDPServer) {
  const end = once(server, 'close');
  server.close();
  await end;
}

function isPortTaken(error: unknown) {
  return typeof error === 'object' && error !== null && 'code' in error && error.code === 'EADDRINUSE';
}

/** A resolver asks the same port over TCP when an answer is too long for UDP: both need to be free. */
async function listenOnBoth(handle: DnsHandler, attemptsLeft = 10) {
  const tcp = dns2.createTCPServer(handle);
  const port = await listenTcp(tcp);
  const udp = dns2.createUDPServer(handle);
  try {
    await listenUdp(udp, port);
    return { port, tcp, udp };
  } catch (error) {
    await Promise.all([closed(tcp), closed(udp)]);
    if (!isPortTaken(error) || attemptsLeft === 0) throw error;
    return listenOnBoth(handle, attemptsLeft - 1);
  }
}

/** A resolver on 127.0.0.1, over UDP and TCP, that knows the names of `zone` and no others. */
export async function startDnsServer({ zone, onQuestion }: Options): Promise<DnsServer> {
  const names = new Map(Object.entries(zone).map(([name, records]) => [zoneKey(name), records]));
  const delayed = new Set<NodeJS.Timeout>();

  const handle: DnsHandler = (request, send) => {
    const [question] = request.questions;
    if (question === undefined) return;
    const type = dnsType(question.type);
    onQuestion?.({ name: zoneKey(question.name), type });
    const found = findInZone(names, question.name, type ?? '');
    // An alias fails as well where the name it leads to does.
    const [fault] = found.steps.flatMap(({ records: { faults } }) => {
      const own = (type && faults?.[type]) ?? faults?.every;
      return own === undefined ? [] : [own];
    });
    if (fault === 'silence') return;
    if (fault === 'servfail' || fault === 'refused') {
      send(refusal(request, fault));
      return;
    }
    const answer = answerTo(request, found, type);
    if (fault === undefined) {
      send(answer);
      return;
    }
    const timer = setTimeout(() => {
      delayed.delete(timer);
      send(answer);
    }, fault.delayMs);
    delayed.add(timer);
  };

  const { port, tcp, udp } = await listenOnBoth(handle);
  const connections = new Set<Socket>();
  tcp.on('connection', (socket: Socket) => {
    connections.add(socket);
    socket.once('close', () => connections.delete(socket));
  });

  return {
    port,
    address: `${address}:${port}`,
    set: (name, records) => {
      if (records === null) names.delete(zoneKey(name));
      else names.set(zoneKey(name), records);
    },
    close: async () => {
      for (const timer of delayed) clearTimeout(timer);
      for (const socket of connections) socket.destroy();
      await Promise.all([closed(tcp), closed(udp)]);
    },
  };
}
