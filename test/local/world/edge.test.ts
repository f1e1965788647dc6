import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { type Authority, type Material, newAuthority } from '../../../local/world/ca/authority.ts';
import { type Edge, startEdge } from '../../../local/world/edge.ts';
import { visit } from '../../support/http/visit.ts';

const name = 'shop.example.com';
function inTime() {
  return { notBefore: Date.now() - 1_000, notAfter: Date.now() + 3_600_000 };
}

let authority: Authority;
let edge: Edge;
let installed: Map<string, Material>;

beforeEach(async () => {
  authority = newAuthority();
  installed = new Map();
  edge = await startEdge({ authority, installed: async (of) => installed.get(of) });
});

afterEach(() => edge.close());

function visited(servername: string | undefined, withinMs?: number) {
  return visit(edge.port, servername, authority.certificate, withinMs);
}

test('shows what is currently installed for a name', async () => {
  expect(await visited(name)).toMatchObject({ names: 'DNS:default.invalid' });
  installed.set(name, authority.issue({ names: [name], ...inTime() }));
  expect(await visited(name)).toEqual({ names: `DNS:${name}`, error: null });
  installed.set(name, authority.issue({ names: [name, `www.${name}`], ...inTime() }));
  expect(await visited(name)).toEqual({ names: `DNS:${name}, DNS:www.${name}`, error: null });
  expect(edge.asked).toEqual([name, name, name]);
});

test('shows a default certificate for names it does not know, and to visitors that name none', async () => {
  installed.set(name, authority.issue({ names: [name], ...inTime() }));
  for (const asked of ['other.example.com', undefined]) {
    expect(await visited(asked)).toEqual({
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
    expect(await visited(name, fault === 'hang' ? 300 : undefined)).toMatchObject(met);
    expect(await visited('other.example.com')).toMatchObject({ error: null });
    edge.set(name, null);
    expect(await visited(name)).toMatchObject({ error: null });
  });
});
