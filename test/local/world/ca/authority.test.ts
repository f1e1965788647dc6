import { X509Certificate } from 'node:crypto';
import { once } from 'node:events';
import { connect, createServer, type TLSSocket } from 'node:tls';
import { afterEach, expect, test } from '@jest/globals';
import { type Material, newAuthority, selfSigned } from '../../../../local/world/ca/authority.ts';
import { portOf } from '../../../support/http/port-of.ts';

const hourMs = 3_600_000;
function inTime() {
  return { notBefore: Date.now() - hourMs, notAfter: Date.now() + hourMs };
}

const open: { close(): unknown }[] = [];

afterEach(async () => {
  for (const one of open.splice(0)) await one.close();
});

/** What Node's TLS thinks of a certificate shown for that name. */
async function opinion(shown: Material, servername: string, ca: string): Promise<TLSSocket> {
  const server = createServer(shown, (socket) => socket.on('error', () => socket.destroy()));
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const socket = connect({
    port: portOf(server),
    host: '127.0.0.1',
    servername,
    ca,
    rejectUnauthorized: false,
  });
  open.push({ close: () => socket.destroy() }, { close: () => new Promise((done) => server.close(done)) });
  await once(socket, 'secureConnect');
  return socket;
}

test('a client that trusts it trusts what it issues, for every one of its names', async () => {
  const authority = newAuthority();
  const names = ['shop.example.com', 'www.shop.example.com', '*.sites.example.com'];
  const leaf = authority.issue({ names, ...inTime() });
  for (const name of ['shop.example.com', 'www.shop.example.com', 'one.sites.example.com']) {
    const socket = await opinion(leaf, name, authority.certificate);
    expect([name, socket.authorizationError, socket.authorized]).toEqual([name, null, true]);
  }
});

test.each([
  ['for another name', 'other.example.com', {}, 'ERR_TLS_CERT_ALTNAME_INVALID'],
  ['when it is over', 'shop.example.com', { notAfter: Date.now() - 1_000 }, 'CERT_HAS_EXPIRED'],
  ['before it begins', 'shop.example.com', { notBefore: Date.now() + 60_000 }, 'CERT_NOT_YET_VALID'],
])('it is not valid %s', async (_, asked, spoilt, error) => {
  const authority = newAuthority();
  const leaf = authority.issue({ names: ['shop.example.com'], ...inTime(), ...spoilt });
  const socket = await opinion(leaf, asked, authority.certificate);
  expect(socket.authorized).toBe(false);
  expect(socket.authorizationError).toBe(error);
});

test('neither another authority nor a certificate that vouches for itself is trusted', async () => {
  const names = ['shop.example.com'];
  const [ours, theirs] = [newAuthority(), newAuthority()];
  const foreign = await opinion(theirs.issue({ names, ...inTime() }), 'shop.example.com', ours.certificate);
  expect(foreign.authorized).toBe(false);
  const own = await opinion(selfSigned({ names, ...inTime() }), 'shop.example.com', ours.certificate);
  expect(own.authorizationError).toBe('DEPTH_ZERO_SELF_SIGNED_CERT');
});

test('a leaf is for servers, signs nothing, and has a serial number of its own', () => {
  const authority = newAuthority();
  const leaves = ['a.example.com', 'b.example.com'].map(
    (name) => new X509Certificate(authority.issue({ names: [name], ...inTime() }).cert),
  );
  const root = new X509Certificate(authority.certificate);
  expect([root.ca, root.verify(root.publicKey)]).toEqual([true, true]);
  for (const leaf of leaves) {
    expect([leaf.ca, leaf.keyUsage, leaf.verify(root.publicKey), leaf.checkIssued(root)]).toEqual([
      false,
      ['1.3.6.1.5.5.7.3.1'],
      true,
      true,
    ]);
  }
  expect(new Set(leaves.map(({ serialNumber }) => serialNumber)).size).toBe(2);
});
