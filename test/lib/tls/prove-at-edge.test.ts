import { once } from 'node:events';
import { createServer, type Server } from 'node:https';
import { afterEach, describe, expect, test } from '@jest/globals';
import { proveAtEdge } from '../../../lib/tls/prove-at-edge.ts';
import { selfSigned } from '../../support/http/certificate.ts';
import { portOf } from '../../support/http/port-of.ts';
import type { KeyPair } from '../../support/http/tls-server.ts';

const name = 'acme-bikes.com';
const www = `www.${name}`;
const from = Date.parse('2026-01-01T00:00:00.000Z');
const until = Date.parse('2099-01-01T00:00:00.000Z');
const good = selfSigned({ names: [name, www], notBefore: from, notAfter: until });
const open: Server[] = [];

afterEach(async () => {
  for (const server of open.splice(0)) {
    server.close();
    server.closeAllConnections();
    await once(server, 'close');
  }
});

/** No number: no answer. */
type Status = number | ((host: string) => number | undefined);

/** Addresses of one proxy, all on one port. */
async function edges(byAddress: Readonly<Record<string, { pair?: KeyPair; status?: Status }>>) {
  const asked: string[] = [];
  let port = 0;
  for (const [address, { pair = good, status = 200 }] of Object.entries(byAddress)) {
    const server = createServer(pair, (request, response) => {
      const { host = '' } = request.headers;
      asked.push(`${request.method} https://${host}${request.url}`);
      const answer = typeof status === 'number' ? status : status(host);
      if (answer !== undefined) response.writeHead(answer).end();
    });
    server.listen(port, address);
    await once(server, 'listening');
    open.push(server);
    port ||= portOf(server);
  }
  return { port, asked };
}

function proving(
  addresses: readonly string[],
  port: number,
  names = [name],
  signal = AbortSignal.timeout(60_000),
) {
  return proveAtEdge(addresses, { names, port, signal, ca: good.cert });
}

test('a proxy is asked as a visitor would, for each name', async () => {
  const { port, asked } = await edges({ '127.0.0.2': {} });
  expect(await proving(['127.0.0.2'], port, [name, www])).toEqual({
    kind: 'valid',
    notBefore: from,
    notAfter: until,
  });
  expect(asked.toSorted()).toEqual([`HEAD https://${name}/`, `HEAD https://${www}/`]);
});

describe('an answer of the proxy', () => {
  test.each([200, 301, 403, 404, 429, 500, 502, 503, 520, 521, 522, 524, 530])(
    'with %i says nothing against the certificate of the server',
    async (status) => {
      const { port } = await edges({ '127.0.0.2': { status } });
      expect(await proving(['127.0.0.2'], port)).toMatchObject({ kind: 'valid' });
    },
  );

  test.each([525, 526])('with %i says that it accepts none', async (status) => {
    const { port } = await edges({ '127.0.0.2': { status } });
    expect(await proving(['127.0.0.2'], port)).toEqual({
      kind: 'invalid',
      why: `127.0.0.2 answers ${status}: it accepts no certificate of the server`,
    });
  });

  test('for one of two names is enough', async () => {
    const { port } = await edges({ '127.0.0.2': { status: (host) => (host === www ? 526 : 200) } });
    expect(await proving(['127.0.0.2'], port, [name, www])).toMatchObject({ kind: 'invalid' });
  });

  test('that does not come says nothing', async () => {
    const time = new AbortController();
    const { port, asked } = await edges({ '127.0.0.2': { status: () => void time.abort() } });
    expect(await proving(['127.0.0.2'], port, [name], time.signal)).toMatchObject({ kind: 'valid' });
    expect(asked).toHaveLength(1);
  });
});

describe('of several addresses', () => {
  const untrusted = selfSigned({ names: [name], notBefore: from, notAfter: until });

  test('one that shows a bad certificate is enough', async () => {
    const { port } = await edges({ '127.0.0.2': {}, '127.0.0.3': { pair: untrusted } });
    expect(await proving(['127.0.0.2', '127.0.0.3'], port)).toMatchObject({
      kind: 'invalid',
      why: expect.stringContaining('127.0.0.3'),
    });
  });

  test('those that do not answer are left out', async () => {
    const { port } = await edges({ '127.0.0.2': {} });
    expect(await proving(['::1', '127.0.0.4', '127.0.0.2'], port)).toMatchObject({ kind: 'valid' });
  });

  test('none answers: nothing is known', async () => {
    const { port } = await edges({ '127.0.0.2': {} });
    expect(await proving(['127.0.0.3', '127.0.0.4'], port)).toEqual({
      kind: 'unverified',
      why: 'No address of the proxy answers',
    });
  });

  test('no more than sixteen are asked, IPv4 first', async () => {
    const { port } = await edges({ '127.0.0.2': {} });
    const ipv6 = Array.from({ length: 20 }, (_, n) => `::ffff:127.0.1.${n + 1}`);
    expect(await proving([...ipv6, '127.0.0.2'], port)).toMatchObject({ kind: 'valid' });
    const others = Array.from({ length: 16 }, (_, n) => `127.0.1.${n + 1}`);
    expect(await proving([...others, '127.0.0.2'], port)).toMatchObject({ kind: 'unverified' });
  });
});
