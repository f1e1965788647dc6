import { once } from 'node:events';
import { connect } from 'node:tls';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { type Authority, type Material, newAuthority } from '../../../local/ca/authority.ts';
import { type Edge, startEdge } from '../../../local/edge/edge.ts';

const name = 'shop.example.com';
const inTime = () => ({ notBefore: Date.now() - 1_000, notAfter: Date.now() + 3_600_000 });

let authority: Authority;
let edge: Edge;
let installed: Map<string, Material>;

beforeEach(async () => {
  authority = newAuthority();
  installed = new Map();
  edge = await startEdge({ authority, installed: async (of) => installed.get(of) });
});

afterEach(() => edge.close());

/** The names shown, and whether a visitor who trusts the authority is content; or what went wrong instead. */
const visit = async (servername: string | undefined, withinMs = 5_000) => {
  const socket = connect({
    host: '127.0.0.1',
    port: edge.port,
    ca: authority.certificate,
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
};

test('shows what is installed for a name by now', async () => {
  expect(await visit(name)).toMatchObject({ names: 'DNS:default.invalid' });
  installed.set(name, authority.issue({ names: [name], ...inTime() }));
  expect(await visit(name)).toEqual({ names: `DNS:${name}`, error: null });
  installed.set(name, authority.issue({ names: [name, `www.${name}`], ...inTime() }));
  expect(await visit(name)).toEqual({ names: `DNS:${name}, DNS:www.${name}`, error: null });
  expect(edge.asked).toEqual([name, name, name]);
});

test('shows a certificate of nobody for names it does not know, and to visitors that name none', async () => {
  installed.set(name, authority.issue({ names: [name], ...inTime() }));
  for (const asked of ['other.example.com', undefined]) {
    expect(await visit(asked)).toEqual({
      names: 'DNS:default.invalid',
      error: 'DEPTH_ZERO_SELF_SIGNED_CERT',
    });
  }
});

describe('a fault hits the visitors of one name', () => {
  beforeEach(() => {
    for (const one of [name, 'other.example.com']) {
      installed.set(one, authority.issue({ names: [one], ...inTime() }));
    }
  });

  test.each([
    ['hang', { code: 'ABORT_ERR' }],
    ['refuse', { code: 'ECONNRESET' }],
    ['expired', { names: `DNS:${name}`, error: 'CERT_HAS_EXPIRED' }],
    ['wrong-name', { names: 'DNS:somebody-else.example', error: 'ERR_TLS_CERT_ALTNAME_INVALID' }],
    ['untrusted', { names: `DNS:${name}`, error: 'DEPTH_ZERO_SELF_SIGNED_CERT' }],
  ] as const)('%s', async (fault, met) => {
    edge.set(name, fault);
    expect(await visit(name, 300)).toMatchObject(met);
    expect(await visit('other.example.com')).toMatchObject({ error: null });
    edge.set(name, null);
    expect(await visit(name)).toMatchObject({ error: null });
  });
});
