import { once } from 'node:events';
import { createServer, type Socket } from 'node:net';
import { afterEach, describe, expect, test } from '@jest/globals';
import { type ProofTerms, tlsProof } from '../../../lib/tls/proof.ts';
import { selfSigned } from '../../support/http/certificate.ts';
import { portOf } from '../../support/http/port-of.ts';
import { type KeyPair, startTls } from '../../support/http/tls-server.ts';
import { failureOf } from '../../support/runcloud/runcloud.ts';

const name = 'acme-bikes.com';
const www = `www.${name}`;
const closers: (() => Promise<void>)[] = [];

afterEach(async () => {
  for (const close of closers.splice(0)) await close();
});

const from = Date.parse('2026-01-01T00:00:00.000Z');
const until = Date.parse('2099-01-01T00:00:00.000Z');
function certificate(...names: string[]) {
  return selfSigned({ names, notBefore: from, notAfter: until });
}

async function serving(pair: KeyPair, byName: Readonly<Record<string, KeyPair>> = {}) {
  const server = await startTls(pair, byName);
  closers.push(server.close);
  return server;
}

/** Takes connections on 127.0.0.1 and says nothing. */
async function silent() {
  const sockets = new Set<Socket>();
  const server = createServer((socket) => {
    sockets.add(socket.on('error', () => undefined));
    socket.resume();
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  closers.push(async () => {
    for (const socket of sockets) socket.destroy();
    server.close();
    await once(server, 'close');
  });
  return portOf(server);
}

function prove(port: number, ca: string, part: Partial<ProofTerms> = {}) {
  return tlsProof(
    port,
    ca,
  )({
    names: [name],
    serverAddress: '127.0.0.1',
    publicAddresses: [],
    timeoutMs: 60_000,
    ...part,
  });
}

describe('proven', () => {
  test('by one certificate that covers every name, in one handshake', async () => {
    const pair = certificate(name, www);
    const { port, askedFor } = await serving(pair);
    expect(await prove(port, pair.cert, { names: [name, www] })).toEqual({
      kind: 'valid',
      notBefore: from,
      notAfter: until,
      via: null,
      edgeRenews: false,
    });
    expect(askedFor).toEqual([name]);
  });

  test('by one certificate each, for as long as both are in force', async () => {
    const own = certificate(name);
    const other = selfSigned({
      names: [www],
      notBefore: from + 1_000,
      notAfter: until - 1_000,
      subjectName: 'another authority',
    });
    const { port, askedFor } = await serving(own, { [www]: other });
    expect(await prove(port, own.cert + other.cert, { names: [name, www] })).toEqual({
      kind: 'valid',
      notBefore: from + 1_000,
      notAfter: until - 1_000,
      via: null,
      edgeRenews: false,
    });
    expect(askedFor).toEqual([name, www]);
  });
});

describe('not proven', () => {
  const why = async (pair: KeyPair, names = [name], ca = pair.cert) => {
    const { port } = await serving(pair);
    const proof = await prove(port, ca, { names });
    expect(proof.kind).toBe('invalid');
    return proof.kind === 'invalid' ? proof.why.replace(`127.0.0.1 port ${port}`, 'the server') : '';
  };
  const shown = 'The certificate shown by the server';

  test('by a certificate for other names', async () =>
    expect(await why(certificate('a.example', 'b.example', 'c.example', 'd.example'))).toBe(
      `${shown} is for a.example, b.example, c.example and 1 more, not for ${name}`,
    ));

  test('by a certificate for one of two names', async () =>
    expect(await why(certificate(name), [name, www])).toBe(`${shown} is for ${name}, not for ${www}`));

  test('by a certificate that is not trusted', async () =>
    expect(await why(certificate(name), [name], certificate(name).cert)).toMatch(
      / is not trusted \([A-Z_0-9]+\)$/,
    ));

  test('by a certificate out of its time', async () => {
    const past = Date.parse('2024-01-01T00:00:00.000Z');
    expect(await why(selfSigned({ names: [name], notAfter: past }))).toBe(
      `${shown} ended on 2024-01-01T00:00:00.000Z`,
    );
    const future = Date.parse('2098-01-01T00:00:00.000Z');
    expect(await why(selfSigned({ names: [name], notBefore: future, notAfter: until }))).toBe(
      `${shown} begins on 2098-01-01T00:00:00.000Z`,
    );
  });

  test('by a server that refuses the name with an alert', async () => {
    const server = createServer((socket) => {
      socket.on('error', () => undefined);
      socket.once('data', () => socket.end(Buffer.from([21, 3, 3, 0, 2, 2, 112])));
    });
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    closers.push(async () => {
      server.close();
      await once(server, 'close');
    });
    expect(await prove(portOf(server), certificate(name).cert)).toMatchObject({
      kind: 'invalid',
      why: expect.stringContaining(`it knows no certificate for ${name}`),
    });
  });

  test('by no names at all: that is a fault of the caller', async () =>
    expect(await failureOf(prove(443, certificate(name).cert, { names: [] }))).toBeInstanceOf(RangeError));
});

describe('unverified', () => {
  test('if the server refuses', async () => {
    const { port, close } = await startTls(certificate(name));
    await close();
    expect(await prove(port, certificate(name).cert)).toEqual({
      kind: 'unverified',
      why: `No TLS handshake with 127.0.0.1 port ${port}: ECONNREFUSED`,
    });
  });

  test('if the server is silent, in the time given for all', async () => {
    const port = await silent();
    const began = performance.now();
    const proof = await prove(port, certificate(name).cert, {
      names: [name, www],
      publicAddresses: ['127.0.0.1', '::1', '127.0.0.2', '127.0.0.3', '127.0.0.4'],
      timeoutMs: 3_000,
    });
    expect(proof).toMatchObject({ kind: 'unverified', why: expect.stringContaining('127.0.0.1 port') });
    // Ten handshakes, each of which had the time of its own, would take 30 s.
    expect(performance.now() - began).toBeLessThan(25_000);
  });
});

/** The server is 127.0.0.2, where no server listens; the edge is 127.0.0.1. */
describe('a proxied name', () => {
  const proxied = { serverAddress: '127.0.0.2', publicAddresses: ['::1', '127.0.0.1'] };

  test('whose server cannot be reached is proven at its public address', async () => {
    const pair = certificate(name);
    const { port } = await serving(pair);
    expect(await prove(port, pair.cert, proxied)).toEqual({
      kind: 'valid',
      notBefore: from,
      notAfter: until,
      via: 'edge',
      edgeRenews: false,
    });
  });

  test('whose server answers is not checked elsewhere', async () => {
    const { port, askedFor } = await serving(certificate('other.example'));
    const terms = { serverAddress: '127.0.0.1', publicAddresses: ['127.0.0.1', '127.0.0.3'] };
    expect(await prove(port, certificate(name).cert, terms)).toMatchObject({ kind: 'invalid' });
    expect(askedFor).toEqual([name]);
  });

  test('with a bad certificate at its edge is unverified: no order at the server fixes that', async () => {
    const pair = certificate('other.example');
    const { port } = await serving(pair);
    expect(await prove(port, pair.cert, proxied)).toMatchObject({
      kind: 'unverified',
      why: expect.stringContaining('127.0.0.2 port'),
    });
  });
});
