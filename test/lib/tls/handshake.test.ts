import { once } from 'node:events';
import { createServer, type Server } from 'node:net';
import { afterEach, describe, expect, test } from '@jest/globals';
import { handshake, TlsFailed } from '../../../lib/tls/handshake.ts';
import { selfSigned } from '../../support/http/certificate.ts';
import { portOf } from '../../support/http/port-of.ts';
import { type KeyPair, startTls } from '../../support/http/tls-server.ts';
import { failureOf } from '../../support/runcloud/runcloud.ts';

const address = '127.0.0.1';
const servername = 'shop.acme-bikes.com';
const closers: (() => Promise<void>)[] = [];

afterEach(async () => {
  for (const close of closers.splice(0)) await close();
});

function shaking(port: number, ca?: string, timeoutMs = 60_000) {
  return handshake({
    address,
    port,
    servername,
    signal: AbortSignal.timeout(timeoutMs),
    ...(ca === undefined ? {} : { ca }),
  });
}

/** What a server with this certificate shows, to a client that trusts it. */
async function shownBy(pair: KeyPair, ca: string | undefined = pair.cert) {
  const { port, askedFor, close } = await startTls(pair);
  closers.push(close);
  const shown = await shaking(port, ca);
  expect(askedFor).toEqual([servername]);
  return shown;
}

async function tcpServer(server: Server) {
  server.listen(0, address);
  await once(server, 'listening');
  closers.push(async () => {
    server.close();
    await once(server, 'close');
  });
  return portOf(server);
}

describe('the certificate a server shows', () => {
  test('is valid if it is trusted and made for the name that is asked for', async () => {
    const [notBefore, notAfter] = [
      new Date('2026-01-02T03:04:05.000Z'),
      new Date('2099-01-02T03:04:05.000Z'),
    ];
    const names = ['acme-bikes.com', servername];
    const shown = await shownBy(
      selfSigned({ names, notBefore: notBefore.getTime(), notAfter: notAfter.getTime() }),
    );
    expect(shown).toMatchObject({ valid: true, problem: null, names, notBefore, notAfter });
    expect(shown.covers('acme-bikes.com')).toBe(true);
    expect(shown.covers('www.acme-bikes.com')).toBe(false);
  });

  test('may cover one label by an asterisk', async () => {
    const shown = await shownBy(selfSigned({ names: ['*.acme-bikes.com'] }));
    expect(shown.valid).toBe(true);
    expect(shown.covers('a.b.acme-bikes.com')).toBe(false);
    expect(shown.covers('acme-bikes.com')).toBe(false);
  });

  test('is not valid for another name', async () =>
    expect(await shownBy(selfSigned({ names: ['other.example.com'] }))).toMatchObject({
      valid: false,
      names: ['other.example.com'],
    }));

  test('is not valid without trust, and still tells its expiry', async () => {
    const notAfter = Date.parse('2099-01-02T03:04:05.000Z');
    const { port, close } = await startTls(selfSigned({ names: [servername], notAfter }));
    closers.push(close);
    expect(await shaking(port)).toMatchObject({
      valid: false,
      names: [servername],
      notAfter: new Date(notAfter),
    });
  });

  test('is not valid after its time, nor before', async () => {
    const past = Date.parse('2024-01-01T00:00:00.000Z');
    expect(await shownBy(selfSigned({ names: [servername], notAfter: past }))).toMatchObject({
      valid: false,
      problem: 'CERT_HAS_EXPIRED',
      notAfter: new Date(past),
    });
    const future = Date.parse('2098-01-01T00:00:00.000Z');
    expect(
      await shownBy(selfSigned({ names: [servername], notBefore: future, notAfter: future + 1_000 })),
    ).toMatchObject({ valid: false, problem: 'CERT_NOT_YET_VALID' });
  });

  test('covers no name that only its subject names', async () =>
    expect(await shownBy(selfSigned({ names: [], subjectName: servername }))).toMatchObject({
      valid: false,
      names: [],
    }));

  test.each([
    `evil.example, DNS:${servername}`,
    `evil.example", DNS:${servername}, DNS:"x`,
    `evil.example\0.${servername}`,
    `"${servername}`,
  ])('covers no name hidden in another: %j', async (trick) => {
    const shown = await shownBy(selfSigned({ names: [trick, 'plain.example'] }));
    expect(shown).toMatchObject({ valid: false, names: ['plain.example'] });
    expect(shown.covers(servername)).toBe(false);
  });
});

describe('without a handshake', () => {
  test('a port without a listener is reported', async () => {
    const server = createServer();
    server.listen(0, address);
    await once(server, 'listening');
    const port = portOf(server);
    server.close();
    await once(server, 'close');
    const failure = await failureOf(shaking(port));
    expect(failure).toBeInstanceOf(TlsFailed);
    expect(failure).toMatchObject({
      message: `No TLS handshake with 127.0.0.1 port ${port}: ECONNREFUSED`,
      alert: null,
    });
  });

  test('a server that says nothing is given up', async () => {
    const port = await tcpServer(createServer((socket) => socket.on('error', () => undefined).resume()));
    expect(await failureOf(shaking(port, undefined, 100))).toMatchObject({
      name: 'TlsFailed',
      message: `No TLS handshake with 127.0.0.1 port ${port} in time`,
      alert: null,
    });
  });

  test('a server that trickles is given up just as soon', async () => {
    const port = await tcpServer(
      createServer((socket) => {
        socket.on('error', () => undefined).resume();
        // The head of a record of 16 KiB, then a byte of it now and then.
        socket.write(Buffer.from([22, 3, 3, 0x40, 0]));
        const timer = setInterval(() => socket.write(Buffer.from([0])), 10);
        socket.on('close', () => clearInterval(timer));
      }),
    );
    const began = performance.now();
    expect(await failureOf(shaking(port, undefined, 100))).toMatchObject({ name: 'TlsFailed' });
    // The whole record would take minutes.
    expect(performance.now() - began).toBeLessThan(30_000);
  });

  test('a signal that is over already connects nowhere', async () => {
    let connections = 0;
    const port = await tcpServer(createServer(() => (connections += 1)));
    const signal = AbortSignal.abort();
    expect(await failureOf(handshake({ address, port, servername, signal }))).toMatchObject({
      message: expect.stringContaining('in time'),
    });
    expect(connections).toBe(0);
  });

  test('a server that hangs up is reported', async () => {
    const port = await tcpServer(createServer((socket) => socket.destroy()));
    expect(await failureOf(shaking(port))).toMatchObject({ name: 'TlsFailed', alert: null });
  });

  test('a server that does not speak TLS is reported', async () => {
    const port = await tcpServer(
      createServer((socket) =>
        socket
          .on('error', () => undefined)
          .resume()
          .end('HTTP/1.1 400\r\n'),
      ),
    );
    expect(await failureOf(shaking(port))).toMatchObject({ name: 'TlsFailed', alert: null });
  });

  test('a server that refuses by an alert is reported with its number', async () => {
    const alerting = (alert: number) =>
      tcpServer(
        createServer((socket) => {
          socket.on('error', () => undefined);
          socket.once('data', () => socket.end(Buffer.from([21, 3, 3, 0, 2, 2, alert])));
        }),
      );
    expect(await failureOf(shaking(await alerting(40)))).toMatchObject({ name: 'TlsFailed', alert: 40 });
    expect(await failureOf(shaking(await alerting(112)))).toMatchObject({
      alert: 112,
      message: expect.stringMatching(/: it knows no certificate for shop\.acme-bikes\.com$/),
    });
  });
});
