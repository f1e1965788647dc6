import { once } from 'node:events';
import { createServer, type Server } from 'node:net';
import { afterEach, describe, expect, test } from '@jest/globals';
import { probeTls, TlsFailed } from '../../lib/tls.ts';
import { selfSigned } from '../support/certificate.ts';
import { portOf } from '../support/port-of.ts';
import { failureOf } from '../support/runcloud.ts';
import { startTls } from '../support/tls-server.ts';

const address = '127.0.0.1';
const servername = 'shop.acme-bikes.com';
const closers: (() => Promise<void>)[] = [];

afterEach(async () => {
  for (const close of closers.splice(0)) await close();
});

const tlsServer = async (pair: ReturnType<typeof selfSigned>) => {
  const server = await startTls(pair);
  closers.push(server.close);
  return server;
};

const tcpServer = async (server: Server) => {
  server.listen(0, address);
  await once(server, 'listening');
  closers.push(async () => {
    server.close();
    await once(server, 'close');
  });
  return portOf(server);
};

describe('the certificate a server shows', () => {
  const notAfter = Date.parse('2099-01-02T03:04:05.000Z');

  test('is valid if it is trusted and made for the name that is asked for', async () => {
    const pair = selfSigned({ names: ['acme-bikes.com', servername], notAfter: Date.now() + 3_600_000 });
    const { port, askedFor } = await tlsServer(pair);
    const shown = await probeTls({ address, port, servername, timeoutMs: 5_000, ca: pair.cert });
    expect(shown).toMatchObject({ valid: true, names: ['acme-bikes.com', servername] });
    expect(askedFor).toEqual([servername]);
  });

  test('is not valid for another name', async () => {
    const pair = selfSigned({ names: ['other.example.com'] });
    const { port } = await tlsServer(pair);
    expect(await probeTls({ address, port, servername, timeoutMs: 5_000, ca: pair.cert })).toMatchObject({
      valid: false,
      names: ['other.example.com'],
    });
  });

  test('is not valid if nobody trusts it, and tells its end all the same', async () => {
    const { port } = await tlsServer(selfSigned({ names: [servername], notAfter }));
    expect(await probeTls({ address, port, servername, timeoutMs: 5_000 })).toEqual({
      valid: false,
      names: [servername],
      notAfter: '2099-01-02T03:04:05.000Z',
    });
  });

  test('is not valid after its time', async () => {
    const pair = selfSigned({ names: [servername], notAfter: Date.parse('2024-01-01T00:00:00.000Z') });
    const { port } = await tlsServer(pair);
    expect(await probeTls({ address, port, servername, timeoutMs: 5_000, ca: pair.cert })).toMatchObject({
      valid: false,
      notAfter: '2024-01-01T00:00:00.000Z',
    });
  });
});

describe('without a handshake', () => {
  test('a port where nobody listens is told', async () => {
    const server = createServer();
    server.listen(0, address);
    await once(server, 'listening');
    const port = portOf(server);
    server.close();
    await once(server, 'close');
    const failure = await failureOf(probeTls({ address, port, servername, timeoutMs: 5_000 }));
    expect(failure).toBeInstanceOf(TlsFailed);
    expect(failure).toMatchObject({ message: `No TLS handshake with 127.0.0.1 port ${port}: ECONNREFUSED` });
  });

  test('a server that says nothing is given up', async () => {
    const port = await tcpServer(createServer((socket) => socket.on('error', () => undefined).resume()));
    expect(await failureOf(probeTls({ address, port, servername, timeoutMs: 100 }))).toMatchObject({
      name: 'TlsFailed',
      message: `No TLS handshake with 127.0.0.1 port ${port} within 0.1 s`,
    });
  });

  test('a server that hangs up is told', async () => {
    const port = await tcpServer(createServer((socket) => socket.destroy()));
    expect(await failureOf(probeTls({ address, port, servername, timeoutMs: 5_000 }))).toBeInstanceOf(
      TlsFailed,
    );
  });
});
